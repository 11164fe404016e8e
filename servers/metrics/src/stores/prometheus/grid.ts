/** The instants that a query is evaluated at. */
export interface Grid {
  /** Epoch seconds, multiples of the step. */
  readonly start: number;
  readonly end: number;
  readonly step: number;
  /** Window of a rate, in seconds: four scrapes, so that it holds two samples even when one scrape fails. */
  readonly rate: number;
}

/** Prometheus refuses more than 11,000 points a series; far fewer tell the same and keep an answer small. */
const MAX_POINTS = 2_000;

/**
 * Instants after `from` up to and with `to` (epoch ms), on multiples of the step, so that two calls in one step ask the same
 * and caches in front of Thanos and Mimir can answer. The step is never below the scrape interval, which would only
 * repeat samples. Undefined when not one instant lies in between.
 */
export function gridOf(from: number, to: number, scrapeSeconds: number): Grid | undefined {
  const span = (to - from) / 1000;
  const step = scrapeSeconds * Math.max(1, Math.ceil(span / MAX_POINTS / scrapeSeconds));
  const start = (Math.floor(from / 1000 / step) + 1) * step;
  const end = Math.floor(to / 1000 / step) * step;
  if (end < start) return undefined;
  return { start, end, step, rate: Math.max(4 * scrapeSeconds, step + scrapeSeconds) };
}
