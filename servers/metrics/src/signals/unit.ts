import type { Role } from "./role.ts";

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

interface Floor {
  /** In the signal's own unit. */
  readonly absolute: number;
  /** Of what is usual. */
  readonly relative: number;
}

const FLOORS: Readonly<Record<Unit, Floor>> = {
  ratio: { absolute: 0.005, relative: 0 },
  seconds: { absolute: 0.001, relative: 0.05 },
  bytes: { absolute: 4_194_304, relative: 0.05 },
  per_second: { absolute: 0.05, relative: 0.05 },
  cores: { absolute: 0.02, relative: 0.05 },
  count: { absolute: 0.5, relative: 0.05 },
};
/** How full something is moves by some percent without meaning anything. */
const SATURATION_RATIO: Floor = { absolute: 0.03, relative: 0.05 };
const FINEST_RATIO = 0.001;

/**
 * The least spread a signal is taken to have, whatever a short quiet baseline shows: without it a flat line makes any
 * jitter infinitely unusual. `requests` is how many requests one sample stands for, where that is known: one request more or
 * less that fails is chance, and a count of them varies by its square root (Poisson).
 */
export function minSpread(
  signal: string,
  role: Role,
  usual: number,
  requests: number | undefined,
  stepMs: number,
): number {
  const unit = unitOf(signal);
  const floor = unit === "ratio" && role === "saturation" ? SATURATION_RATIO : FLOORS[unit];
  const least = Math.max(floor.absolute, floor.relative * Math.abs(usual));
  if (requests === undefined || requests <= 0) return least;
  if (unit === "ratio" && role === "symptom") return Math.max(FINEST_RATIO, 1 / requests);
  if (unit === "per_second" && role === "load" && stepMs > 0)
    return Math.max(least, Math.sqrt(requests) / (stepMs / 1000));
  return least;
}

/** The quantile that a signal's name speaks of: 0.99 for `latency_p99_seconds`. */
export function quantileOf(signal: string): number | undefined {
  const digits = /(?:^|_)p(\d{2,4})(?:_|$)/.exec(signal.toLowerCase())?.[1];
  return digits === undefined ? undefined : Number(`0.${digits}`);
}
