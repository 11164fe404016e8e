import { type Secret, sameText } from "@oncall-copilot/core";
import { type Door, Unauthorized } from "./door.ts";
import { jsonOf } from "./json-body.ts";
import { anyFits, hmacHex } from "./secrets.ts";

/** Most signatures that are looked at: PagerDuty sends one for each secret, two while one is replaced. */
const MAX_SIGNATURES = 10;

/** PagerDuty's v3 webhook: `X-PagerDuty-Signature: v1=HEX,v1=HEX`, any of which must be by one of our secrets. */
export const pagerDutyDoor = (secrets: readonly Secret[]): Door => ({
  name: "pagerduty",
  path: "/alerts/pagerduty",
  admit: async ({ headers, body }) => {
    const given = String(headers["x-pagerduty-signature"] ?? "")
      .split(",")
      .slice(0, MAX_SIGNATURES)
      .map((signature) => signature.trim().toLowerCase());
    const fits = anyFits(secrets, (secret) => {
      const wanted = `v1=${hmacHex(secret, body)}`;
      return given.reduce((found, one) => sameText(one, wanted) || found, false);
    });
    if (!fits) throw new Unauthorized("X-PagerDuty-Signature is missing, or none of its values fits the body");
    return { kind: "payload", payload: jsonOf(body) };
  },
});
