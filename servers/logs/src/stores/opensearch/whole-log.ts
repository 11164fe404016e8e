import { EventJoiner, JOIN_MS } from "../../events/join.ts";
import { isTraceLine } from "../../events/trace.ts";
import type { LogQuery, LogReading } from "../../store.ts";
import { Tally } from "../../tally.ts";
import { type Clause, during } from "./clauses.ts";
import type { FoundLine } from "./documents.ts";
import { readLines } from "./pages.ts";
import type { Reach } from "./reach.ts";

/** What came of lines that were all read. */
export interface Tallied extends Pick<LogReading, "counts" | "series" | "patterns" | "unfiltered"> {
  readonly read: number;
  /** Lines of the stretch without a level that is known. */
  readonly levelless: number;
  /** Those whose numeric level can be read two ways. */
  readonly ambiguous: number;
  /** Lines whose stack trace may have been left behind by a filter: parts of one that follow nothing. */
  readonly strays: number;
}

/** A stack trace may begin just before a stretch or end just after it; never look past the present. */
export function withMargins({ before, window }: LogQuery, now: number) {
  return { from: before.from - JOIN_MS, to: Math.min(window.to + JOIN_MS, now) };
}

/**
 * Reads every line that passes the filters and counts them as those of a recording are counted: stack traces joined, patterns
 * mined from all of them.
 */
export async function tallyAll(
  reach: Reach,
  query: LogQuery,
  filters: readonly Clause[],
  limits: { readonly most: number; readonly now: number },
): Promise<Tallied> {
  const stretch = withMargins(query, limits.now);
  return tallyLines(
    reach,
    query,
    await readLines(reach, [...filters, during(reach.mapping.time, stretch)], limits.most),
  );
}

/** Counts lines that were read, oldest first. */
export function tallyLines(reach: Reach, query: LogQuery, lines: readonly FoundLine[]): Tallied {
  const urlOf = (number: number) => {
    const line = lines[number - 1];
    return line === undefined ? "" : reach.documentUrl(line.index, line.id);
  };
  const tally = new Tally(query, urlOf);
  let strays = 0;
  const joiner = new EventJoiner((event) => {
    if (isTraceLine(event.text)) strays++;
    tally.add(event);
  });
  for (const line of lines) joiner.push(line);
  joiner.end();
  const inStretch = ({ at }: FoundLine) => at >= query.before.from && at < query.window.to;
  const levelless = lines.filter((line) => !line.levelled && inStretch(line)).length;
  const ambiguous = lines.filter((line) => line.ambiguous && inStretch(line)).length;
  return { ...tally.result(), read: lines.length, levelless, ambiguous, strays };
}
