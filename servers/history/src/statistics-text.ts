import { formatDuration } from "@oncall-copilot/core";
import { second } from "./instants.ts";
import type { CauseRecord, FixRecord, Statistics } from "./store.ts";

/** Longest fix or cause in a line of figures, in characters; the rows have them whole. */
const LONGEST = 120;
/** Fewer incidents than this make no pattern of days and hours. */
const MIN_FOR_A_PATTERN = 5;
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;

/**
 * The figures as sentences that a person would quote. The first line names what they are about and what kind of
 * likeness they share. `now` in epoch
 * milliseconds tells the weekday and hour that {@link Statistics.sameWeekday} and `sameHour` speak of.
 */
export function statisticsText(about: string, kind: string, statistics: Statistics, now: number): string {
  const { count } = statistics;
  const lines = [
    `${about}: ${count} past ${plural(count, "incident")} ${kind}, ${span(statistics)}; ${statistics.last90Days} in the last 90 days, ${statistics.last365Days} in the last 365 days`,
    resolution(statistics),
  ];
  if (statistics.rootCauses.length > 0) {
    lines.push(`Root causes: ${statistics.rootCauses.map((cause) => causeQuote(cause, statistics)).join("; ")}`);
  }
  if (statistics.fixes.length > 0) {
    const more = statistics.distinctFixes - statistics.fixes.length;
    lines.push(
      `Fixes: ${statistics.fixes.map(fixText).join("; ")}${more > 0 ? `; ${more} other ${plural(more, "fix", "fixes")}` : ""}`,
    );
  }
  const when = pattern(statistics, now);
  if (when !== undefined) lines.push(when);
  return lines.join("\n");
}

const plural = (count: number, one: string, many = `${one}s`) => (count === 1 ? one : many);
const seconds = (value: number) => formatDuration(value * 1000);

/** One line, and cut with a mark when it is long. */
function short(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST).trimEnd()}…`;
}

function span({ count, firstAt, lastAt }: Statistics): string {
  return count === 1 ? `at ${second(firstAt)}` : `from ${second(firstAt)} to ${second(lastAt)}`;
}

function resolution(statistics: Statistics): string {
  const { medianSeconds, p25Seconds, p75Seconds, open, count } = statistics;
  const unresolved = open > 0 ? `; ${open} not resolved yet` : "";
  if (medianSeconds === null || p25Seconds === null || p75Seconds === null)
    return open === count ? `None was resolved${unresolved}` : `Resolved, in how long is not known${unresolved}`;
  if (count - open === 1) return `Resolved in ${seconds(medianSeconds)}${unresolved}`;
  return `Resolved in ${seconds(medianSeconds)} in the median (${seconds(p25Seconds)} to ${seconds(p75Seconds)} for the middle half)${unresolved}`;
}

/** What of the line of causes speaks of one, to be quoted by itself. */
export const causeQuote = ({ rootCause, count }: CauseRecord, { withCause }: Statistics): string =>
  `"${short(rootCause)}" ${count} of ${withCause}`;

/** What of the line of fixes speaks of one, to be quoted by itself. */
export function fixQuote({ fix, worked, failed }: FixRecord): string {
  const known = worked + failed;
  const fared = known === 0 ? "" : ` worked ${worked} of ${known} ${plural(known, "time")}`;
  return `"${short(fix)}"${fared}`;
}

function fixText(record: FixRecord): string {
  const { worked, failed, unknown, medianSeconds } = record;
  const tried = worked + failed === 0 ? ` tried ${unknown} ${plural(unknown, "time")}, outcome unknown` : "";
  const took = medianSeconds === null || worked < 2 ? "" : ` (${seconds(medianSeconds)} in the median)`;
  return `${fixQuote(record)}${tried}${took}`;
}

/** Said only where at least half of enough incidents began then: by chance it would be a seventh, or an eighth. */
function pattern({ count, sameWeekday, sameHour }: Statistics, now: number): string | undefined {
  if (count < MIN_FOR_A_PATTERN) return undefined;
  const at = new Date(now);
  const hour = String(at.getUTCHours()).padStart(2, "0");
  const parts = [
    ...(sameWeekday * 2 >= count ? [`${sameWeekday} of ${count} began on a ${WEEKDAYS[at.getUTCDay()]}, as now`] : []),
    ...(sameHour * 2 >= count ? [`${sameHour} of ${count} began within an hour of ${hour}:00 UTC, as now`] : []),
  ];
  return parts.length > 0 ? parts.join("; ") : undefined;
}
