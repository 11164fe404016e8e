import { timingSafeEqual } from "node:crypto";
import { type EvidenceKey, Report } from "@oncall-copilot/core";
import { z } from "zod";

/** A report as it lies on disk: with a keyed hash over all the rest. */
const SealedReport = z.strictObject({ ...Report.shape, seal: z.string() });

function sealOf(report: Report, key: EvidenceKey): string {
  return key.hmac(Buffer.from(`oncall-report-v1\n${JSON.stringify(report)}`, "utf8")).toString("base64url");
}

const write = (sealed: z.infer<typeof SealedReport>) => `${JSON.stringify(sealed, null, 2)}\n`;

/** The bytes of `report.json`. */
export function sealReport(report: Report, key: EvidenceKey): string {
  return write({ ...report, seal: sealOf(report, key) });
}

export interface OpenedReport {
  readonly report: Report;
  /** False when a byte of the file was changed since it was sealed, or another installation sealed it. */
  readonly intact: boolean;
}

/**
 * Reads `report.json` back.
 *
 * @throws Error when it is not a report at all; the message says what is wrong with it.
 */
export function openSealedReport(text: string, key: EvidenceKey): OpenedReport {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error("the file is not JSON");
  }
  const parsed = SealedReport.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`the file is not a report: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "unknown"}`);
  }
  const { seal, ...report } = parsed.data;
  const expected = Buffer.from(sealOf(report, key));
  const given = Buffer.from(seal);
  const sealHolds = expected.length === given.length && timingSafeEqual(expected, given);
  return { report, intact: sealHolds && write(parsed.data) === text };
}
