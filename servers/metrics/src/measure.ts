import type { CouldNotLook } from "@oncall-copilot/core";
import { measureChange } from "./change/change.ts";
import { type CleanSeries, clean } from "./change/clean.ts";
import type { Periods, SignalChange } from "./change/signal-change.ts";
import type { Span } from "./change/span.ts";
import { climbsBefore, keyOf } from "./measure/climbs.ts";
import { endOfData } from "./measure/end-of-data.ts";
import { type Asked as AskedSeries, readSeries } from "./measure/read-series.ts";
import { trafficOf } from "./measure/traffic.ts";
import type { MetricsStore, Series, Unread } from "./store.ts";

export interface Asked extends AskedSeries {
  /** Earlier incidents that are known of. */
  readonly incidents?: readonly Span[];
  /** Who tells whether an end of all series is the end of the data, where one service alone is asked about. */
  readonly neighbours?: readonly string[];
}

export interface Measurements {
  readonly periods: Periods;
  readonly changes: readonly SignalChange[];
  /** What the backend could not answer. */
  readonly gaps: readonly string[];
  /** Signals that could not be read, of which services: their absence says nothing. */
  readonly unread: readonly Unread[];
  /** Why some of it could not be seen, where some could not. */
  readonly failure?: CouldNotLook | undefined;
  /** Epoch ms: where all series end before the window does. */
  readonly dataEnd: number | undefined;
}

/** Reads the series of all services and measures each against the time before the window. Throws CouldNotLook. */
export async function measure(store: MetricsStore, asked: Asked): Promise<Measurements> {
  const { found, periods: read } = await readSeries(store, asked);
  const series = cleaned(found.series);
  const dataEnd = await endOfData(store, asked, series, asked.neighbours ?? []);
  const periods = dataEnd === undefined ? read : { ...read, to: dataEnd };
  const climbing = await climbsBefore(store, { ...asked, from: periods.leadFrom }, series);
  const traffic = trafficOf(series);
  const incidents = asked.incidents ?? [];
  const changes = series.map((one) => {
    asked.abort.throwIfAborted();
    const its = traffic.get(one.service);
    const climbs = climbing.get(keyOf(one));
    return measureChange(climbs?.series ?? one, periods, {
      ...{ requestsPerSecond: its?.usual, noTrafficSince: its?.noneSince, climb: climbs?.climb, incidents },
    });
  });
  return { periods, changes, gaps: found.gaps, unread: found.unread ?? [], failure: found.failure, dataEnd };
}

const cleaned = (series: readonly Series[]): CleanSeries[] =>
  series
    .map(clean)
    .filter(({ times }) => times.length > 0)
    .sort((a, b) => inOrder(a.service, b.service) || inOrder(a.signal, b.signal));

/** By code units: an answer must not hang on the order of a backend's rows, nor on a locale. */
const inOrder = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
