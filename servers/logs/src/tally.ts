import type { LogEvent } from "./events/join.ts";
import { LEVELS, type Level, noEvents, severity } from "./levels.ts";
import { createMiner, type Miner } from "./patterns/miner.ts";
import type { LogQuery, LogReading, PatternCount } from "./store.ts";

/** Most characters of an event that are kept to be shown. */
const MOST_SAMPLE_CHARS = 4_096;

/** Counts of one pattern. Times are epoch milliseconds. */
interface Stats {
  count: number;
  before: number;
  first: number;
  last: number;
  /** The earliest event in the window, or the latest before it while the window has none. */
  sampleText: string;
  sampleLength: number;
  sampleAt: number;
  sampleNumber: number;
  lastBefore: number;
  firstBefore: number;
}

/** Counts events by level, by time and by pattern, as they come. A pattern has one level: each level is mined apart. */
export class Tally {
  readonly #query: LogQuery;
  readonly #url: (number: number) => string;
  readonly #contains: string | undefined;
  readonly #worst: number;
  readonly #window = noEvents();
  readonly #before = noEvents();
  readonly #series: Record<Level, number>[];
  readonly #miners = new Map<Level, { readonly miner: Miner; readonly stats: Map<number, Stats> }>();
  #unfiltered = 0;

  constructor(query: LogQuery, url: (number: number) => string) {
    this.#query = query;
    this.#url = url;
    this.#contains = query.contains?.toLowerCase();
    this.#worst = query.level === undefined ? LEVELS.length : severity(query.level);
    this.#series = Array.from({ length: query.buckets }, noEvents);
  }

  add(event: LogEvent): void {
    const { window, before } = this.#query;
    const { at, level } = event;
    const inWindow = at >= window.from && at < window.to;
    if (!inWindow && !(at >= before.from && at < before.to)) return;
    if (inWindow) this.#unfiltered++;
    if (severity(level) > this.#worst) return;
    if (this.#contains !== undefined && !event.text.toLowerCase().includes(this.#contains)) return;
    if (inWindow) {
      this.#window[level]++;
      const bucket = Math.floor(((at - window.from) * this.#series.length) / (window.to - window.from));
      const counts = this.#series[bucket];
      if (counts) counts[level]++;
    } else this.#before[level]++;
    this.#countPattern(event, inWindow);
  }

  /** Events that are counted together because their kinds were too many to be told apart. */
  get overflow(): number {
    return [...this.#miners.values()].reduce((sum, { miner }) => sum + miner.overflow, 0);
  }

  result(): Pick<LogReading, "counts" | "series" | "patterns" | "unfiltered"> {
    return {
      counts: { window: this.#window, before: this.#before },
      series: this.#series,
      patterns: [...this.#miners].flatMap(([level, { miner, stats }]) => this.#patterns(level, miner, stats)),
      unfiltered: this.#unfiltered,
    };
  }

  #countPattern(event: LogEvent, inWindow: boolean): void {
    let mined = this.#miners.get(event.level);
    if (mined === undefined) {
      const stats = new Map<number, Stats>();
      mined = { miner: createMiner({ onMerge: (from, into) => mergeEntries(stats, from, into) }), stats };
      this.#miners.set(event.level, mined);
    }
    const id = mined.miner.add(event.text);
    const known = mined.stats.get(id);
    const seen = statsOf(event, inWindow);
    if (known === undefined) mined.stats.set(id, seen);
    else merge(known, seen);
  }

  #patterns(level: Level, miner: Miner, stats: ReadonlyMap<number, Stats>): PatternCount[] {
    return miner.templates().map(({ ids, template }) => {
      const merged = emptyStats();
      for (const id of ids) {
        const part = stats.get(id);
        if (part) merge(merged, part);
      }
      const inWindow = merged.count > 0;
      return {
        level,
        template,
        count: merged.count,
        before: merged.before,
        first: inWindow ? merged.first : merged.firstBefore,
        last: inWindow ? merged.last : merged.lastBefore,
        sample: { text: merged.sampleText, length: merged.sampleLength, url: this.#url(merged.sampleNumber) },
      };
    });
  }
}

const emptyStats = (): Stats => ({
  ...{ count: 0, before: 0, sampleText: "", sampleLength: 0, sampleAt: 0, sampleNumber: 0 },
  ...{ first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY },
  ...{ firstBefore: Number.POSITIVE_INFINITY, lastBefore: Number.NEGATIVE_INFINITY },
});

function statsOf(event: LogEvent, inWindow: boolean): Stats {
  const { at, text, length, number } = event;
  return {
    count: inWindow ? 1 : 0,
    before: inWindow ? 0 : 1,
    first: inWindow ? at : Number.POSITIVE_INFINITY,
    last: inWindow ? at : Number.NEGATIVE_INFINITY,
    firstBefore: inWindow ? Number.POSITIVE_INFINITY : at,
    lastBefore: inWindow ? Number.NEGATIVE_INFINITY : at,
    sampleText: text.length > MOST_SAMPLE_CHARS ? text.slice(0, MOST_SAMPLE_CHARS) : text,
    sampleLength: length,
    sampleAt: at,
    sampleNumber: number,
  };
}

/** Whether `b`'s sample stands for both: the first in the window, or the last before it when neither has one there. */
function betterSample(a: Stats, b: Stats): boolean {
  if (a.count > 0 && b.count > 0)
    return b.sampleAt < a.sampleAt || (b.sampleAt === a.sampleAt && b.sampleNumber < a.sampleNumber);
  if (a.count > 0 || b.count > 0) return b.count > 0;
  return a.before === 0 || b.sampleAt > a.sampleAt || (b.sampleAt === a.sampleAt && b.sampleNumber > a.sampleNumber);
}

function merge(into: Stats, part: Stats): void {
  if (betterSample(into, part)) {
    into.sampleText = part.sampleText;
    into.sampleLength = part.sampleLength;
    into.sampleAt = part.sampleAt;
    into.sampleNumber = part.sampleNumber;
  }
  into.count += part.count;
  into.before += part.before;
  into.first = Math.min(into.first, part.first);
  into.last = Math.max(into.last, part.last);
  into.firstBefore = Math.min(into.firstBefore, part.firstBefore);
  into.lastBefore = Math.max(into.lastBefore, part.lastBefore);
}

function mergeEntries(stats: Map<number, Stats>, from: number, into: number): void {
  const moved = stats.get(from);
  if (moved === undefined) return;
  stats.delete(from);
  const target = stats.get(into);
  if (target === undefined) stats.set(into, moved);
  else merge(target, moved);
}
