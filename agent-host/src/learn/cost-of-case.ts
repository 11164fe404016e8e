import type { Case } from "../cases/case.ts";

type Looked = Pick<Case, "looks">;

/** What a case's looks have cost in dollars; null when the price of one is not known. */
export const dollarsOf = ({ looks }: Looked): number | null =>
  looks.some(({ dollars }) => dollars === null) ? null : looks.reduce((sum, { dollars }) => sum + (dollars ?? 0), 0);

/** Tokens in and out of all of a case's looks. */
export const tokensOf = ({ looks }: Looked): number =>
  looks.reduce((sum, look) => sum + look.input_tokens + look.output_tokens, 0);
