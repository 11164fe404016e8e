import { z } from "zod";
import { WakeUpMessage } from "../../cases/wake-ups/wake-ups.ts";
import type { Worked } from "../../cases/work/work-on-case.ts";
import type { BatchResponse } from "./alert-handler.ts";
import { openedOnce } from "./opened-once.ts";

const Batch = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })).min(1) });

/** Sooner than this is now, in milliseconds. */
const SOON_MS = 1_000;
/** Somebody else holds the case: asked again then, since they may have died. In milliseconds. */
const HELD_MS = 60_000;

/** Whoever works on cases, and what has them looked at again. */
export interface TriagePorts {
  work(caseId: string): Promise<Worked>;
  wake(caseId: string, at: number): Promise<void>;
}

export interface TriageHandlerParts {
  /** Opened at the first wake-up, and kept. */
  open(): Promise<TriagePorts>;
  readonly now: () => number;
  log(message: string, about: Readonly<Record<string, unknown>>): void;
}

/** The Lambda function that works on cases: a wake-up a message, and the next wake-up sent when a case is given back. */
export function triageHandler({ open, now, log }: TriageHandlerParts): (event: unknown) => Promise<BatchResponse> {
  const ports = openedOnce(open);
  const one = async (body: string): Promise<void> => {
    const { case_id: caseId, due_at: dueAt } = WakeUpMessage.parse(JSON.parse(body));
    const { work, wake } = await ports();
    if (dueAt > now() + SOON_MS) return wake(caseId, dueAt);
    const worked = await work(caseId);
    if (worked.kind === "not_taken") return wake(caseId, now() + HELD_MS);
    if (worked.dueAt !== null) await wake(caseId, worked.dueAt);
  };
  return async (event) => {
    const failed: { itemIdentifier: string }[] = [];
    for (const { messageId, body } of Batch.parse(event).Records) {
      await one(body).catch((error: unknown) => {
        log("a wake-up could not be carried out", { message: messageId, why: String(error) });
        failed.push({ itemIdentifier: messageId });
      });
    }
    return { batchItemFailures: failed };
  };
}
