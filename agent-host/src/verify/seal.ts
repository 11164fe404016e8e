import { timingSafeEqual } from "node:crypto";
import { type EvidenceKey, Report } from "@oncall-copilot/core";
import { z } from "zod";
import type { Signer } from "../sign/signer.ts";
import { canonicalSha256, Signed, signStatement } from "../sign/statement.ts";

/**
 * A report as it lies on disk: signed for whoever has the public key, and with a keyed hash over every byte for this installation. Who
 * can check a keyed hash can forge one; who can check a signature cannot.
 */
const SealedReport = z.strictObject({
  ...Report.shape,
  signed: Signed.nullable(),
  sealed_by: z.string(),
  seal: z.string(),
});
type SealedReport = z.infer<typeof SealedReport>;

/** Which evidence key made a seal: a name for the key that tells nothing of it. */
const keyName = (key: EvidenceKey): string =>
  key.hmac(Buffer.from("oncall-key-name-v1")).subarray(0, 6).toString("base64url");

function sealOf(report: Omit<SealedReport, "seal">, key: EvidenceKey): string {
  return key.hmac(Buffer.from(`oncall-report-v2\n${JSON.stringify(report)}`, "utf8")).toString("base64url");
}

const write = (sealed: SealedReport) => `${JSON.stringify(sealed, null, 2)}\n`;

/** Who answers for a report: the evidence key of the installation, its signer, and its audit trail's head at that moment. */
export interface Sealing {
  readonly key: EvidenceKey;
  /** Null where the report could not be signed: then only this installation can check it. */
  readonly signer: Signer | null;
  readonly auditHead: string;
}

/** The bytes of `report.json`. */
export async function sealReport(report: Report, { key, signer, auditHead }: Sealing): Promise<string> {
  const signed =
    signer &&
    (await signStatement(
      {
        type: "oncall-report-v1",
        report_sha256: canonicalSha256(report),
        audit_head: auditHead,
        signed_at: new Date().toISOString(),
      },
      signer,
    ));
  const all = { ...report, signed, sealed_by: keyName(key) };
  return write({ ...all, seal: sealOf(all, key) });
}

export interface OpenedReport {
  readonly report: Report;
  /** False when a byte of the file was changed since it was sealed, or another installation sealed it. */
  readonly intact: boolean;
  /** Whether this installation's evidence key sealed it; else its receipts cannot be checked here. */
  readonly ours: boolean;
  readonly signed: Signed | null;
  /** Whether the signed statement is about this very report. */
  readonly signedAsIs: boolean;
}

/**
 * Reads `report.json` back. Without a key only its signature can be checked.
 *
 * @throws Error when it is not a report at all; the message says what is wrong with it.
 */
export function openSealedReport(text: string, key: EvidenceKey | undefined): OpenedReport {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error("the file is not JSON");
  }
  refuseOtherVersion(json);
  const parsed = SealedReport.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`the file is not a report: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "unknown"}`);
  }
  const { seal, ...all } = parsed.data;
  const { signed, sealed_by: by, ...report } = all;
  const given = Buffer.from(seal);
  const expected = key ? Buffer.from(sealOf(all, key)) : Buffer.alloc(0);
  const sealHolds = expected.length === given.length && timingSafeEqual(expected, given);
  return {
    report,
    signed,
    intact: sealHolds && write(parsed.data) === text,
    ours: key !== undefined && keyName(key) === by,
    signedAsIs:
      signed?.statement.type === "oncall-report-v1" && signed.statement.report_sha256 === canonicalSha256(report),
  };
}

/** A report is sealed byte by byte, so that one of another version is not upgraded but told of. */
function refuseOtherVersion(json: unknown): void {
  const { value: ours } = Report.shape.schema_version;
  const version = (json as { readonly schema_version?: unknown } | null)?.schema_version;
  if (typeof version !== "number" || version === ours) return;
  const cure = version > ours ? "update this installation" : "check it with the version that made it";
  throw new Error(`the report has schema version ${version}, and this installation reads ${ours}: ${cure}`);
}
