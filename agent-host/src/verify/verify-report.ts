import {
  type Claim,
  checkCitation,
  checkClaim,
  type EvidenceKey,
  type Report,
  verifyEvidence,
} from "@oncall-copilot/core";

/** One thing that does not check out in a report read back from disk. */
export interface ReportProblem {
  readonly where: string;
  readonly why: string;
}

/** Quotes that stand in no evidence of the report's own: all that can be told of citations without the key of their receipts. */
export function misquotes(report: Report): string[] {
  const texts = new Map(report.evidence.map(({ id, text }) => [id, text]));
  const claims = [
    ...(report.diagnosis ? [report.diagnosis] : []),
    ...report.claims,
    ...report.ruled_out.map(({ because }) => because),
    ...report.suspects.flatMap(({ why }) => why ?? []),
  ];
  return claims
    .flatMap(({ supports, contradicts }) => [...supports, ...contradicts])
    .filter(({ id, quote }) => texts.get(id)?.includes(quote) !== true)
    .map(({ id, quote }) => `citation ${id}: "${quote}" does not stand in it`);
}

/**
 * Checks a report again, offline: every receipt, every citation, every figure. The seal of the file covers the rest; see seal.ts.
 */
export function verifyReport(report: Report, key: EvidenceKey): ReportProblem[] {
  const problems: ReportProblem[] = [];
  for (const item of report.evidence) {
    if (!verifyEvidence(key, item))
      problems.push({
        where: `evidence ${item.id}`,
        why: "the receipt does not verify: a field of it was changed, or another key minted it",
      });
  }
  const known = new Map(report.evidence.map((item) => [item.id, item]));
  const check = (where: string, claim: Claim | null) => {
    if (!claim) return;
    for (const { why, id } of checkClaim(claim, known, key, report.vocabulary).failures) {
      problems.push({ where: `${where}: "${claim.text}"`, why: id === undefined ? why : `citation ${id}: ${why}` });
    }
  };
  check("diagnosis", report.diagnosis);
  for (const claim of report.claims) check("claim", claim);
  for (const { because } of report.ruled_out) check("theory ruled out", because);
  for (const { name, why } of report.also_found) check(`also found: ${name}`, why);
  for (const { sha, evidence } of report.candidates) {
    const why = evidence && checkCitation(evidence, known, key);
    if (why) problems.push({ where: `candidate ${sha}`, why: `citation ${evidence.id}: ${why}` });
  }
  for (const { name, why } of report.suspects) check(`suspect ${name}`, why);
  for (const id of [...report.similar, ...(report.runbook ? [report.runbook.evidence_id] : [])]) {
    if (!known.has(id)) problems.push({ where: `evidence ${id}`, why: "it is shown, but the report does not hold it" });
  }
  return problems;
}
