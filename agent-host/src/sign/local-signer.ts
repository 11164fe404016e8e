import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { ConfigError, keyFile } from "@oncall-copilot/core";
import { keyIdOf, type Signer } from "./signer.ts";

/** Beside the evidence key, unless `ONCALL_SIGNING_KEY_FILE` says where. */
export const signingKeyFile = (env: NodeJS.ProcessEnv): string =>
  env["ONCALL_SIGNING_KEY_FILE"] ||
  join(env["ONCALL_EVIDENCE_KEY_FILE"] ? dirname(keyFile(env)) : defaultFolder(env), "signing.pem");

const defaultFolder = (env: NodeJS.ProcessEnv) =>
  join(env["XDG_CONFIG_HOME"] || join(env["HOME"] || homedir(), ".config"), "oncall-copilot");

/** A private key of this machine: made on first use, mode 0600, refused when others can read it. */
export async function localSigner(env: NodeJS.ProcessEnv): Promise<Signer> {
  const given = env["ONCALL_SIGNING_KEY"];
  if (given) return signerOf(parse(given, "ONCALL_SIGNING_KEY"));
  const file = signingKeyFile(env);
  try {
    return signerOf((await read(file)) ?? (await make(file)));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new ConfigError(
      `the signing key ${file} cannot be read or made (${code}); set ONCALL_SIGNING_KEY_FILE to a place of your own`,
    );
  }
}

/** The present public key and those of before, PEM, the present one first. */
export async function publicKeys(env: NodeJS.ProcessEnv): Promise<string> {
  const { publicKey } = await localSigner(env);
  const folder = dirname(signingKeyFile(env));
  const old = env["ONCALL_SIGNING_KEY"]
    ? []
    : (await readdir(folder)).filter((name) => /^signing\..+\.pub\.pem$/.test(name));
  return [publicKey, ...(await Promise.all(old.sort().map((name) => readFile(join(folder, name), "utf8"))))].join("");
}

/** Makes a new key. The old public key is kept beside it: what it signed stays valid; the old private key is gone. */
export async function rotateKey(env: NodeJS.ProcessEnv): Promise<Signer> {
  if (env["ONCALL_SIGNING_KEY"])
    throw new ConfigError("ONCALL_SIGNING_KEY holds the key: change it where it comes from");
  const file = signingKeyFile(env);
  const { keyId, publicKey } = await localSigner(env);
  await writeFile(join(dirname(file), `signing.${keyId}.pub.pem`), publicKey, { mode: 0o644 });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, newKey(), { mode: 0o600 });
  await rename(draft, file);
  return localSigner(env);
}

function signerOf(key: KeyObject): Signer {
  const open = createPublicKey(key);
  return {
    keyId: keyIdOf(open),
    publicKey: open.export({ type: "spki", format: "pem" }).toString(),
    sign: async (message) => sign(null, message, key),
  };
}

const newKey = (): string =>
  generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();

function parse(pem: string, source: string): KeyObject {
  const wanted = `${source} must hold an Ed25519 private key (PKCS#8, PEM); make one with: openssl genpkey -algorithm ed25519`;
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType !== "ed25519") throw new ConfigError(wanted);
    return key;
  } catch {
    throw new ConfigError(wanted);
  }
}

async function read(file: string): Promise<KeyObject | undefined> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!found) return undefined;
  if (process.platform !== "win32" && (found.mode & 0o077) !== 0)
    throw new ConfigError(`signing key ${file} is readable by others; run: chmod 600 ${file}`);
  return parse(await readFile(file, "utf8"), `signing key ${file}`);
}

async function make(file: string): Promise<KeyObject> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  // Several processes may start at once: the one whose link succeeds has made the key.
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, newKey(), { mode: 0o600 });
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const made = await read(file);
  if (!made) throw new ConfigError(`could not make the signing key ${file}; set ONCALL_SIGNING_KEY instead`);
  return made;
}
