/** Upper bounds of latency buckets in seconds, as each ecosystem has them by default. */
export const BUCKETS = {
  micrometer: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.4, 0.6, 1, 1.5, 2.5, 4, 6, 10, 30],
  otel: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  python: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30],
} as const;

interface Snapshot {
  readonly requests: number;
  readonly errors: number;
  readonly retries: number;
  readonly cpuSeconds: number;
  readonly hits: number;
  readonly misses: number;
  readonly buckets: readonly number[];
}

/** Counters and a histogram, read as a scrape reads them and turned into rates as Prometheus does. */
export class Meter {
  requests = 0;
  errors = 0;
  retries = 0;
  hits = 0;
  misses = 0;
  readonly #bounds: readonly number[];
  readonly #buckets: number[];
  readonly #scrapes: Snapshot[] = [];

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#buckets = [...bounds, Number.POSITIVE_INFINITY].map(() => 0);
  }

  observe(seconds: number, failed: boolean): void {
    this.requests += 1;
    if (failed) this.errors += 1;
    const index = this.#bounds.findIndex((bound) => seconds <= bound);
    const bucket = index < 0 ? this.#bounds.length : index;
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
  }

  /** Keeps what a scrape sees, and gives the rates over the last minute; nothing before there are two scrapes. */
  scrape(cpuSeconds: number, windowSeconds: number): Rates | undefined {
    const { requests, errors, retries, hits, misses } = this;
    this.#scrapes.push({ requests, errors, retries, hits, misses, cpuSeconds, buckets: [...this.#buckets] });
    const back = Math.round(windowSeconds / SCRAPE_SECONDS);
    if (this.#scrapes.length > back + 1) this.#scrapes.shift();
    const [first] = this.#scrapes;
    const last = this.#scrapes.at(-1);
    if (first === undefined || last === undefined || first === last) return undefined;
    const seconds = (this.#scrapes.length - 1) * SCRAPE_SECONDS;
    const count = last.requests - first.requests;
    const buckets = last.buckets.map((value, index) => value - (first.buckets[index] ?? 0));
    const looked = last.hits + last.misses - first.hits - first.misses;
    return {
      requests: count / seconds,
      errorRatio: count === 0 ? undefined : (last.errors - first.errors) / count,
      retries: (last.retries - first.retries) / seconds,
      cpuCores: (last.cpuSeconds - first.cpuSeconds) / seconds,
      hitRatio: looked === 0 ? undefined : (last.hits - first.hits) / looked,
      quantile: (q) => quantile(q, this.#bounds, buckets),
    };
  }
}

export const SCRAPE_SECONDS = 15;

export interface Rates {
  readonly requests: number;
  /** Undefined without a request. */
  readonly errorRatio: number | undefined;
  readonly retries: number;
  readonly cpuCores: number;
  readonly hitRatio: number | undefined;
  quantile(q: number): number | undefined;
}

/** Prometheus' `histogram_quantile`: linear within the bucket, the highest bound when it lies beyond. */
function quantile(q: number, bounds: readonly number[], buckets: readonly number[]): number | undefined {
  const total = buckets.reduce((sum, one) => sum + one, 0);
  if (total === 0) return undefined;
  const rank = q * total;
  let seen = 0;
  for (const [index, count] of buckets.entries()) {
    if (seen + count >= rank && count > 0) {
      const upper = bounds[index];
      if (upper === undefined) return bounds.at(-1);
      const lower = bounds[index - 1] ?? 0;
      return lower + ((upper - lower) * (rank - seen)) / count;
    }
    seen += count;
  }
  return bounds.at(-1);
}
