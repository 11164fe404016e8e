import type { Case, CaseEvent } from "../case.ts";
import { withEvent } from "./follow-alerts.ts";
import type { DraftSeen, HeldCase } from "./work-parts.ts";

/** Sees what people did with the draft where it lies, for the message that follows it. */
export async function lookAtDraft(held: HeldCase, current: Case): Promise<Case> {
  const { parts, trail } = held;
  const seen = await seenNow(held, current);
  const at = parts.now();
  const over = seen === null ? null : overBy(seen, at);
  if (over) await trail.append("draft_seen", { status: seen?.status, head: seen?.head });
  return held.save((latest) => afterLook(latest, seen, at));
}

/** A code host that is away is no reason to hold the message up: the next look is planned as if this one had seen nothing new. */
async function seenNow({ parts, signal, id }: HeldCase, current: Case): Promise<DraftSeen | null> {
  try {
    return (await parts.lookAtDraft?.(current, signal)) ?? null;
  } catch (error) {
    if (signal.aborted) throw error;
    parts.log("a draft could not be looked at", {
      case: id,
      why: error instanceof Error ? error.message : String(error),
    });
    return null;
  }
}

/** The case after its draft was seen; nothing but the time of the look where that could not be told. */
export function afterLook(current: Case, seen: DraftSeen | null, at: number): Case {
  const looked = { ...current, draft_looked_at: at };
  if (seen === null || looked.pull_request === null) return looked;
  const over = overBy(seen, at);
  if (over) return withEvent(looked, over);
  const decisions = looked.decisions.map((one) => (seen.status === "open" ? { ...one, by_hand: false } : one));
  return { ...looked, decisions, pull_request: { ...looked.pull_request, commit: seen.head } };
}

function overBy({ status, overAt }: DraftSeen, lookedAt: number): CaseEvent | null {
  const at = overAt ?? lookedAt;
  if (status === "merged") return { at, kind: "pull_request_merged", what: "where the draft lies" };
  return status === "closed" ? { at, kind: "pull_request_closed", what: "where the draft lies" } : null;
}
