import { type Engine, type EngineResult, type Investigation, NO_USAGE } from "../engine.ts";
import { accuse, accusedFirst } from "./accuse.ts";
import { withChangesOf } from "./changes-of.ts";
import { findCommonGround } from "./common-ground.ts";
import { compose } from "./compose.ts";
import { findFix } from "./fixes/find-fix.ts";
import { followBlame } from "./follow-blame.ts";
import { heedBlame } from "./heed-blame.ts";
import { Inquiry, unaskedTools } from "./inquiry.ts";
import { look } from "./look.ts";
import { lookCloser } from "./look-closer.ts";
import { lookFurther } from "./look-further.ts";
import { noFault } from "./no-fault.ts";
import { rankSuspects } from "./rank.ts";
import type { Seen } from "./seen.ts";
import { lookAgain } from "./settle.ts";

/**
 * The engine without a model: it asks every server, ranks suspects over the dependency graph, settles the family, and
 * proposes a fix only when independent evidence agrees. The fallback when the model's service is down, and the baseline
 * that the evals compare to.
 */
export function createRulesEngine(): Engine {
  return { name: "rules", investigate };
}

async function investigate(investigation: Investigation): Promise<EngineResult> {
  const done = { model: null, complete: true, usage: NO_USAGE, requests: [] };
  const { service } = investigation;
  if (service === null) {
    return { ...done, draft: null, complete: false, note: "without a service of the catalog no tool can look" };
  }
  const inquiry = new Inquiry(investigation);
  const alertAt = Date.parse(investigation.incident.started_at);
  const first = await look(inquiry, service);
  const harmless = noFault(first, alertAt);
  if (harmless) {
    return { ...done, draft: compose(harmless, first, rankSuspects(first, alertAt)), note: noteOf(inquiry) };
  }
  const followed = await followBlame(inquiry, await lookFurther(inquiry, first));
  investigation.progress("ranking suspects over the dependency graph");
  const rank = (seen: Seen) => heedBlame(rankSuspects(seen, alertAt), seen);
  const [leading] = rank(followed);
  const known = leading ? await withChangesOf(inquiry, followed, leading.name) : followed;
  const seen = await findCommonGround(inquiry, known, rank(known));
  const ranked = rank(seen);
  const reading = await lookAgain(inquiry, seen, await accuse(investigation, seen, ranked));
  const suspects = accusedFirst(ranked, reading);
  if (reading.kind !== "culprit") {
    return { ...done, draft: compose(reading, seen, suspects), note: noteOf(inquiry) };
  }
  investigation.progress(`looking for what would mend ${reading.suspect.name}`);
  const closer = await lookCloser(inquiry, seen, reading.suspect);
  const remedy = await findFix(inquiry, reading, closer);
  return { ...done, draft: compose({ ...reading, remedy }, closer, suspects), note: noteOf(inquiry) };
}

/** What a reader should know of how the rules fared; null when there is nothing. */
function noteOf({ unreadable, investigation }: Inquiry): string | null {
  const unasked = unaskedTools(investigation.toolbox.tools);
  const notes = [
    ...(unreadable.length === 0 ? [] : [`the rules could not read the answer of ${unreadable.join("; ")}`]),
    ...(unasked.length === 0 ? [] : [`the rules do not know ${unasked.join(", ")} and did not ask`]),
  ];
  return notes.length === 0 ? null : notes.join("; ");
}
