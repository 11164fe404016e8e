import { type Claim, headingOf, mentions } from "@oncall-copilot/core";
import { claim } from "./claims.ts";
import { cite } from "./quote.ts";
import type { Seen } from "./seen.ts";

type Stats = NonNullable<Seen["history"]>;

/** What the history's figures say of some of its causes or fixes, word for word. */
const quotesOf = (said: readonly { readonly quote?: readonly number[] | undefined }[], { evidence }: Stats): string[] =>
  said.flatMap(({ quote }) => (quote ? [evidence.text.slice(quote[0], quote[1])] : []));

/** That it came before; and, once a culprit is named, how often it was the cause then and what closed it. */
export function historyClaims({ history, service }: Seen, culprit?: string): Claim[] {
  if (!history) return [];
  const { evidence, basis, root_causes: causes, fixes } = history;
  const before =
    basis === "fingerprint" ? `This alert has come to ${service} before.` : "Trouble much like this has come before.";
  const told = (text: string, said: Stats["fixes"] | Stats["root_causes"]) => {
    const quotes = quotesOf(said, history).filter((quote) => culprit !== undefined && mentions(quote, culprit));
    return quotes.length === 0 ? [] : [claim(text, ...quotes.map((quote) => cite(evidence, quote)))];
  };
  return [
    claim(before, cite(evidence, headingOf(evidence))),
    ...told(`${culprit} was at fault before.`, causes),
    ...told(`What was done about ${culprit} then.`, fixes),
  ];
}

/** So many past incidents make a habit, when so large a share of them was nothing. */
const HABIT = 5;
const MOSTLY = 0.8;

/** What the history quotes of an alert that was nearly always nothing; undefined when it was not, or too seldom to tell. */
export function usuallyNothing({ history }: Seen): readonly string[] | undefined {
  if (history?.basis !== "fingerprint" || history.count < HABIT) return undefined;
  const nothing = history.root_causes.filter((cause) => cause.no_fault);
  const share = nothing.reduce((sum, { count }) => sum + count, 0) / history.count;
  return share < MOSTLY ? undefined : quotesOf(nothing, history);
}
