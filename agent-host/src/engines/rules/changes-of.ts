import { type Change, ChangesAnswer } from "../../tools/answers.ts";
import type { Inquiry } from "./inquiry.ts";
import type { Seen } from "./seen.ts";

/** How many changes of one service are read in full: who floods a repository hides no deployment. */
const MAX_OF_EACH = 12;

/** The changes of one service, each in full, which the answer about many has no room for. */
export async function changesOf(inquiry: Inquiry, name: string): Promise<readonly Change[] | undefined> {
  const answer = await inquiry.ask(ChangesAnswer, "read_changes", {
    ...{ service: name, hops: 0, limit: MAX_OF_EACH },
    ...inquiry.changesWindow,
  });
  return answer?.changes;
}

/** Reads those of a service that has become a suspect, unless that was done. */
export async function withChangesOf(inquiry: Inquiry, seen: Seen, name: string): Promise<Seen> {
  if (!seen.changes || seen.inFull.has(name)) return seen;
  const own = await changesOf(inquiry, name);
  return { ...seen, inFull: new Set([...seen.inFull, name]), changes: mergeChanges([...(own ?? []), ...seen.changes]) };
}

/** Each change once, as it was first told. */
export function mergeChanges(changes: readonly Change[]): Change[] {
  const merged = new Map<string, Change>();
  for (const change of changes) {
    const isCommit = change.kind === "commit" || change.kind === "merge";
    const identity = isCommit ? change.sha : change.evidence.id;
    if (change.kind !== "state" && !merged.has(identity)) merged.set(identity, change);
  }
  return [...merged.values()];
}
