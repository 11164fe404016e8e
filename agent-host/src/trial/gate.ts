import type { Cut, Family, ProposedFix, Report } from "@oncall-copilot/core";
import type { Trial } from "./trial.ts";

type Judged = Pick<Report, "outcome" | "confidence" | "fix" | "family">;

/** Whether a diagnosis of this family says that a commit did it. */
export const blamesACommit = (family: Family): boolean => family === "bad_deployment" || family === "config_drift";

/**
 * What a report may say in the light of the trial, whichever engine wrote it: a commit is taken back by itself only when something of
 * its own speaks against it, and "high" about a deployment needs the same. A roll-out that nothing tells apart goes as a whole.
 */
export function gateByTrial<T extends Judged>(judged: T, trial: Trial | undefined): { judged: T; cut: Cut[] } {
  const { fix, family } = judged;
  const guilty = trial?.guilty?.change.sha;
  const whole = trial?.rollout?.change.sha;
  const accuses = blamesACommit(family) || fix.kind === "revert";
  if (!accuses) return { judged, cut: [] };
  const wrong = fix.kind === "revert" && fix.commit !== guilty && (whole === undefined || fix.commit !== whole);
  const cut = wrong ? [{ what: "fix", text: fix.title, why: whyNoRevert(trial) }] : [];
  const capped = guilty !== undefined && !wrong ? judged : capAtLikely(judged, trial);
  return { judged: wrong ? { ...capped, fix: none(whyNoRevert(trial)) } : capped, cut };
}

/** Why no single commit is taken back. */
export function whyNoRevert(trial: Trial | undefined): string {
  if (!trial) return "the commits could not be put on trial, so none is taken back";
  if (trial.guilty) return `what speaks against a commit speaks against ${trial.guilty.change.sha.slice(0, 10)}`;
  if (trial.outside === "one_input") return "one and the same input fails over and over, which no commit explains";
  if (trial.outside === "callee")
    return `what ${trial.culprit} logs is what others answer it, which no commit of its own explains`;
  const { left } = trial;
  if (trial.candidates.length === 0) return `no deployment of ${trial.culprit} is known shortly before it turned`;
  if (left.length === 0) return "no commit is left that could have done it";
  return left.length === 1
    ? "one commit is left that could have done it, and nothing of the trouble names it"
    : `${left.length} commits could have done it and nothing tells them apart`;
}

const none = (why: string): ProposedFix => ({
  kind: "none",
  service: null,
  commit: null,
  edits: [],
  title: "",
  why,
  verify: "",
});

function capAtLikely<T extends Judged>(judged: T, trial: Trial | undefined): T {
  const { outcome, confidence } = judged;
  if (confidence.level !== "high" && outcome !== "root_cause_identified") return judged;
  const level = confidence.level === "high" ? "medium" : confidence.level;
  return {
    ...judged,
    outcome: outcome === "root_cause_identified" ? "likely_cause" : outcome,
    confidence: { ...confidence, level, why: `${confidence.why}; ${whyNoRevert(trial)}` },
  };
}
