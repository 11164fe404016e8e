export type Dimensions = Readonly<Record<string, string>>;

/** One metric by one statistic: the unit that CloudWatch is asked for, and charges for. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
  /** `Sum`, `Average`, `Maximum`, `p99`, ... */
  readonly stat: string;
}

/** In the order of their names, so that the same dimensions are always written the same way. */
export const inOrder = (dimensions: Dimensions): readonly (readonly [name: string, value: string])[] =>
  Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));

/** The same text for the same metric. */
export function keyOf({ namespace, name, dimensions, stat }: Metric): string {
  return JSON.stringify([namespace, name, stat, inOrder(dimensions)]);
}

/** What CloudWatch had of one metric: values by the start of their period, epoch ms. */
export type Points = ReadonlyMap<number, number>;
