import { type EvidenceDraft, formatDuration, instant, interval, redact, withHeading } from "@oncall-copilot/core";
import { LEVELS, type LevelCounts } from "../levels.ts";
import type { LogQuery, LogReading, Sample } from "../store.ts";
import { excerpt } from "./excerpt.ts";
import type { Labelled } from "./labels.ts";
import { levelMarks, patternMark, type Scene } from "./marks.ts";
import { levelsInWords, lines, second } from "./words.ts";

/** The level counts as evidence: the figures of both stretches and, for each level that occurs, its course. */
export function levelsItem(query: LogQuery, reading: LogReading): EvidenceDraft {
  const { window } = query;
  const words = levelsInWords(reading.counts.window, reading.counts.before);
  const each = formatDuration((window.to - window.from) / query.buckets);
  const courses = LEVELS.filter((level) => reading.counts.window[level] > 0).map(
    (level) => `${level} each ${each}: ${course(reading.series, level)}`,
  );
  const filter = filterInWords(query);
  return {
    text: [
      `${query.service} log levels${filter} ${second(window.from)} to ${second(window.to)}: ${words || "no lines"}`,
      ...courses,
    ].join("\n"),
    url: reading.url,
    at: interval(window.from, window.to),
    about: [query.service],
    shows: levelMarks(reading),
  };
}

const course = (series: readonly LevelCounts[], level: keyof LevelCounts): string =>
  series.map((counts) => counts[level]).join(" ");

/** ` of level warn and worse containing "timeout"`, or nothing. */
export function filterInWords(query: Pick<LogQuery, "level" | "contains">): string {
  const level =
    query.level === undefined ? "" : ` of level ${query.level}${query.level === "error" ? "" : " and worse"}`;
  return `${level}${query.contains === undefined ? "" : ` containing ${JSON.stringify(query.contains)}`}`;
}

/**
 * One pattern as evidence: its figures in a line, then one event word for word. It is redacted before it is cut, since half of a
 * secret would not be known for one.
 */
export async function patternItem(pattern: Labelled, scene: Scene, maxChars: number): Promise<EvidenceDraft> {
  const { label, level, count, before, first, last, sample } = pattern;
  const shown = excerpt(await safeSample(sample), maxChars);
  const same = pattern.repeats ? "; every line names the very same input" : "";
  const figures =
    `${scene.service} ${level} log, pattern ${label}: ${lines(count)} in the window, ${before} before; ` +
    `first ${second(first)}, last ${second(last)}${same}${shown.note === "" ? "" : `; below, ${shown.note}`}`;
  const fields =
    isTrouble(pattern) && pattern.fields ? `\n${(await redact(pattern.fields)).text.slice(0, MAX_FIELDS_CHARS)}` : "";
  return {
    text: withHeading(figures, `${shown.text}${fields}`),
    url: sample.url,
    at: instant(sample.at),
    about: [scene.service],
    shows: [patternMark(pattern, scene)],
  };
}

/** What a line's fields say takes room, so it is told of what matters. */
const isTrouble = ({ label, level }: Labelled): boolean =>
  (label === "new" || label === "rising") && (level === "error" || level === "warn");
const MAX_FIELDS_CHARS = 320;

/** Of an event that was not kept whole, the last word is left out, as it may be a part of one. */
async function safeSample({ text, length }: Sample): Promise<Pick<Sample, "text" | "length">> {
  const kept = text.length < length ? text.replace(/(?<!\S)\S{1,400}$/, "") : text;
  const safe = (await redact(kept)).text;
  return { text: safe, length: safe.length + length - kept.length };
}
