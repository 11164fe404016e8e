import type { Catalog } from "@oncall-copilot/core";
import type { StormCase } from "./items.ts";
import { couldShareCause } from "./neighbourhood.ts";

/** Alerts of one fault start within this: a slow `for:` clause is ten minutes. */
export const STORM_WINDOW_MS = 10 * 60_000;
/** A storm that lasts longer is more than one. */
export const MAX_STORM_MS = 60 * 60_000;
/** Cases opened within the window before the next one takes in whatever comes: what fails so widely has a cause outside of the graph. */
export const MAX_CASES_OF_STORM = 5;

/** An alert, as far as it matters for what it folds into. */
export interface StormAlert {
  /** Catalog name; null when none fits. */
  readonly service: string | null;
  /** Epoch milliseconds. */
  readonly start: number;
}

/** The case that an alert is part of, or null when it is the first of its own. The nearest in time wins. */
export function stormOf(alert: StormAlert, recent: readonly StormCase[], catalog: Catalog): StormCase | null {
  const within = recent
    .filter((storm) => distance(alert.start, storm) <= STORM_WINDOW_MS && span(alert.start, storm) <= MAX_STORM_MS)
    .sort((a, b) => distance(alert.start, a) - distance(alert.start, b) || a.opened_at - b.opened_at);
  const { service } = alert;
  const neighbour =
    service === null
      ? undefined
      : (within.find(({ services }) => services.includes(service)) ??
        within.find(({ services }) => services.some((other) => couldShareCause(catalog, service, other))));
  return neighbour ?? within.find(({ widespread }) => widespread) ?? null;
}

/** Whether the next case is one too many to be a cause of its own. */
export function isWidespread(alert: StormAlert, recent: readonly StormCase[]): boolean {
  return recent.filter((storm) => distance(alert.start, storm) <= STORM_WINDOW_MS).length >= MAX_CASES_OF_STORM - 1;
}

/** How far a start lies from the storm's alerts. */
const distance = (start: number, { first_start, last_start }: StormCase): number =>
  Math.max(first_start - start, start - last_start, 0);

/** How long the storm would last with it. */
const span = (start: number, { first_start, last_start }: StormCase): number =>
  Math.max(last_start, start) - Math.min(first_start, start);
