import type { Periods } from "../change/signal-change.ts";
import { FEWEST_SAMPLES } from "../change/usual.ts";
import type { MetricsStore, Series, SeriesFound } from "../store.ts";

/** What is asked for: which signals of which services, over which window. */
export interface Asked {
  readonly services: readonly string[];
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly signals?: readonly string[];
  readonly abort: AbortSignal;
}

const HOUR_MS = 3_600_000;
/** The baseline is this many windows long where samples are close enough together. */
const BASELINE_WINDOWS = 4;

/** Ever longer stretches before the window: five-minute samples, or a source with holes, need to reach further back. */
function baselineLengths(windowMs: number): number[] {
  const first = Math.max(BASELINE_WINDOWS * windowMs, HOUR_MS);
  return [first, 24 * HOUR_MS, 7 * 24 * HOUR_MS].filter((length, index) => index === 0 || length >= 2 * first);
}

/** An effect may begin this long before the window, as a share of the window and in milliseconds at the most. */
const LEAD_SHARE = 0.5;
const LEAD_MAX_MS = 10 * 60_000;

/** Where samples begin too late for a baseline before the window, the first third of their time stands in for one. */
const STAND_IN_SHARE = 1 / 3;
/** The end of such a baseline may hold the effect already. */
const STAND_IN_LEAD = 1 / 3;

/** Whether most of the series that report after an instant have enough samples before it to say what is usual. */
function enough(series: readonly Series[], before: number): boolean {
  const reporting = series.filter(({ times }) => (times.at(-1) ?? 0) > before);
  const judged = reporting.length > 0 ? reporting : series;
  const rich = judged.filter(({ times }) => times.filter((at) => at <= before).length >= FEWEST_SAMPLES);
  return series.length > 0 && rich.length * 2 > judged.length;
}

function withLead(series: readonly Series[], baselineFrom: number, from: number, to: number, lead: number): Periods {
  const leadFrom = from - lead;
  return { baselineFrom, baselineTo: enough(series, leadFrom) ? leadFrom : from, leadFrom, from, to };
}

/** The stretches to compare when there is next to nothing before the window: the baseline moves into it. */
function movedInto(series: readonly Series[], { from, to }: Asked): Periods | undefined {
  const begins = series.reduce((earliest, { times }) => Math.min(earliest, times[0] ?? earliest), to);
  const split = begins + (to - begins) * STAND_IN_SHARE;
  if (begins >= to || split <= from) return undefined;
  return withLead(series, begins - 1, split, to, (split - begins) * STAND_IN_LEAD);
}

export interface ReadSeries {
  readonly found: SeriesFound;
  readonly periods: Periods;
}

/**
 * Reads the series of all services at once, reaching further back only while most have too little to compare with. Where even
 * the farthest reach finds too little, the first samples of the window itself are compared with: `periods` says so.
 */
export async function readSeries(store: MetricsStore, asked: Asked): Promise<ReadSeries> {
  const { services, from, to, signals, abort } = asked;
  let found: SeriesFound = { series: [], gaps: [] };
  let baselineFrom = from;
  for (const length of baselineLengths(to - from)) {
    const start = from - length;
    const reached = await store.series({ services, from: start, to, abort, ...(signals ? { signals } : {}) });
    const isEnough = enough(reached.series, from);
    // Over a longer time a backend may give samples farther apart: where they bring no baseline either, the finer ones tell more.
    if (isEnough || samplesIn(found) === 0 || samplesIn(reached) > samplesIn(found)) {
      found = reached;
      baselineFrom = start;
    }
    if (isEnough) break;
  }
  const lead = Math.min((to - from) * LEAD_SHARE, LEAD_MAX_MS);
  const moved = enough(found.series, from) ? undefined : movedInto(found.series, asked);
  return { found, periods: moved ?? withLead(found.series, baselineFrom, from, to, lead) };
}

const samplesIn = ({ series }: SeriesFound): number => series.reduce((sum, { times }) => sum + times.length, 0);
