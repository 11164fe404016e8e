import { ConfigError, CouldNotLook } from "@oncall-copilot/core";
import type { SnowflakeConfig } from "./config.ts";

/** What the driver is given to log in with. Made anew for each connection. */
export type Credential = () => Promise<
  | { readonly authenticator: "SNOWFLAKE_JWT"; readonly username: string; readonly privateKey: string }
  | { readonly authenticator: "OAUTH"; readonly token: string; readonly username?: string }
>;

const PREFIX = "ONCALL_HISTORY_SNOWFLAKE_";

/** The credential of the configuration. Throws ConfigError when there is none, or more than one. */
export function credentialOf(config: SnowflakeConfig, name: string): Credential {
  const user = config.ONCALL_HISTORY_SNOWFLAKE_USER;
  const key = config.ONCALL_HISTORY_SNOWFLAKE_PRIVATE_KEY;
  const token = config.ONCALL_HISTORY_SNOWFLAKE_TOKEN;
  const file = config.ONCALL_HISTORY_SNOWFLAKE_TOKEN_FILE;
  const given = [key, token, file].filter((one) => one !== undefined);
  if (given.length !== 1) {
    const which = given.length === 0 ? "one of" : "only one of";
    throw new ConfigError(
      `set ${which} ${PREFIX}PRIVATE_KEY (or _PRIVATE_KEY_FILE), ${PREFIX}TOKEN and ${PREFIX}TOKEN_FILE`,
    );
  }
  const username = user === undefined ? {} : { username: user };
  if (token) return async () => ({ authenticator: "OAUTH", token: token.reveal(), ...username });
  if (file) return async () => ({ authenticator: "OAUTH", token: await tokenIn(file, name), ...username });
  if (user === undefined) throw new ConfigError(`${PREFIX}PRIVATE_KEY needs ${PREFIX}USER`);
  return async () => ({ authenticator: "SNOWFLAKE_JWT", username: user, privateKey: await privateKey(config, name) });
}

async function tokenIn(file: string, name: string): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw noCredential(name, `${PREFIX}TOKEN_FILE cannot be read (${code})`, "put the token there");
  });
  if (text.trim() === "") throw noCredential(name, `${PREFIX}TOKEN_FILE is empty`, "put the token there");
  return text.trim();
}

/** The key without its passphrase, which the driver takes from a file alone. */
async function privateKey(config: SnowflakeConfig, name: string): Promise<string> {
  const { createPrivateKey } = await import("node:crypto");
  const passphrase = config.ONCALL_HISTORY_SNOWFLAKE_PASSPHRASE?.reveal();
  try {
    const key = createPrivateKey({
      key: config.ONCALL_HISTORY_SNOWFLAKE_PRIVATE_KEY?.reveal() ?? "",
      format: "pem",
      ...(passphrase === undefined ? {} : { passphrase }),
    });
    if (key.asymmetricKeyType !== "rsa") throw new Error("not RSA");
    return key.export({ format: "pem", type: "pkcs8" }).toString();
  } catch {
    // What is wrong with a key is not said in detail: the text is a secret.
    throw noCredential(
      name,
      `${PREFIX}PRIVATE_KEY is no RSA key in PEM, or its passphrase is not ${PREFIX}PASSPHRASE`,
      "see the server's README for how to make one",
    );
  }
}

const noCredential = (name: string, what: string, cure: string) =>
  new CouldNotLook("not_configured", `${name} was not asked: ${what}`, { cure });
