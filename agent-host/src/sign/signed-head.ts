import { readFile } from "node:fs/promises";
import { writeWhole } from "../deliver/write-whole.ts";
import type { Signer } from "./signer.ts";
import { Signed, signStatement } from "./statement.ts";

/** The port for signed heads of audit trails: kept apart from the trail, so that a cut end shows. */
export interface HeadStore {
  keep(signed: Signed): Promise<void>;
}

/** `audit.jsonl` has its head in `audit.jsonl.head.json`. */
export const headFileOf = (auditFile: string): string => `${auditFile}.head.json`;

export const headFile = (auditFile: string): HeadStore => ({
  keep: (signed) => writeWhole(headFileOf(auditFile), `${JSON.stringify(signed, null, 2)}\n`),
});

/** Says of a trail where it stands now, at the end of a stage. */
export const signHead = (head: string, signer: Signer, now: Date = new Date()): Promise<Signed> =>
  signStatement(
    { type: "oncall-audit-v1", report_sha256: null, audit_head: head, signed_at: now.toISOString() },
    signer,
  );

/** The signed head beside an audit log; undefined where there is none. @throws Error when it is not one. */
export async function readSignedHead(auditFile: string): Promise<Signed | undefined> {
  const file = headFileOf(auditFile);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const parsed = Signed.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`${file} is no signed head of an audit log`);
  return parsed.data;
}
