import { measureChange } from "../../servers/metrics/src/change/change.ts";
import { clean } from "../../servers/metrics/src/change/clean.ts";
import type { Periods, SignalChange } from "../../servers/metrics/src/change/signal-change.ts";
import type { Series } from "../../servers/metrics/src/store.ts";

export const MINUTE = 60_000;
/** The window's start in these tests, epoch ms. */
export const FROM = Date.parse("2026-03-01T10:00:00Z");
/** An hour before the window, and a quarter of an hour of it. */
export const PERIODS: Periods = {
  baselineFrom: FROM - 60 * MINUTE,
  baselineTo: FROM - 7.5 * MINUTE,
  leadFrom: FROM - 7.5 * MINUTE,
  from: FROM,
  to: FROM + 15 * MINUTE,
};

/** A value that wanders a little around `level`, the same for the same index. */
export const around = (level: number, spread: number) => (index: number) =>
  level + spread * Math.sin(index * 2.4) * Math.cos(index * 0.7);

/** One sample a minute from an hour before the window to its end; `at` gets minutes from the window's start. */
export function seriesOf(service: string, signal: string, at: (minute: number) => number | undefined): Series {
  const minutes = Array.from({ length: 75 }, (_, index) => index - 59);
  const kept = minutes.flatMap((minute) => {
    const value = at(minute);
    return value === undefined ? [] : [{ time: FROM + minute * MINUTE, value }];
  });
  return { service, signal, times: kept.map(({ time }) => time), values: kept.map(({ value }) => value) };
}

export function change(
  service: string,
  signal: string,
  at: (minute: number) => number | undefined,
  requests?: number,
): SignalChange {
  return measureChange(clean(seriesOf(service, signal, at)), PERIODS, { requestsPerSecond: requests });
}

/** The change as measured, for tests that are about nothing else. */
export function measured(signal: string, at: (minute: number) => number | undefined, requests?: number) {
  const found = change("checkout", signal, at, requests);
  if (found.status !== "measured") throw new Error(`expected a measured change, got ${found.status}`);
  return found;
}
