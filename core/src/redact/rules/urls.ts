import { matches, type Rule } from "../rule.ts";
import { isStandIn } from "./stand-in.ts";

/** `://user:password@host`, also in JSON with escaped slashes. The password ends at the last @ before the path. */
const USER_INFO =
  /:(?:\/\/|\\\/\\\/)(?<user>[^\s/?#:"'<>\\`,]{0,256}):(?<password>[^\s/?#"'<>\\`]{1,512})@(?=[\w[%{$.-])/dg;
/** The same with a slash, question mark or hash in the password that should have been encoded. Not a port. */
const SLOPPY =
  /:\/\/(?<user>[^\s/?#:@"'<>\\`,]{1,256}):(?!\d{1,5}[/?#])(?<password>[^\s"'<>\\`@]{1,256})@(?=[A-Za-z0-9[])/dg;
/** The same as part of another URL's query. */
const ENCODED = /%3A%2F%2F(?<user>[^\s%&"'<>]{0,100})%3A(?<password>(?:(?!%40)[^\s&"'<>]){1,256})%40/dgi;
/** A token alone, as in `https://TOKEN@host` or a Sentry DSN. */
const TOKEN_ONLY = /:\/\/(?<password>(?=[A-Za-z_-]{0,60}\d)[A-Za-z0-9_-]{20,256})@(?=[A-Za-z0-9[])/dg;

const LONGEST_SCHEME = 30;
const WEB = /(?:^|[^A-Za-z0-9+.-])(?:https?|ftps?|wss?|git|ssh)$/i;

/** Passwords in URLs and connection strings. Scheme, user and host stay: they say which system it was. */
export const urlCredentials: Rule = function* (text) {
  for (const expression of [USER_INFO, SLOPPY, ENCODED, TOKEN_ONLY]) {
    for (const match of matches(text, expression)) {
      const { user, password = "" } = match.groups ?? {};
      // GitHub's old form has the token where the user goes.
      const part = password === "x-oauth-basic" && user ? "user" : "password";
      const [start, end] = match.indices?.groups?.[part] ?? [0, 0];
      if (isStandIn(text.slice(start, end))) continue;
      const scheme = text.slice(Math.max(0, match.index - LONGEST_SCHEME), match.index);
      yield { start, end, kind: WEB.test(scheme) ? "url-password" : "connection-string" };
    }
  }
};
