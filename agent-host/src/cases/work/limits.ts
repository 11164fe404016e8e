import type { Case } from "../case.ts";
import type { Ledger } from "../ledger.ts";

/** How much the model may be used. What is over it is answered by the rules engine. */
export interface Limits {
  /** Cases that a model looks at, at once, over all processes. */
  readonly casesAtOnce: number;
  /** Input and output; null: no limit. */
  readonly tokensPerHour: number | null;
  readonly dollarsPerHour: number | null;
  /** Severities, in lower case, that are never put off. */
  readonly neverPutOff: readonly string[];
}

export type Admission =
  | { readonly model: true; readonly release: () => Promise<void> }
  | { readonly model: false; readonly why: string };

/** Whether a case may have the model now; `until` is when this look ends at the latest. */
export async function admit(ledger: Ledger, limits: Limits, one: Case, until: number): Promise<Admission> {
  const { severity } = one.alert;
  if (severity !== null && limits.neverPutOff.includes(severity.toLowerCase())) {
    // It counts among those at once if there is room, and goes ahead if there is none.
    return { model: true, release: (await ledger.takePlace(limits.casesAtOnce, one.id, until)) ?? (async () => {}) };
  }
  const spent = await ledger.lastHour();
  if (limits.tokensPerHour !== null && spent.tokens >= limits.tokensPerHour)
    return over(`the ${limits.tokensPerHour} tokens an hour are spent`);
  if (limits.dollarsPerHour !== null && spent.dollars >= limits.dollarsPerHour)
    return over(`the ${limits.dollarsPerHour} dollars an hour are spent`);
  const release = await ledger.takePlace(limits.casesAtOnce, one.id, until);
  return release ? { model: true, release } : over(`the model looks at ${limits.casesAtOnce} cases at once already`);
}

const over = (what: string): Admission => ({ model: false, why: `${what}, so the rules engine looked, at no cost` });
