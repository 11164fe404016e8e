import type { Dimensions, Points } from "./metric.ts";

/** One metric of a formula, before it is known whose it is. */
export interface Input {
  readonly metric: string;
  readonly stat: string;
  /** Dimensions beside those of the resource: `{ Operation: "Query" }`. */
  readonly dimensions?: Dimensions;
  /** Whether this metric is only published when there is something to count, so that a period without it is a zero. */
  readonly zeroWhenAbsent?: boolean;
}

/** How a signal is reckoned from the metrics of one resource. */
export interface Formula {
  readonly inputs: readonly Input[];
  /** Of one period's values in the order of the inputs; undefined where there is none to tell. */
  value(values: readonly number[], periodSeconds: number): number | undefined;
  /** The same as metric math over `m1`, `m2`, ..., for people to see in the console; absent when it is the metric itself. */
  readonly math?: string;
}

/** A metric as it is, or times a factor that brings it into the unit of the signal's name. */
export function plain(stat: string, metric: string, factor = 1, dimensions?: Dimensions): Formula {
  return {
    inputs: [{ metric, stat, ...(dimensions ? { dimensions } : {}) }],
    value: ([value]) => (value === undefined ? undefined : value * factor),
    ...(factor === 1 ? {} : { math: factor < 1 ? `m1/${Math.round(1 / factor)}` : `m1*${factor}` }),
  };
}

export const MS = 1 / 1000;
export const PERCENT = 1 / 100;
export const MEBIBYTE = 1_048_576;

/** Counts a second, of one metric or of several together. Not being published is zero where `sparse` says so. */
export function perSecond(
  metrics: string | readonly string[],
  { sparse = false, dimensions = {} as Dimensions } = {},
): Formula {
  const names = [metrics].flat();
  return {
    inputs: names.map((metric) => ({ metric, stat: "Sum", dimensions, zeroWhenAbsent: sparse })),
    value: (values, periodSeconds) => sum(values) / periodSeconds,
    math: `${names.length === 1 ? "m1" : `(${names.map((_, index) => `m${index + 1}`).join("+")})`}/PERIOD(m1)`,
  };
}

/**
 * Some of all, by their counts. A count that was not published in a period in which another was is zero: no failures are no
 * gap. Nothing of nothing is no ratio. `uncounted` says that some may not be counted among all, so that it can be more.
 */
export function ratio(some: readonly string[], all: readonly string[], { uncounted = false } = {}): Formula {
  const names = [...new Set([...some, ...all])];
  const at = (metric: string) => names.indexOf(metric);
  const added = (metrics: readonly string[]) => metrics.map((metric) => `FILL(m${at(metric) + 1},0)`).join("+");
  return {
    inputs: names.map((metric) => ({ metric, stat: "Sum", zeroWhenAbsent: true })),
    value: (values) => {
      const [part, whole] = [some, all].map((metrics) => sum(metrics.map((metric) => values[at(metric)] ?? 0)));
      if (part === undefined || whole === undefined) return undefined;
      const base = uncounted ? Math.max(part, whole) : whole;
      return base > 0 ? part / base : undefined;
    },
    math: `(${added(some)})/(${added(all)})`,
  };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

export interface Reckoned {
  /** Ends of periods, epoch ms. */
  readonly times: number[];
  readonly values: number[];
}

/**
 * A formula over what CloudWatch had. CloudWatch stamps a period at its start; a sample here is stamped when it was known, at its
 * end. Up to `complete`, epoch ms, whatever CloudWatch counts has come in.
 */
export function reckon(
  { inputs, value }: Formula,
  points: readonly Points[],
  periodMs: number,
  complete: number,
): Reckoned {
  const found = [...new Set(points.flatMap((of) => [...of.keys()]))].sort((a, b) => a - b);
  const isCount = inputs.every(({ zeroWhenAbsent }) => zeroWhenAbsent);
  const starts = isCount ? filled(found, periodMs, complete) : found;
  const times: number[] = [];
  const values: number[] = [];
  for (const start of starts) {
    const given = inputs.map(
      ({ zeroWhenAbsent }, index) => points[index]?.get(start) ?? (zeroWhenAbsent ? 0 : Number.NaN),
    );
    const result = given.some(Number.isNaN) ? undefined : value(given, periodMs / 1000);
    if (result === undefined || !Number.isFinite(result)) continue;
    times.push(start + periodMs);
    values.push(result);
  }
  return { times, values };
}

/** Every period from the first that has something to the last, and on to those that are complete without having anything. */
function filled(starts: readonly number[], periodMs: number, complete: number): number[] {
  const [first, last] = [starts[0], starts.at(-1)];
  if (first === undefined || last === undefined) return [];
  const end = Math.max(last, complete - periodMs);
  return Array.from({ length: Math.floor((end - first) / periodMs) + 1 }, (_, index) => first + index * periodMs);
}
