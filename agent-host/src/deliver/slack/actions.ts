import { z } from "zod";

/** What the buttons of a card and the modals behind them are called. */
export const ACTION = {
  approve: "oncall_approve",
  edit: "oncall_edit",
  reject: "oncall_reject",
  look: "oncall_look",
} as const;

/**
 * What a button is bound to, in its value: the case, the bytes of the report that its reader saw, and the commit that the draft's
 * branch was at. Nothing in it is a credential: who may is asked at the click.
 */
export const BoundTo = z.strictObject({
  case: z.string().min(1).max(200),
  /** SHA-256 of the sealed report; null where there is none. */
  report: z.string().nullable(),
  head: z.string().nullable(),
});
export type BoundTo = z.infer<typeof BoundTo>;

export const buttonValue = (bound: BoundTo): string => JSON.stringify(bound);

/** @returns undefined for what is no value of ours. */
export function boundIn(value: string): BoundTo | undefined {
  try {
    return BoundTo.safeParse(JSON.parse(value)).data;
  } catch {
    return undefined;
  }
}
