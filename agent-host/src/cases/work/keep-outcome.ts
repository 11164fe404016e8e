import { outcomeOf } from "../../learn/outcome-of.ts";
import type { Case } from "../case.ts";
import type { HeldCase } from "./work-parts.ts";

/** Keeps how the case went so far, with the case and wherever the team's past is kept. */
export async function keepOutcome(held: HeldCase, current: Case): Promise<Case> {
  const { store, investigator } = held.parts;
  const ref = current.final_report ?? current.looks.at(-1)?.report ?? null;
  const report = ref === null ? null : investigator.open(await store.document(held.id, ref));
  const outcome = outcomeOf(current, report);
  await held.parts.learned?.(current, outcome);
  return held.save((latest) => ({ ...latest, outcome }));
}
