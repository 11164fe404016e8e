import { type Secret, sameText } from "@oncall-copilot/core";
import { type Credentials, checkAuthorization } from "./authorization.ts";
import { type Delivery, type Door, Unauthorized } from "./door.ts";
import { jsonOf } from "./json-body.ts";
import { anyFits, hmacHex } from "./secrets.ts";

/** How far a signed time may be from ours, in milliseconds. */
const MAX_SKEW_MS = 5 * 60_000;

export interface GrafanaSigning {
  /** Several while one is being replaced. */
  readonly secrets: readonly Secret[];
  /** Lower case. Null where the contact point names none: then the body alone is signed, and a copy of it cannot be told. */
  readonly timestampHeader: string | null;
}

/** Its header for the signature, unless the contact point names another. */
export const SIGNATURE_HEADER = "x-grafana-alerting-signature";

/**
 * Grafana's own alerting. With a secret its HMAC option must hold: hex HMAC-SHA256 over the body, or over `TIMESTAMP:` and the body.
 * Without one it is let in as Alertmanager is.
 */
export const grafanaDoor = (credentials: Credentials, signing: GrafanaSigning): Door => ({
  name: "grafana",
  path: "/alerts/grafana",
  admit: async (delivery) => {
    if (signing.secrets.length > 0) checkSignature(delivery, signing);
    else checkAuthorization(delivery, credentials);
    return { kind: "payload", payload: jsonOf(delivery.body) };
  },
});

function checkSignature({ headers, body, receivedAt }: Delivery, { secrets, timestampHeader }: GrafanaSigning): void {
  const given = String(headers[SIGNATURE_HEADER] ?? "")
    .trim()
    .toLowerCase();
  const timestamp = timestampHeader === null ? null : String(headers[timestampHeader] ?? "");
  const signed = timestamp === null ? [body] : [`${timestamp}:`, body];
  if (!anyFits(secrets, (secret) => sameText(given, hmacHex(secret, ...signed))))
    throw new Unauthorized("the contact point's HMAC signature is missing or does not fit the body");
  if (timestamp !== null && !(Math.abs(Number(timestamp) * 1000 - receivedAt) <= MAX_SKEW_MS))
    throw new Unauthorized("the signed time is more than five minutes from now");
}
