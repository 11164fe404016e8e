import { type EvidenceKey, type Report, verifyEvidence } from "@oncall-copilot/core";
import type { Expected } from "./expected.ts";

/** How a report fared. Null where the question does not arise. */
export interface Score {
  /** Place of the true culprit among the suspects, from 1; null when it is not among them or there is none. */
  readonly place: number | null;
  readonly culprit: boolean | null;
  readonly family: boolean;
  /** The fix changes just the right files, or there rightly is none. */
  readonly fix: boolean;
  /** Identified or likely when there is a cause; neither when there is none. */
  readonly outcome: boolean;
  readonly citations: number;
  /** Of these, byte for byte in evidence whose receipt verifies. */
  readonly verbatim: number;
  readonly cut: number;
  readonly toolCalls: number;
  readonly tokens: number;
  readonly seconds: number;
}

/** Paths that a unified diff changes. */
export function changedFiles(diff: string): string[] {
  const paths = [...diff.matchAll(/^(?:---|\+\+\+) [ab]\/(.+)$/gm)].map(([, path]) => path ?? "");
  return [...new Set(paths)].sort();
}

function fixScore(report: Report, expected: Expected): boolean {
  if (expected.fix === null) return report.fix.kind === "none" && report.pull_request === null;
  if (!report.pull_request) return false;
  const right = changedFiles(report.pull_request.diff).join("\n") === [...expected.fix.files].sort().join("\n");
  const { culprit_commit: culprit } = expected.fix;
  return right && (report.fix.kind !== "revert" || !culprit || report.fix.commit === culprit);
}

export function score(report: Report, expected: Expected, key: EvidenceKey): Score {
  const cause = expected.root_cause;
  const names = cause ? [cause.service, ...cause.accept] : [];
  const index = report.suspects.findIndex(({ name }) => names.includes(name));
  const named = report.outcome === "root_cause_identified" || report.outcome === "likely_cause";
  const reasons = report.suspects.flatMap(({ why }) => why ?? []);
  const claims = [
    ...(report.diagnosis ? [report.diagnosis] : []),
    ...report.claims,
    ...report.ruled_out.map(({ because }) => because),
    ...reasons,
  ];
  const citations = claims.flatMap(({ supports, contradicts }) => [...supports, ...contradicts]);
  const evidence = new Map(report.evidence.map((item) => [item.id, item]));
  const verbatim = citations.filter(({ id, quote }) => {
    const item = evidence.get(id);
    return item !== undefined && verifyEvidence(key, item) && item.text.includes(quote);
  });
  const { cost } = report;
  return {
    place: cause && index >= 0 ? index + 1 : null,
    culprit: cause ? report.culprit !== null && names.includes(report.culprit.name) : report.culprit === null,
    family: report.family === expected.family,
    fix: fixScore(report, expected),
    outcome: named === (cause !== null),
    citations: citations.length,
    verbatim: verbatim.length,
    cut: report.cut.length,
    toolCalls: cost.tool_calls,
    tokens: cost.input_tokens + cost.output_tokens + cost.cached_input_tokens,
    seconds: cost.seconds,
  };
}

/** Right in all that is asked of a committed recording. */
export const isRight = ({ culprit, family, fix, outcome, citations, verbatim }: Score): boolean =>
  culprit !== false && family && fix && outcome && citations > 0 && citations === verbatim;
