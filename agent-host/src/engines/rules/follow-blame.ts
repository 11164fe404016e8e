import { LogsAnswer } from "../../tools/answers.ts";
import { blamedBy, standingOf } from "./blame.ts";
import type { Inquiry } from "./inquiry.ts";
import { measure } from "./measure.ts";
import type { Blame, Seen } from "./seen.ts";

/** So many calls down at the most: one more than the walk has. */
const MAX_STEPS = 4;

/**
 * Follows what callers' logs say from the alerting service down: it names the one that it called, that one names the next, as far as
 * the one named is in trouble by its own evidence. Each that is named is measured by itself, since "timed out" may be about its
 * caller's patience alone; and so is where it ends.
 */
export async function followBlame(inquiry: Inquiry, seen: Seen): Promise<Seen> {
  let known = await measured(inquiry, seen, seen.service);
  const blames: Blame[] = [];
  let caller = seen.service;
  for (let step = 0; step < MAX_STEPS; step++) {
    const told = blamedBy(caller, known);
    if (!told || told.callee === seen.service || blames.some(({ callee }) => callee === told.callee)) break;
    known = await measured(inquiry, await readLog(inquiry, known, told.callee), told.callee);
    const standing = standingOf(told.callee, known.closer.get(told.callee), known);
    blames.push({ ...told, standing });
    if (told.says === "refused" || standing === "well" || standing === "unseen") break;
    caller = told.callee;
  }
  return { ...known, blames };
}

async function readLog(inquiry: Inquiry, seen: Seen, name: string): Promise<Seen> {
  const isService = inquiry.investigation.catalog.find(name)?.kind === "service";
  if (!isService || seen.logs.has(name)) return seen;
  const answer = await inquiry.ask(LogsAnswer, "read_logs", { service: name, ...inquiry.window });
  return answer ? { ...seen, logs: new Map([...seen.logs, [name, answer]]) } : seen;
}

async function measured(inquiry: Inquiry, seen: Seen, name: string): Promise<Seen> {
  if (!seen.metrics || seen.closer.has(name) || seen.metrics.missing.includes(name)) return seen;
  const own = await measure(inquiry, name);
  return own ? { ...seen, closer: new Map([...seen.closer, [name, own]]) } : seen;
}
