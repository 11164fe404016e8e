import { createHash, type KeyObject } from "node:crypto";
import canonicalize from "canonicalize";
import { z } from "zod";
import { type Signer, signatureHolds } from "./signer.ts";

/** What is signed: a few lines that name what they are about by its hash. */
const Statement = z.strictObject({
  type: z.enum(["oncall-report-v1", "oncall-audit-v1"]),
  /** SHA-256 of the report's canonical form (RFC 8785), hexadecimal; null in a statement about the audit trail alone. */
  report_sha256: z.string().nullable(),
  /** Hash of the audit trail's newest entry when it was signed: a trail that ends before it was cut. */
  audit_head: z.string(),
  /** RFC 3339, UTC. */
  signed_at: z.string(),
});
export type Statement = z.infer<typeof Statement>;

export const Signed = z.strictObject({
  statement: Statement,
  algorithm: z.literal("Ed25519"),
  /** Thumbprint of the public key that it verifies with. */
  key_id: z.string(),
  /** base64url, over the statement's canonical form. */
  signature: z.string(),
});
export type Signed = z.infer<typeof Signed>;

/** RFC 8785: one byte sequence for one JSON value. */
export function canonical(value: unknown): Buffer {
  const text = canonicalize(JSON.parse(JSON.stringify(value)));
  if (text === undefined) throw new Error("nothing but JSON has a canonical form");
  return Buffer.from(text, "utf8");
}

export const canonicalSha256 = (value: unknown): string => createHash("sha256").update(canonical(value)).digest("hex");

export async function signStatement(statement: Statement, signer: Signer): Promise<Signed> {
  const signature = await signer.sign(canonical(statement));
  return { statement, algorithm: "Ed25519", key_id: signer.keyId, signature: signature.toString("base64url") };
}

/** Why a signature does not hold, or undefined when it does. */
export function signatureProblem(signed: Signed, keys: ReadonlyMap<string, KeyObject>): string | undefined {
  const key = keys.get(signed.key_id);
  if (!key) return `it is signed with key ${signed.key_id}, which is none of the ${keys.size} given`;
  return signatureHolds(key, canonical(signed.statement), signed.signature)
    ? undefined
    : "the signature does not hold: what it stands for was changed";
}
