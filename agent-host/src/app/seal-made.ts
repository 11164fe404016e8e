import type { EvidenceKey, Report } from "@oncall-copilot/core";
import type { MadeReport } from "../deliver/report-store.ts";
import { openSigner } from "../sign/open-signer.ts";
import { sealReport } from "../verify/seal.ts";

/** Signed where that can be done; a signer that fails must not keep the message from the engineer, and is a gap of the report. */
export async function sealMade(
  report: Report,
  key: EvidenceKey,
  env: NodeJS.ProcessEnv,
  auditHead: string,
): Promise<MadeReport> {
  try {
    const signer = await openSigner(env);
    return { report, json: await sealReport(report, { key, signer, auditHead }) };
  } catch (error) {
    const why = `it could not be signed: ${error instanceof Error ? error.message : String(error)}`;
    const gap = {
      server: "host",
      tool: null,
      code: "signature" as const,
      about: [],
      what: "the report's signature",
      why,
    };
    const unsigned = { ...report, gaps: [...report.gaps, gap] };
    return { report: unsigned, json: await sealReport(unsigned, { key, signer: null, auditHead }) };
  }
}
