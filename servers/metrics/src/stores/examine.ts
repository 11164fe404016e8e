import { type Catalog, CouldNotLook, formatDuration } from "@oncall-copilot/core";
import type { ExamineOptions, Finding } from "@oncall-copilot/core/server";
import type { MetricsStore } from "../store.ts";

/** What is found, less whose backend it is. */
export type Found = Omit<Finding, "backend">;

export interface Examined {
  readonly store: MetricsStore;
  readonly catalog: Catalog;
  readonly now: () => number;
  /** The services that this backend should know something of; all of the catalog where it cannot be told. */
  candidates(): readonly string[];
  /** What to set where no service has a sample. */
  readonly noDataCure: string;
  /** Asks as little as can be asked. Throws CouldNotLook; gives what else there is to say of the credential. */
  reach(signal: AbortSignal): Promise<readonly Found[]>;
  /** What the credential could do beyond reading. Throws CouldNotLook. */
  privilege(signal: AbortSignal): Promise<Found>;
}

const REACH_MS = 3_600_000;
const FAR_REACH_MS = 24 * REACH_MS;
/** A backend whose newest sample is older has lost sight of the service. */
const STALE_MS = 15 * 60_000;
const MAX_SERVICES = 200;
const MAX_GAPS = 3;

/** The check-up of a metrics backend: reachable, authenticated, data, privilege; it stops at the first that fails. */
export async function examineStore(examined: Examined, options: ExamineOptions): Promise<readonly Finding[]> {
  // A mount costs nothing until it is asked: the first call finds out what is wrong, and the doctor what is too much.
  if (!options.mayWake) return [];
  const backend = examined.store.name;
  const found: Found[] = [];
  for (const step of [reached, data, privileges]) {
    try {
      found.push(...(await step(examined, options)));
    } catch (error) {
      if (!(error instanceof CouldNotLook)) throw error;
      found.push(step === privileges ? untold(error) : failed(error));
    }
    if (found.some(({ status }) => status === "failure")) break;
  }
  return found.map((finding) => ({ backend, ...finding }));
}

async function reached({ reach }: Examined, { signal }: ExamineOptions): Promise<Found[]> {
  const began = performance.now();
  const more = await reach(signal);
  const ms = Math.round(performance.now() - began);
  const authenticated = more.some(({ check }) => check === "authenticated")
    ? []
    : [{ check: "authenticated", status: "ok", message: "lets this credential read" } as const];
  return [{ check: "reachable", status: "ok", message: `answers in ${ms} ms` }, ...authenticated, ...more];
}

async function data(
  { store, catalog, now, candidates, noDataCure }: Examined,
  { signal, service }: ExamineOptions,
): Promise<Found[]> {
  const services = service === undefined ? candidates().slice(0, MAX_SERVICES) : [catalog.get(service).name];
  const to = now();
  const look = (ms: number) => store.series({ services, from: to - ms, to, abort: signal });
  const lately = await look(REACH_MS);
  // What is asked for a few times a day has no sample in most hours.
  const { series, gaps } = lately.series.length > 0 ? lately : await look(FAR_REACH_MS);
  const newest = series.map((one) => ({ ...one, at: one.times.at(-1) ?? 0 })).sort((a, b) => b.at - a.at)[0];
  const troubles = gaps.slice(0, MAX_GAPS).map((gap): Found => ({ check: "data", status: "warning", message: gap }));
  if (newest === undefined) {
    const whom = service ?? `any service or resource (${services.length} looked for)`;
    const message = `no sample of ${whom} in the last day`;
    return [{ check: "data", status: "failure", message, cure: noDataCure }, ...troubles];
  }
  const age = to - newest.at;
  const known = new Set(series.map((one) => one.service)).size;
  const message = `${newest.service}'s newest sample (${newest.signal}) is ${formatDuration(Math.max(0, age))} old; ${known} of ${services.length} have signals`;
  const stale = age > STALE_MS;
  const cure = "see whether what collects them still runs";
  return [{ check: "data", status: stale ? "warning" : "ok", message, ...(stale ? { cure } : {}) }, ...troubles];
}

const privileges = async ({ privilege }: Examined, { signal }: ExamineOptions): Promise<Found[]> => [
  await privilege(signal),
];

function failed({ reason, problem: message, tryNext: [cure] }: CouldNotLook): Found {
  const check = reason === "forbidden" ? "authenticated" : "reachable";
  return { check, status: "failure", message, ...(cure === undefined ? {} : { cure }) };
}

const untold = ({ message }: CouldNotLook): Found => ({ check: "privilege", status: "unknown", message });
