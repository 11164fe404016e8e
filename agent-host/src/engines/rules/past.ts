import { type Claim, mentions } from "@oncall-copilot/core";
import { claim } from "./claims.ts";
import { cite, firstLine } from "./quote.ts";
import type { Seen } from "./seen.ts";

/** The parts of a line of the history's figures, `"cause" 18 of 149` each, that name a service. */
export function partsAbout(name: string, line: string): string[] {
  const parts = line.match(/"[^"]*"(?: (?:worked )?\d+ of \d+(?: times?)?)?/g) ?? [];
  return parts.filter((part) => mentions(part, name));
}

/** That it came before; and, once a culprit is named, how often it was the cause then and what closed it. */
export function historyClaims({ history, service }: Seen, culprit?: string): Claim[] {
  if (!history) return [];
  const { evidence, basis } = history;
  const before =
    basis === "fingerprint" ? `This alert has come to ${service} before.` : "Trouble much like this has come before.";
  const told =
    culprit === undefined
      ? []
      : evidence.text.split("\n").flatMap((line) => {
          const says = line.startsWith("Fixes:")
            ? `What was done about ${culprit} then.`
            : `${culprit} was at fault before.`;
          const quotes = /^(?:Root causes|Fixes):/.test(line) ? partsAbout(culprit, line) : [];
          return quotes.length === 0 ? [] : [claim(says, ...quotes.map((quote) => cite(evidence, quote)))];
        });
  return [claim(before, cite(evidence, firstLine(evidence))), ...told];
}

/** What people write down when there was no cause. */
const NOTHING =
  /^(?:none\b|no (?:fault|cause|issue|problem|incident)\b|nothing\b|not an? (?:incident|issue|fault)\b|false (?:alarm|positive)\b|flapp|noise\b)/i;
/** So many past incidents make a habit, when so large a share of them was nothing. */
const HABIT = 5;
const MOSTLY = 0.8;

/** What the history quotes of an alert that was nearly always nothing; undefined when it was not, or too seldom to tell. */
export function usuallyNothing({ history }: Seen): readonly string[] | undefined {
  if (history?.basis !== "fingerprint" || history.count < HABIT) return undefined;
  const nothing = history.root_causes.filter(({ root_cause }) => NOTHING.test(root_cause));
  const share = nothing.reduce((sum, { count }) => sum + count, 0) / history.count;
  if (share < MOSTLY) return undefined;
  const line = history.evidence.text.split("\n").find((one) => one.startsWith("Root causes:")) ?? "";
  const parts = line.match(/"[^"]*" \d+ of \d+/g) ?? [];
  return parts.filter((part) => NOTHING.test(part.slice(1)));
}
