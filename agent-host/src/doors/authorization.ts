import { type Secret, sameText } from "@oncall-copilot/core";
import { type Delivery, Unauthorized } from "./door.ts";
import { anyFits } from "./secrets.ts";

/** What senders that sign nothing may show: one of some bearer tokens, or one of some `user:password`. */
export interface Credentials {
  readonly tokens: readonly Secret[];
  readonly basic: readonly Secret[];
}

export const hasCredentials = ({ tokens, basic }: Credentials): boolean => tokens.length + basic.length > 0;

/** @throws Unauthorized */
export function checkAuthorization({ headers }: Delivery, { tokens, basic }: Credentials): void {
  const given = headers.authorization ?? "";
  const [, scheme = "", value = ""] = /^(bearer|basic) +(.+)$/i.exec(given) ?? [];
  const isBearer = scheme.toLowerCase() === "bearer" && anyFits(tokens, (token) => sameText(value.trim(), token));
  const pair = Buffer.from(value, "base64").toString("utf8");
  const isBasic = scheme.toLowerCase() === "basic" && anyFits(basic, (one) => sameText(pair, one));
  if (!isBearer && !isBasic) {
    throw new Unauthorized(
      tokens.length > 0
        ? "send the door's token as Authorization: Bearer TOKEN"
        : "send the door's user and password as Authorization: Basic",
    );
  }
}
