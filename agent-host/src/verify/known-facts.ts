import { type Catalog, type Evidence, instant, type KnownFact, type Report, readMarks } from "@oncall-copilot/core";
import { isStillSo, isTrouble } from "./agreement.ts";
import { kindOf } from "./kinds.ts";

/** How far back what took effect is told, in milliseconds. */
const RECENT_MS = 30 * 60_000;
/** What the mark of a log pattern that was not there before is labelled. */
const NEW_PATTERN = "new";
/** Most facts of each kind. */
const MAX_FACTS = 6;

export interface Seen {
  readonly service: string | null;
  readonly asOf: number;
  /** When the alert fired, epoch milliseconds. */
  readonly page: number;
  readonly catalog: Catalog;
  readonly evidence: ReadonlyMap<string, Evidence>;
}

/** What is known before anything is concluded, out of what the evidence's own marks say: no engine's word is in it. */
export function knownFacts({ service, asOf, page, catalog, evidence }: Seen): Report["known"] {
  const turned: Dated[] = [];
  const deployed: Dated[] = [];
  for (const { id, about, shows } of evidence.values()) {
    for (const mark of readMarks(shows)) {
      const { shows: what, whose, of, from } = mark;
      const name = whose ?? about[0];
      if (from === undefined || name === undefined || from > asOf) continue;
      const fact = { name, of: of ?? null, from, evidence_id: id };
      // How much is logged, by level, is compared over the whole window: that begins with the window, and says not when it turned.
      const signal = what === "unusual" && isTrouble({ kind: kindOf(id), mark });
      // A pattern that only rises was there before: its first line says not when it turned either.
      const pattern = what === "failing" && of === NEW_PATTERN;
      if ((signal || pattern) && isStillSo({ mark }, page)) turned.push({ ...fact, shows: what });
      if (what === "change" && asOf - from <= RECENT_MS) deployed.push({ ...fact, shows: what });
    }
  }
  return {
    owner: (service === null ? undefined : catalog.find(service)?.owner) ?? null,
    turned: told(turned.sort((a, b) => a.from - b.from)),
    deployed: told(deployed.sort((a, b) => b.from - a.from)),
  };
}

interface Dated extends Omit<KnownFact, "at"> {
  /** Epoch milliseconds. */
  readonly from: number;
}

/** Each once: several items may say the same of the same. */
function told(facts: readonly Dated[]): KnownFact[] {
  const once = new Map<string, KnownFact>();
  for (const { from, ...fact } of facts) {
    const identity = JSON.stringify([fact.name, fact.shows, fact.of]);
    if (!once.has(identity)) once.set(identity, { ...fact, at: instant(from) });
  }
  return [...once.values()].slice(0, MAX_FACTS);
}
