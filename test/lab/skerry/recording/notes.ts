import type { Plan } from "../plan/plan.ts";
import type { Scenario, Seed } from "../scenario.ts";
import type { Simulated } from "./simulate.ts";

/** Where a recording comes from, for people. */
export function notesOf(
  scenario: Scenario,
  { seed, heldOut }: Seed,
  plan: Plan,
  { from, to, alert, others }: Simulated,
  faultAt: number,
): string {
  const moment = (at: number): string => new Date(at).toISOString();
  return `# ${scenario.name}, seed ${seed}

${scenario.summary}.${heldOut ? "\n\n**Held out**: measure an engine on it once, when all is built, and tune nothing on it." : ""}

Made by \`npm run lab:skerry -- ${scenario.name} --seed ${seed}\`: a discrete-event simulation on a virtual clock ([how](../../lab/README.md#the-second-estate)).

| what | when |
|---|---|
| logs and metrics begin | ${moment(from)} |
| the fault begins to act | ${scenario.rootCause === null ? "never" : moment(faultAt)} |
| \`${alert.rule.alert}\` of ${alert.rule.service} fired | ${moment(alert.at)} |
| logs and metrics end | ${moment(to)} |

${plan.culprit === undefined ? "No commit is to blame." : `The culprit is commit \`${plan.culprit.id}\` of ${plan.culprit.repository}.`}
Further pages until the end: ${others.map(({ rule }) => `${rule.alert} (${rule.service})`).join(", ") || "none"}.
`;
}
