import type { Estate } from "./estate/estate.ts";
import { describe, intervene } from "./estate/interventions.ts";
import type { Change } from "./monorepo/edit.ts";
import { INNOCENT_COMMITS } from "./monorepo/innocent-commits.ts";
import type { Repository } from "./monorepo/repository.ts";
import type { Commit, Scenario } from "./scenario.ts";
import { sleep } from "./shell.ts";

/** The commit that broke the estate. */
export interface Culprit {
  readonly revision: string;
  readonly at: Date;
}

export interface Stage {
  readonly scenario: Scenario;
  readonly repository: Repository;
  readonly estate: Estate;
  readonly begins: Date;
  readonly say: (message: string) => void;
}

/** Lets each happening happen when its moment comes: commits are pushed, all else is done to the estate. */
export async function playHappenings({
  scenario,
  repository,
  estate,
  begins,
  say,
}: Stage): Promise<Culprit | undefined> {
  let culprit: Culprit | undefined;
  for (const happening of scenario.happenings) {
    await sleep(begins.getTime() + happening.at * 1000 - Date.now());
    if ("act" in happening) {
      say(describe(happening.act));
      // A job that fails goes on for minutes; what follows does not wait for it.
      intervene(estate, happening.act).catch((error: unknown) => say(`that failed: ${String(error)}`));
      continue;
    }
    const change = changeOf(happening);
    const at = new Date();
    const revision = await repository.commit(change, at);
    await repository.push();
    const title = change.message.split("\n")[0];
    say(`${happening.culprit === true ? "FAULT " : ""}${revision.slice(0, 12)} ${title}`);
    if (happening.culprit === true) culprit = { revision, at };
  }
  await sleep(begins.getTime() + scenario.faultAt * 1000 - Date.now());
  return culprit;
}

function changeOf({ change }: Commit): Change {
  return typeof change === "string" ? INNOCENT_COMMITS[change] : change;
}
