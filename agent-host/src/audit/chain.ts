import { createHash } from "node:crypto";
import { z } from "zod";

/** The hash that the first entry carries. */
export const GENESIS = "0".repeat(64);

const isObject = (value: unknown) => value !== null && typeof value === "object" && !Array.isArray(value);

const Hash = z.string().regex(/^[0-9a-f]{64}$/);

export const AuditEntry = z.strictObject({
  seq: z.number().int().positive(),
  at: z.iso.datetime(),
  type: z.string(),
  prev: Hash,
  // Taken as it is: zod's record leaves `__proto__` out, and what is hashed must be all that was written.
  data: z.custom<Readonly<Record<string, unknown>>>((value) => isObject(value)),
  hash: Hash,
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** SHA-256 over the entry's JSON without its own hash, keys in this order. */
export function hashEntry(entry: Omit<AuditEntry, "hash">): string {
  const { seq, at, type, prev, data } = entry;
  return createHash("sha256").update(JSON.stringify({ seq, at, type, prev, data })).digest("hex");
}

export function parseEntry(line: string): AuditEntry {
  return AuditEntry.parse(JSON.parse(line));
}

/** Why a line cannot follow the entry whose hash is `prev`, or undefined when it does. */
export function chainProblem(line: string, prev: string, sequence: number): string | undefined {
  let entry: AuditEntry;
  try {
    entry = parseEntry(line);
  } catch {
    return "not an audit entry";
  }
  if (entry.seq !== sequence) return `its seq is ${entry.seq}, not ${sequence}: an entry is missing, moved or doubled`;
  if (entry.prev !== prev) return "it does not carry the hash of the entry before";
  if (entry.hash !== hashEntry(entry)) return "its hash does not fit its content: it was changed";
  const { seq, at, type, data, hash } = entry;
  if (JSON.stringify({ seq, at, type, prev, data, hash }) !== line)
    return "its bytes were changed without changing its meaning";
  return undefined;
}

export interface ChainCheck {
  readonly entries: number;
  readonly head: string;
  /** Of every entry that holds. */
  readonly hashes: ReadonlySet<string>;
  /** Line number and what is wrong there; undefined when the whole chain holds. */
  readonly problem: { readonly line: number; readonly why: string } | undefined;
}

/** Checks a whole log's text. */
export function checkChain(text: string): ChainCheck {
  const torn = !text.endsWith("\n") && text !== "";
  const lines = text.split("\n").slice(0, torn ? undefined : -1);
  let head = GENESIS;
  const hashes = new Set<string>();
  for (const [index, line] of lines.entries()) {
    const last = torn && index === lines.length - 1;
    const why = last ? "the line is cut off: a crash in mid-write, or a cut log" : chainProblem(line, head, index + 1);
    if (why) return { entries: index, head, hashes, problem: { line: index + 1, why } };
    head = parseEntry(line).hash;
    hashes.add(head);
  }
  return { entries: lines.length, head, hashes, problem: undefined };
}
