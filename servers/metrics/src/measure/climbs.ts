import { type CleanSeries, clean } from "../change/clean.ts";
import { type Climb, climbOf } from "../change/climb.ts";
import { meaningOf } from "../signals/role.ts";
import { minSpread } from "../signals/unit.ts";
import type { MetricsStore } from "../store.ts";
import type { Asked } from "./read-series.ts";

const HOUR_MS = 3_600_000;
/** How far back the start of a climb is looked for, one after the other. */
const REACHES = [6 * HOUR_MS, 24 * HOUR_MS] as const;
/** Longer searches would ask for whole estates: that everything climbs is the time of day. */
const MAX_CLIMBING = 12;

export interface Climbing {
  /** By `service signal`; the series is the longer one where it was looked for further back. */
  readonly series: ReadonlyMap<string, { readonly series: CleanSeries; readonly climb: Climb }>;
}

export const keyOf = ({ service, signal }: { service: string; signal: string }) => `${service} ${signal}`;

/**
 * The signals that have climbed steadily since before the window, each with where its climb began: looked for further back where the
 * baseline itself climbs. What climbs with its service's traffic is left to the traffic.
 */
export async function climbsBefore(
  store: MetricsStore,
  { from, to, abort }: Pick<Asked, "from" | "to" | "abort">,
  all: readonly CleanSeries[],
): Promise<Climbing["series"]> {
  const found = new Map<string, { series: CleanSeries; climb: Climb }>();
  const busier = new Set(all.filter(isBusier).map(({ service }) => service));
  let open = all.filter(({ service, signal }) => meaningOf(signal).bad !== "either" && !busier.has(service));
  const look = (series: CleanSeries) => {
    const climb = badClimb(series);
    if (climb?.from !== undefined && climb.from < from) found.set(keyOf(series), { series, climb });
    return climb !== undefined && climb.from === undefined;
  };
  open = open.filter(look);
  for (const reach of REACHES) {
    const begins = Math.min(...open.map(({ times }) => times[0] ?? to));
    if (open.length === 0 || open.length > MAX_CLIMBING || to - begins > reach / 2) continue;
    const services = [...new Set(open.map(({ service }) => service))];
    const signals = [...new Set(open.map(({ signal }) => signal))];
    const reached = await store.series({ services, signals, from: to - reach, to, abort });
    const wanted = new Set(open.map(keyOf));
    open = reached.series
      .filter((one) => wanted.has(keyOf(one)))
      .map(clean)
      .filter(look);
  }
  return found;
}

function badClimb(series: CleanSeries): Climb | undefined {
  const { role, bad } = meaningOf(series.signal);
  const least = (level: number) => minSpread(series.signal, role, level, undefined, series.stepMs);
  return bad === "either" ? undefined : climbOf(series, bad === "up" ? 1 : -1, least);
}

function isBusier(series: CleanSeries): boolean {
  const { role } = meaningOf(series.signal);
  const least = (level: number) => minSpread(series.signal, role, level, undefined, series.stepMs);
  return role === "load" && climbOf(series, 1, least) !== undefined;
}
