/** How one kind of instrumentation tells the usual signals. */
export interface Preset {
  /** The label that holds a service's name unless the configuration names another. */
  readonly label: string;
  readonly signals: Readonly<Record<string, PresetSignal>>;
}

/** A query with placeholders (see Template), and its own label where it differs from the preset's. */
export type PresetSignal = string | { readonly query: string; readonly label: string };

export const requests = (counter: string): string => `sum by($by)(rate(${counter}{$service}[$rate]))`;

/**
 * Failed requests of all. Where no failure was ever counted there is no series of failures: `or` puts zeros in its place, since
 * no failures are no gap.
 */
export const failing = (counter: string, failed: string): string =>
  `sum by($by)(rate(${counter}{$service,${failed}}[$rate])or 0*rate(${counter}{$service}[$rate]))/${requests(counter)}`;

export const quantile = (q: number, histogram: string): string =>
  `histogram_quantile(${q},sum by($by,le)(rate(${histogram}_bucket{$service}[$rate])))`;
