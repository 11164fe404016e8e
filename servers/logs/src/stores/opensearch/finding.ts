import type { Clause } from "./clauses.ts";

/** A pattern as a question that the index can answer. */
export interface PatternClause {
  readonly clause: Clause;
  /** Equal for patterns that the index cannot tell apart. */
  readonly key: string;
  /** How much of a message it pins down: where two clauses fit a line, the line belongs to the heavier one. */
  readonly weight: number;
  /** Whether the clause may find this message: never false when it does, as far as can be told here. */
  finds(message: string): boolean;
}
