import type { CleanSeries } from "../change/clean.ts";
import { median } from "../change/statistics.ts";
import type { MetricsStore } from "../store.ts";
import type { Asked } from "./read-series.ts";

/** The newest sample of all must be so many periods, and so long, before the window's end for the data to have ended. */
const LATE_PERIODS = 3.5;
const LATE_MS = 90_000;
/** Series whose newest sample is this much older stopped at another time, and are not asked. */
const LATELY_MS = 20 * 60_000;
/** This share of the series must end at one moment, give or take these periods. */
const NEARLY_ALL = 0.8;
const TOGETHER_PERIODS = 2.5;
/** How long before the end others must have reported to be witnesses of it. */
const WITNESS_MS = 10 * 60_000;

/**
 * The instant, epoch ms, at which all series end though the window goes on: whatever collects them stopped, or what was kept ends there.
 * That is nobody's silence. Undefined where the data reach the window's end, and where only some ended. Where one service alone
 * was asked about, `neighbours` tell whether the end is its own.
 */
export async function endOfData(
  store: MetricsStore,
  { to, abort }: Asked,
  series: readonly CleanSeries[],
  neighbours: readonly string[],
): Promise<number | undefined> {
  const lasts = series.map(({ times }) => times.at(-1) ?? 0);
  const newest = Math.max(0, ...lasts);
  const step = median(series.map(({ stepMs }) => stepMs));
  if (series.length === 0 || to - newest <= Math.max(LATE_PERIODS * step, LATE_MS)) return undefined;
  const lately = lasts.filter((last) => newest - last <= LATELY_MS);
  const together = lately.filter((last) => newest - last <= TOGETHER_PERIODS * step);
  if (together.length < NEARLY_ALL * lately.length) return undefined;
  if (new Set(series.map(({ service }) => service)).size > 1) return newest;
  if (neighbours.length === 0) return undefined;
  const witnesses = await store.series({ services: neighbours, from: newest - WITNESS_MS, to, abort });
  const theirs = witnesses.series.map(({ times }) => times.at(-1) ?? 0);
  const goOn = theirs.some((last) => last - newest > TOGETHER_PERIODS * step);
  return theirs.length > 0 && !goOn ? newest : undefined;
}
