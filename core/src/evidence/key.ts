import { randomBytes } from "node:crypto";
import { access, constants, link, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { ConfigError } from "../errors.ts";
import { EvidenceKey } from "./receipt.ts";

const HEX_KEY = /^[0-9a-f]{64}$/i;

/** `$XDG_CONFIG_HOME/oncall-copilot/evidence.key`, by default under `~/.config`. */
export function defaultKeyFile(env: NodeJS.ProcessEnv = process.env): string {
  const config = env["XDG_CONFIG_HOME"] || join(env["HOME"] || homedir(), ".config");
  return join(config, "oncall-copilot", "evidence.key");
}

function parseKey(hex: string, source: string): EvidenceKey {
  if (!HEX_KEY.test(hex)) {
    throw new ConfigError(`${source} must hold 64 hex digits (32 bytes); make one with: openssl rand -hex 32`);
  }
  return new EvidenceKey(Buffer.from(hex, "hex"));
}

/** Where the key file is, unless the key itself is given. */
export const keyFile = (env: NodeJS.ProcessEnv = process.env): string =>
  env["ONCALL_EVIDENCE_KEY_FILE"] || defaultKeyFile(env);

/** The installation's key as it is; undefined when the first start has yet to make it. A check-up makes none. */
export const findEvidenceKey = (env: NodeJS.ProcessEnv = process.env): Promise<EvidenceKey | undefined> =>
  openKey(env, async (file) => {
    await checkPlace(file);
    return undefined;
  });

/**
 * The installation's key: `ONCALL_EVIDENCE_KEY` (64 hex digits), else the key file, which is made on first use with
 * mode 0600. A key file that others can read is refused, since whoever holds the key can forge evidence.
 */
export const loadEvidenceKey = (env: NodeJS.ProcessEnv = process.env): Promise<EvidenceKey> =>
  openKey(env, makeKeyFile);

async function openKey<T>(env: NodeJS.ProcessEnv, missing: (file: string) => Promise<T>): Promise<EvidenceKey | T> {
  const fromEnv = env["ONCALL_EVIDENCE_KEY"];
  if (fromEnv) return parseKey(fromEnv.trim(), "ONCALL_EVIDENCE_KEY");
  const file = keyFile(env);
  try {
    return (await readKeyFile(file)) ?? (await missing(file));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new ConfigError(
      `the evidence key file ${file} cannot be read or made (${code}); set ONCALL_EVIDENCE_KEY, or ONCALL_EVIDENCE_KEY_FILE to a place of your own`,
    );
  }
}

/** Whether the first start could make it there: the nearest folder that exists can be written to. */
async function checkPlace(file: string): Promise<void> {
  const folder = dirname(file);
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(folder) === folder) throw error;
    await checkPlace(folder);
  }
}

async function makeKeyFile(file: string): Promise<EvidenceKey> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  // Several servers start at once: each writes its own draft, and the one whose link succeeds has made the key.
  const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  await writeFile(draft, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600 });
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const made = await readKeyFile(file);
  if (!made) throw new ConfigError(`could not make the evidence key file ${file}; set ONCALL_EVIDENCE_KEY instead`);
  return made;
}

async function readKeyFile(file: string): Promise<EvidenceKey | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const { mode } = await stat(file);
  if (process.platform !== "win32" && (mode & 0o077) !== 0) {
    throw new ConfigError(
      `evidence key file ${file} is readable by others (mode ${(mode & 0o777).toString(8)}); run: chmod 600 ${file}`,
    );
  }
  return parseKey(text.trim(), `evidence key file ${file}`);
}
