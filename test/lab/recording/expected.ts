import type { Culprit } from "../play-happenings.ts";
import type { Expected, Scenario } from "../scenario.ts";

export interface Known {
  readonly scenario: Scenario;
  readonly culprit: Culprit | undefined;
  readonly begins: Date;
  readonly faultAt: Date;
}

/** What expected.yaml says. `rolledOut` is when the culprit went live, where it was rolled out at all. */
export function expectedAnswer({ scenario, culprit, begins, faultAt }: Known, rolledOut: Date | undefined): Expected {
  const { family, rootCause, fixFiles } = scenario;
  const live = rolledOut ?? culprit?.at;
  // What was made long before acts when its moment comes.
  const acts = live === undefined || live < begins ? faultAt : live;
  return {
    root_cause: rootCause,
    family,
    injected_at: rootCause === null ? null : acts.toISOString(),
    fix: fixFiles === null ? null : { files: fixFiles, culprit_commit: culprit?.revision ?? null },
    source: `oncall-copilot lab, scenario ${scenario.name}`,
  };
}
