import type { SignalChange } from "../change/signal-change.ts";
import { meaningOf } from "../signals/role.ts";
import type { Unread } from "../store.ts";
import { nameSome } from "./names.ts";
import type { MetricsAnswer } from "./schema.ts";

/** A signal that the backend did not give, and the services of whom nothing else told it. */
export interface UnreadSignal {
  readonly signal: string;
  readonly services: readonly string[];
  readonly reason: Unread["reason"];
}

/** Lines in an answer. */
const MAX_SHOWN = 4;

/** What could not be read of whom. A signal that another source gave is read. Symptoms first: they would show a fault. */
export function unreadOf(
  unread: readonly Unread[],
  services: readonly string[],
  changes: readonly SignalChange[],
): readonly UnreadSignal[] {
  const read = new Set(changes.map(({ service, signal }) => `${service} ${signal}`));
  const bySignal = new Map<string, { services: Set<string>; reason: Unread["reason"] }>();
  for (const { signal, service, reason } of unread) {
    const its = bySignal.get(signal) ?? { services: new Set(), reason };
    for (const name of service === undefined ? services : [service]) {
      if (!read.has(`${name} ${signal}`)) its.services.add(name);
    }
    bySignal.set(signal, its);
  }
  return [...bySignal]
    .map(([signal, its]) => ({ signal, services: [...its.services], reason: its.reason }))
    .filter((one) => one.services.length > 0)
    .sort((a, b) => Number(isSymptom(b)) - Number(isSymptom(a)));
}

const isSymptom = ({ signal }: { signal: string }): boolean => meaningOf(signal).role === "symptom";

/** Services of whom nothing unusual means nothing: a signal that would show it could not be read. */
export const unjudged = (unread: readonly UnreadSignal[]): ReadonlySet<string> =>
  new Set(unread.filter(isSymptom).flatMap(({ services }) => services));

export const showUnread = (unread: readonly UnreadSignal[]): NonNullable<MetricsAnswer["unread"]> =>
  unread.slice(0, MAX_SHOWN).map(({ signal, services, reason }) => ({
    signal,
    services: [...nameSome(services).names],
    reason,
  }));
