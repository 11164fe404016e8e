import { addFields, type FieldValues, mergeFields } from "./events/fields.ts";
import type { LogEvent } from "./events/join.ts";

/** Most characters of an event that are kept to be shown. */
export const MAX_SAMPLE_CHARS = 4_096;

/** What is counted of the events under one id. Times are epoch milliseconds. */
export interface EventStats {
  count: number;
  before: number;
  first: number;
  last: number;
  /** The earliest event in the window, or the latest before it while the window has none. */
  sampleText: string;
  sampleLength: number;
  sampleAt: number;
  sampleNumber: number;
  /** What all events of the window say, word for word; undefined when there are none, null when they differ. */
  same: string | null | undefined;
  /** Of the events of the window. */
  readonly fields: FieldValues;
}

export const noStats = (): EventStats => ({
  count: 0,
  before: 0,
  first: Number.POSITIVE_INFINITY,
  last: Number.NEGATIVE_INFINITY,
  sampleText: "",
  sampleLength: 0,
  sampleAt: 0,
  sampleNumber: 0,
  same: undefined,
  fields: new Map(),
});

/** One event's counts. */
export function statsOf({ at, text, length, number, fields }: LogEvent, inWindow: boolean): EventStats {
  const told: FieldValues = new Map();
  if (inWindow) addFields(told, fields);
  const kept = text.length > MAX_SAMPLE_CHARS ? text.slice(0, MAX_SAMPLE_CHARS) : text;
  return {
    count: inWindow ? 1 : 0,
    before: inWindow ? 0 : 1,
    first: at,
    last: at,
    sampleText: kept,
    sampleLength: length,
    sampleAt: at,
    sampleNumber: number,
    same: inWindow ? kept : undefined,
    fields: told,
  };
}

/** Adds one part's counts to another's. The result does not depend on the order of the parts. */
export function mergeStats(into: EventStats, part: EventStats): void {
  if (hasBetterSample(part, into)) {
    into.sampleText = part.sampleText;
    into.sampleLength = part.sampleLength;
    into.sampleAt = part.sampleAt;
    into.sampleNumber = part.sampleNumber;
  }
  if (part.same !== undefined) into.same = into.same === undefined || into.same === part.same ? part.same : null;
  mergeFields(into.fields, part.fields);
  into.count += part.count;
  into.before += part.before;
  into.first = Math.min(into.first, part.first);
  into.last = Math.max(into.last, part.last);
}

/** The first event in the window stands for a pattern or, when it has none there, the last one before. */
function hasBetterSample(part: EventStats, than: EventStats): boolean {
  if (than.count === 0 && than.before === 0) return true;
  if (part.count > 0 !== than.count > 0) return part.count > 0;
  const earlier = part.sampleAt - than.sampleAt || part.sampleNumber - than.sampleNumber;
  return part.count > 0 ? earlier < 0 : earlier > 0;
}

/** Moves what is counted under one id to another. */
export function moveStats(stats: Map<number, EventStats>, from: number, into: number): void {
  const moved = stats.get(from);
  if (moved === undefined) return;
  stats.delete(from);
  const target = stats.get(into);
  if (target === undefined) stats.set(into, moved);
  else mergeStats(target, moved);
}
