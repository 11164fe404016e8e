/** A signal's unit is the end of its name, by Prometheus's custom. */
export type Unit = "ratio" | "seconds" | "bytes" | "per_second" | "cores" | "count";

export function unitOf(signal: string): Unit {
  const name = signal.toLowerCase();
  if (name.endsWith("_per_second") || name.endsWith("_total")) return "per_second";
  if (name.endsWith("_ratio")) return "ratio";
  if (name.endsWith("_seconds")) return "seconds";
  if (name.endsWith("_bytes")) return "bytes";
  if (name.endsWith("_cores")) return "cores";
  return "count";
}

/**
 * The least spread a signal is taken to have, whatever a short quiet baseline shows: without it a flat line makes any
 * jitter infinitely unusual. Absolute, in the signal's own unit, and relative to what is usual.
 */
export const FLOORS: Readonly<Record<Unit, { readonly absolute: number; readonly relative: number }>> = {
  ratio: { absolute: 0.005, relative: 0.05 },
  seconds: { absolute: 0.001, relative: 0.05 },
  bytes: { absolute: 1_048_576, relative: 0.05 },
  per_second: { absolute: 0.05, relative: 0.05 },
  cores: { absolute: 0.01, relative: 0.1 },
  count: { absolute: 0.5, relative: 0.05 },
};
