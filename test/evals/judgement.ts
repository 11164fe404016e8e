import type { Report } from "@oncall-copilot/core";
import { type Expected, rightCommits } from "./expected.ts";

/** What a report says of the commit, and whether that would cost the one who believes it. */
export interface Judgement {
  /** It takes back the guilty commit and no other, or the roll-out that carried it; or none, where none is guilty. */
  readonly commit: boolean;
  /** It proposes to change what is innocent: a revert of another commit, or an edit where nothing in git is wrong. */
  readonly innocentDraft: boolean;
  /** It is sure, and wrong about who or about which commit. */
  readonly wrongHigh: boolean;
  /** Right so far: who and what are right; or it says that nothing is settled and suspects the right one first. */
  readonly rightSoFar: boolean;
}

const isNamed = ({ outcome }: Report) => outcome === "root_cause_identified" || outcome === "likely_cause";

/** The one commit that a report holds responsible; null when it names none, or several. */
export function accusedCommit(report: Report): string | null {
  return report.fix.kind === "revert" ? report.fix.commit : null;
}

/** `culprit` and `family`: whether the report's are right. `first`: whether the true culprit leads its suspects. */
export function judge(
  report: Report,
  expected: Expected,
  { culprit, family, first }: { culprit: boolean; family: boolean; first: boolean },
): Judgement {
  const right = rightCommits(expected);
  const accused = accusedCommit(report);
  const commit = accused === null ? right.length === 0 : right.includes(accused);
  const { fix } = report;
  const innocentDraft = accused === null ? fix.kind === "edits" && expected.fix === null : !commit;
  // That nothing is wrong is a verdict, and no open question.
  const open = !isNamed(report) && report.family !== "no_fault";
  const unsettled = open && (expected.root_cause === null || first);
  return {
    commit,
    innocentDraft,
    wrongHigh: report.confidence.level === "high" && (!culprit || (accused !== null && !commit)),
    rightSoFar: !innocentDraft && ((culprit && family) || unsettled),
  };
}
