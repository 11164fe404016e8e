import { formatDuration, type Window } from "@oncall-copilot/core";
import { LEVELS, type LevelCounts } from "../levels.ts";
import type { Coverage } from "../store.ts";

/** RFC 3339 UTC to the second: what a person quotes. Evidence has the exact instant in `at`. */
export const second = (epochMs: number): string => `${new Date(epochMs).toISOString().slice(0, 19)}Z`;

export const lines = (count: number): string => (count === 1 ? "1 line" : `${count} lines`);

/** `error 431 (before: 2), warn 120 (before: 118)`: every level that occurs in either stretch. */
export function levelsInWords(window: LevelCounts, before: LevelCounts): string {
  const seen = LEVELS.filter((level) => window[level] + before[level] > 0);
  return seen.map((level) => `${level} ${window[level]} (before: ${before[level]})`).join(", ");
}

/** What a stretch lacks, as a gap; undefined when it is there as a whole. */
export function holesInWords(name: string, stretch: Window, { covered, holes }: Coverage): string | undefined {
  if (holes.length === 0) return undefined;
  const named = holes.slice(0, 3).map(({ from, to }) => `${second(from)} to ${second(to)}`);
  const more = holes.length > named.length ? ` and ${holes.length - named.length} more` : "";
  const length = formatDuration(stretch.to - stretch.from);
  if (covered === 0) return `${name} (${length}): no log of any service is there for it`;
  return `${name}: the log covers ${formatDuration(covered)} of ${length}; nothing from ${named.join(", ")}${more}`;
}
