import { z } from "zod";

/** What a wake-up says where it is a message: which case, and when, in epoch milliseconds. */
export const WakeUpMessage = z.strictObject({ case_id: z.string(), due_at: z.number() });
export type WakeUpMessage = z.infer<typeof WakeUpMessage>;

/** Has a case worked on at an instant, by whatever process is there then. Nothing runs in between. */
export interface WakeUps {
  /** At `at` (epoch milliseconds), or earlier: whoever is woken too early asks to be woken again. More than once does no harm. */
  wake(caseId: string, at: number): Promise<void>;
  close(): Promise<void>;
}
