import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import type { AuditTrail, AuditType } from "./audit-trail.ts";
import { chainProblem, GENESIS, parseEntry } from "./chain.ts";
import { takeLock } from "./lock.ts";
import { nextEntry, redacted } from "./next-entry.ts";

/** The trail as a file in JSON Lines. Each entry carries the hash of the one before, so that a change anywhere shows. */
export interface AuditLog extends AuditTrail {
  readonly file: string;
  close(): Promise<void>;
}

export const sha256 = (text: string | Buffer): string => createHash("sha256").update(text).digest("hex");

/**
 * Opens or goes on with a log. A last line that a crash cut off is set aside in `FILE.torn` and noted in the chain; any
 * other damage is refused, since going on would bury it.
 *
 * @throws Error when the existing log does not verify, LockedError when another process writes to it.
 */
export async function openAuditLog(file: string): Promise<AuditLog> {
  const unlock = takeLock(`${file}.lock`);
  try {
    return await openLocked(file, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function openLocked(file: string, unlock: () => void): Promise<AuditLog> {
  const existing = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  const whole = existing.lastIndexOf("\n") + 1;
  const torn = existing.subarray(whole);
  const lines = existing.subarray(0, whole).toString("utf8").split("\n").slice(0, -1);
  let head = GENESIS;
  let sequence = 0;
  for (const [index, line] of lines.entries()) {
    const problem = chainProblem(line, head, index + 1);
    if (problem)
      throw new Error(`${file} line ${index + 1}: ${problem}; the log is kept as it is, write to another --out`);
    head = parseEntry(line).hash;
    sequence = index + 1;
  }
  const descriptor = openSync(file, existsSync(file) ? "r+" : "w+", 0o600);
  let position = whole;
  if (torn.length > 0) {
    writeFileSync(`${file}.torn`, torn, { flag: "a", mode: 0o600 });
    ftruncateSync(descriptor, whole);
  }
  let last: Promise<void> = Promise.resolve();
  const write = async (type: AuditType, data: Readonly<Record<string, unknown>>) => {
    const entry = nextEntry({ head, entries: sequence }, type, await redacted(data));
    const line = Buffer.from(`${JSON.stringify(entry)}\n`, "utf8");
    writeSync(descriptor, line, 0, line.length, position);
    fsyncSync(descriptor);
    position += line.length;
    head = entry.hash;
    sequence = entry.seq;
  };
  const append: AuditTrail["append"] = (type, data) => {
    const next = last.then(() => write(type, data));
    last = next.catch(() => {}); // the caller of the failed append is told; the next one may still succeed
    return next;
  };
  if (torn.length > 0)
    await append("recovered", { torn_bytes: torn.length, torn_sha256: sha256(torn), kept_in: `${file}.torn` });
  return {
    file,
    append,
    head: () => head,
    close: async () => {
      await last;
      closeSync(descriptor);
      unlock();
    },
  };
}
