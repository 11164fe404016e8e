/** A clause of a query, built here and never read from anybody's text. */
export type Clause = Readonly<Record<string, unknown>>;

export const all = (...clauses: readonly Clause[]): Clause => ({ bool: { filter: clauses } });
export const any = (...clauses: readonly Clause[]): Clause => ({ bool: { should: clauses, minimum_should_match: 1 } });
export const none = (...clauses: readonly Clause[]): Clause => ({ bool: { must_not: clauses } });

/** From `from`, included, to `to`, excluded; epoch milliseconds. */
export const during = (field: string, { from, to }: { readonly from?: number; readonly to: number }): Clause => ({
  range: { [field]: { ...(from === undefined ? {} : { gte: from }), lt: to, format: "epoch_millis" } },
});

export const oneOf = (field: string, values: readonly (string | number)[]): Clause => ({ terms: { [field]: values } });
export const exists = (field: string): Clause => ({ exists: { field } });
