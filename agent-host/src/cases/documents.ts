import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { DocumentRef } from "./case.ts";
import { CaseNotFound } from "./case-store.ts";
import { type CaseTable, MAX_ITEM_BYTES } from "./case-table.ts";
import { at } from "./items.ts";

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Keeps a document beside its case, in parts that fit. Kept again, it is the same document: its name is its hash. */
export async function keepDocument(
  table: CaseTable,
  caseId: string,
  text: string,
  expiresAt: number,
): Promise<DocumentRef> {
  const sha256 = createHash("sha256").update(text).digest("hex");
  const packed = (await pack(text)).toString("base64");
  const parts = Math.max(Math.ceil(packed.length / MAX_ITEM_BYTES), 1);
  for (let part = 0; part < parts; part++) {
    const value = packed.slice(part * MAX_ITEM_BYTES, (part + 1) * MAX_ITEM_BYTES);
    await table.write([{ kind: "put", item: { ...at.document(caseId, sha256, part), value, expiresAt } }]);
  }
  return { sha256, bytes: Buffer.byteLength(text), parts };
}

/** @throws CaseNotFound when it is kept no longer, Error when what is kept is not what was written. */
export async function readDocument(table: CaseTable, caseId: string, { sha256, parts }: DocumentRef): Promise<string> {
  const items = await Promise.all(
    Array.from({ length: parts }, (_, part) => table.read(at.document(caseId, sha256, part))),
  );
  const packed = items.map((item) => {
    if (!item) throw new CaseNotFound(caseId);
    return item.value;
  });
  const text = (await unpack(Buffer.from(packed.join(""), "base64"))).toString("utf8");
  if (createHash("sha256").update(text).digest("hex") !== sha256)
    throw new Error(`a document of case ${caseId} was changed in the store: its hash is not ${sha256}`);
  return text;
}
