import type { FileProblems } from "./problems.ts";

/** A file in which everything lies after the as-of would look empty to every reader. */
export function visibleBy(
  asOf: number | undefined,
  first: number | undefined,
  what: string,
  problems: FileProblems,
): void {
  if (asOf === undefined || first === undefined || first <= asOf) return;
  problems.error(
    `begins at ${new Date(first).toISOString()}, after the recording's as-of ${new Date(asOf).toISOString()} ` +
      `(the alert plus five minutes), so no ${what} of it can be seen; check the alert's start and the zones`,
  );
}
