import { type EventStats, mergeStats, moveStats, noStats, statsOf } from "./event-stats.ts";
import { fieldsInWords, namesInput } from "./events/fields.ts";
import type { LogEvent } from "./events/join.ts";
import { LEVELS, type Level, noEvents, severity } from "./levels.ts";
import { createMiner, type Miner } from "./patterns/miner.ts";
import type { LogQuery, LogReading, PatternCount } from "./store.ts";

/** Counts events by level, by time and by pattern, as they come. A pattern has one level: each level is mined apart. */
export class Tally {
  readonly #query: LogQuery;
  readonly #url: (number: number) => string;
  readonly #contains: string | undefined;
  readonly #worst: number;
  readonly #window = noEvents();
  readonly #before = noEvents();
  readonly #series: Record<Level, number>[];
  readonly #miners = new Map<Level, { readonly miner: Miner; readonly stats: Map<number, EventStats> }>();
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
      const stats = new Map<number, EventStats>();
      mined = { miner: createMiner({ onMerge: (from, into) => moveStats(stats, from, into) }), stats };
      this.#miners.set(event.level, mined);
    }
    const id = mined.miner.add(event.text);
    const known = mined.stats.get(id);
    const seen = statsOf(event, inWindow);
    if (known === undefined) mined.stats.set(id, seen);
    else mergeStats(known, seen);
  }

  #patterns(level: Level, miner: Miner, stats: ReadonlyMap<number, EventStats>): PatternCount[] {
    return miner.templates().map(({ ids, template }) => {
      const merged = noStats();
      for (const id of ids) {
        const part = stats.get(id);
        if (part) mergeStats(merged, part);
      }
      const { count, before, first, last } = merged;
      const sample = {
        text: merged.sampleText,
        length: merged.sampleLength,
        at: merged.sampleAt,
        url: this.#url(merged.sampleNumber),
      };
      const fields = fieldsInWords(merged.fields);
      const repeats = count > 1 && merged.same != null && namesInput(`${merged.same}\n${fields}`);
      return { level, template, count, before, first, last, sample, fields, repeats };
    });
  }
}
