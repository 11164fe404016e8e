import { matches, type Rule } from "../rule.ts";
import { isStandIn } from "./stand-in.ts";

/** `scheme://user:password@host`; the password ends at the last @ before the path. */
const USER_INFO =
  /(?<scheme>[A-Za-z][A-Za-z0-9+.-]{1,30})(?::|%3A)(?:\/\/|\\\/\\\/|%2F%2F)(?<user>[^\s/?#:"'<>\\`,]{0,256})(?::|%3A)(?<password>[^\s/?#"'<>\\`]{1,512})(?:@|%40)(?=[\w[%{$.-])/dgi;
/** The same with a slash, question mark or hash in the password that should have been encoded. Not a port. */
const SLOPPY =
  /(?<scheme>[A-Za-z][A-Za-z0-9+.-]{1,30}):\/\/(?<user>[^\s/?#:@"'<>\\`,]{1,256}):(?!\d{1,5}[/?#])(?<password>[^\s"'<>\\`@]{1,256})@(?=[A-Za-z0-9[])/dg;
/** A token alone, as in `https://TOKEN@host` or a Sentry DSN. */
const TOKEN_ONLY = /https?:\/\/(?<password>(?=[A-Za-z_-]{0,60}\d)[A-Za-z0-9_-]{20,256})@(?=[A-Za-z0-9[])/dgi;

/** Passwords in URLs and connection strings. Scheme, user and host stay: they say which system it was. */
export const urlCredentials: Rule = function* (text) {
  if (!/:\/\/|%2F%2F|\\\/\\\//i.test(text)) return;
  for (const expression of [USER_INFO, SLOPPY, TOKEN_ONLY]) {
    for (const match of matches(text, expression)) {
      const { scheme = "https", user, password = "" } = match.groups ?? {};
      // GitHub's old form has the token where the user goes.
      const part = password === "x-oauth-basic" && user ? "user" : "password";
      const [start, end] = match.indices?.groups?.[part] ?? [0, 0];
      if (isStandIn(text.slice(start, end))) continue;
      yield {
        start,
        end,
        kind: /^(?:https?|ftps?|wss?|git|ssh)$/i.test(scheme) ? "url-password" : "connection-string",
      };
    }
  }
};
