/** How one kind of instrumentation tells the usual signals. */
export interface Preset {
  /** The label that holds a service's name unless the configuration names another. */
  readonly label: string;
  readonly signals: Readonly<Record<string, PresetSignal>>;
  /** The counter of requests, to look for a label of how they ended where none of the usual ones is there. */
  readonly counter?: string;
}

/** A query with placeholders (see Template), and its own label where it differs from the preset's. */
export type PresetSignal = string | { readonly query: string; readonly label: string };

export const requests = (counter: string): string => `sum by($by)(rate(${counter}{$service}[$rate]))`;

/** Labels under which instrumentations keep the status of a request: `500`, or grouped as `5xx`. */
export const STATUS_LABELS = ["code", "status", "status_code", "response_code"] as const;
/** A status that failed, and one that is understood at all. */
const FAILED = "5..";
const UNDERSTOOD = "[1-5]..";

/**
 * Failed requests of all, by whichever of some labels holds the status. Where no failure was ever counted there is no series of failures: zeros
 * stand in its place, but only for requests whose status was seen and understood. A counter without such a label has no error ratio,
 * which is a gap, and not one of zero. `more`: a further matcher of every selector.
 */
export function failing(counter: string, labels: readonly string[], more = ""): string {
  const selected = (label: string, values: string) => `rate(${counter}{$service${more},${label}=~'${values}'}[$rate])`;
  const terms = [
    ...labels.map((label) => selected(label, FAILED)),
    ...labels.map((label) => `0*${selected(label, UNDERSTOOD)}`),
  ];
  return `sum by($by)(${terms.join(" or ")})/sum by($by)(rate(${counter}{$service${more}}[$rate]))`;
}

export const quantile = (q: number, histogram: string): string =>
  `histogram_quantile(${q},sum by($by,le)(rate(${histogram}_bucket{$service}[$rate])))`;
