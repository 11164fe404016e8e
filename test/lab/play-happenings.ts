import type { Change } from "./monorepo/edit.ts";
import { INNOCENT_COMMITS } from "./monorepo/innocent-commits.ts";
import type { Repository } from "./monorepo/repository.ts";
import type { Happening, Scenario } from "./scenario.ts";
import { sleep } from "./shell.ts";

/** The commit that broke the estate. */
export interface Culprit {
  readonly revision: string;
  readonly at: Date;
}

/** Commits and pushes each happening when its moment comes. */
export async function playHappenings(
  scenario: Scenario,
  repository: Repository,
  begins: Date,
  say: (message: string) => void,
): Promise<Culprit | undefined> {
  let culprit: Culprit | undefined;
  for (const happening of scenario.happenings) {
    await sleep(begins.getTime() + happening.at * 1000 - Date.now());
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

function changeOf({ change }: Happening): Change {
  return typeof change === "string" ? INNOCENT_COMMITS[change] : change;
}
