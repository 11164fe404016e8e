import type { Candidate } from "@oncall-copilot/core";
import type { Change } from "../tools/answers.ts";
import { TAKEN_BACK_MS } from "./thresholds.ts";
import type { Turn } from "./trouble.ts";
import { hasWitness } from "./witness.ts";

/** A commit before its trial: whose roll-out carried it, and when that was. */
export interface Accused {
  readonly change: Change;
  readonly service: string;
  /** When that service got it, epoch milliseconds; null when it never did. */
  readonly at: number | null;
  /** Whether that service is the one that fails or one that calls it in trouble: of others no word counts. */
  readonly near: boolean;
}

/** What clears a commit, as code and as a sentence that a person can check. */
export type Clearance = Candidate["reason"];

/** Nothing that runs is changed by these. */
const INERT: ReadonlySet<string> = new Set(["tests", "docs", "comments", "formatting", "labels"]);

export const isInert = ({ touches }: Change): boolean => touches.length > 0 && touches.every((one) => INERT.has(one));

/** It does no more than name which build runs: an image's tag, a revision. */
export const namesABuild = ({ touches }: Change): boolean =>
  touches.includes("image") && touches.every((one) => one === "image" || INERT.has(one));

const time = (ms: number) => new Date(ms).toISOString().replace(".000Z", "Z");

/**
 * Why a commit cannot have done it; undefined when nothing clears it. `turn`: when the culprit turned, null when nothing dates that:
 * then no order clears anybody.
 */
export function clearanceOf(accused: Accused, culprit: string, turn: Turn | null): Clearance | undefined {
  const { change, service, at, near } = accused;
  if (isInert(change)) {
    return {
      code: "only_comments_labels_or_tests",
      text: `changes ${change.touches.join(", ")} and nothing that runs`,
    };
  }
  // What is not known clears nobody.
  if (at === null && !change.rollouts_known) return undefined;
  if (at === null) return { code: "never_live", text: `no roll-out of ${service} carried it` };
  if (turn !== null && at > turn.at + turn.blur) {
    return { code: "live_after_turn", text: `went live ${time(at)}, after ${culprit} had turned at ${time(turn.at)}` };
  }
  const back = change.taken_back && Date.parse(change.taken_back.at);
  if (back !== undefined && turn !== null && turn.at - back > TAKEN_BACK_MS) {
    return { code: "taken_back", text: `was taken out again at ${time(back)}, before ${culprit} turned` };
  }
  // A caller's change reaches what it calls by what it asks for, and then the trouble says so in words of it.
  if (service !== culprit && !(near && hasWitness(change))) {
    return {
      code: "another_path",
      text: `changes ${service}, and what fails is ${culprit}; nothing of the trouble names it`,
    };
  }
  return undefined;
}
