import { CouldNotLook, formatDuration, type NothingFound } from "@oncall-copilot/core";
import type { LogQuery, LogReading } from "../store.ts";
import { filterInWords } from "./items.ts";
import { LABELS, type Labelled } from "./labels.ts";
import type { LogAnswer } from "./output.ts";
import { holesInWords, lines, second } from "./words.ts";

/** Which of the ranked patterns an answer shows. */
export interface Shown {
  readonly ranked: readonly Labelled[];
  readonly offset: number;
  readonly count: number;
}

const inBrackets = (notes: readonly string[]): string => (notes.length > 0 ? ` (${notes.join("; ")})` : "");

/** The first line of an answer: what was read, how many patterns there are, and what was left out. */
export function summary(query: LogQuery, { ranked, offset, count }: Shown, notes: readonly string[]): string {
  const { window } = query;
  const kinds = LABELS.map((label) => [label, ranked.filter((pattern) => pattern.label === label).length] as const)
    .filter(([, patterns]) => patterns > 0)
    .map(([label, patterns]) => `${patterns} ${label}`);
  const end = offset + count;
  const left = ranked.length - end;
  const which =
    offset === 0 && left === 0
      ? "all shown"
      : `${count === 1 ? `number ${end}` : `${offset + 1} to ${end}`} shown, most telling first`;
  const rest = left > 0 ? `; ${left} left out: pass \`more\` as cursor, or narrow with level or contains` : "";
  const length = formatDuration(window.to - window.from);
  return (
    `${query.service} log${filterInWords(query)}, ${second(window.from)} to ${second(window.to)}${inBrackets(notes)} ` +
    `against the ${length} before: ${ranked.length} ${ranked.length === 1 ? "pattern" : "patterns"} (${kinds.join(", ")}); ${which}${rest}.`
  );
}

/** What could not be seen although the rest could. */
export function gapsOf(query: LogQuery, reading: LogReading): string[] {
  const window = holesInWords("the window", query.window, reading.coverage.window);
  const before = holesInWords("the time before", query.before, reading.coverage.before);
  const compared =
    reading.coverage.before.covered === 0
      ? "; nothing can be called new, rising or gone"
      : "; rates are compared over what is there";
  return [...(window ? [window] : []), ...(before ? [`${before}${compared}`] : []), ...reading.gaps];
}

/** A window for which there is no log at all says nothing about the service. */
export function nothingRecorded({ window }: LogQuery): CouldNotLook {
  return new CouldNotLook(
    "not_recorded",
    `no log of any service is there for ${second(window.from)} to ${second(window.to)}`,
    { tryNext: ["another window"] },
  );
}

/** The answer when no line of the service passes the filters in either stretch. */
export function nothingFound(
  query: LogQuery,
  reading: LogReading,
  data: LogAnswer,
  notes: readonly string[],
): NothingFound<LogAnswer> {
  const { window, before } = query;
  const filtered = query.level !== undefined || query.contains !== undefined;
  const asked = `lines of ${query.service}${filterInWords(query)}`;
  const unfiltered = filtered ? `; without the filter there are ${lines(reading.unfiltered)} in the window` : "";
  return {
    outcome: "nothing_found",
    summary: `No ${asked} from ${second(window.from)} to ${second(window.to)}${inBrackets(notes)}, nor in the time before.`,
    searched: `${asked}, ${second(before.from)} to ${second(window.to)}${unfiltered}`,
    tryNext: [
      ...(filtered && reading.unfiltered > 0 ? ["the same without level and contains"] : []),
      "a longer window",
      "the services that it depends on",
    ],
    absence: {
      about: [query.service],
      over: reading.unfiltered,
      from: before.from,
      to: window.to,
      url: reading.url,
    },
    gaps: gapsOf(query, reading),
    data,
  };
}
