import { generateKeyPairSync } from "node:crypto";

/** A private key of a test's own, in the PEM that Snowflake takes; with a passphrase where one is given. */
export function privateKeyPem(passphrase?: string): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const lock = passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase };
  return privateKey.export({ type: "pkcs8", format: "pem", ...lock }).toString();
}
