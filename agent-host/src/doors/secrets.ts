import { createHmac } from "node:crypto";
import { ConfigError, Secret } from "@oncall-copilot/core";

/** 128 bits: 32 hex digits, or 22 letters of base64. */
const MIN_HEX = 32;
const MIN_CHARACTERS = 22;

/** @throws ConfigError for a credential that could be guessed */
export function strong(name: string, value: string): Secret {
  const isHex = /^[0-9a-f]+$/i.test(value);
  const different = new Set(value).size;
  if (value.length < (isHex ? MIN_HEX : MIN_CHARACTERS) || different < 6)
    throw new ConfigError(
      `${name}: too short to be safe: 128 bits at least, as \`openssl rand -base64 24\` prints them`,
    );
  return new Secret(value);
}

/** Whether any of the secrets fits; all are tried, so that the time tells nothing of which. */
export const anyFits = (secrets: readonly Secret[], fits: (secret: string) => boolean): boolean =>
  secrets.reduce((found, secret) => fits(secret.reveal()) || found, false);

/** HMAC-SHA256 in hex. */
export function hmacHex(secret: string, ...parts: readonly (string | Buffer)[]): string {
  const hmac = createHmac("sha256", secret);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}
