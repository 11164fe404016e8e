import { discoverServers } from "../tools/discover.ts";

/** A kind of evidence that can show a cause, as a server declares it: `metrics`, `logs`, `changes`, `history`. */
export type Witness = string;

/** The order in which a reader is told of kinds; one that is not listed comes after these. */
const ORDER: readonly Witness[] = ["metrics", "logs", "changes", "history"];

interface Kinds {
  /** Every kind that can show a cause. Runbooks say what to do, not what happened. */
  readonly witnesses: readonly Witness[];
  /** Those of them that see what is happening now. */
  readonly present: readonly Witness[];
  readonly byLetter: ReadonlyMap<string, Witness>;
  readonly byServer: ReadonlyMap<string, Witness>;
  /** Servers that see what is happening now. */
  readonly presentServers: ReadonlySet<string>;
}

let known: Kinds | undefined;

/** What the servers declare of their evidence. */
export function kinds(): Kinds {
  known ??= read();
  return known;
}

function read(): Kinds {
  const servers = discoverServers();
  const telling = servers.filter((server) => server.identifies_cause);
  const inOrder = (names: readonly Witness[]) => {
    const place = (name: Witness) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
    return [...new Set(names)].sort((a, b) => place(a) - place(b) || a.localeCompare(b));
  };
  return {
    witnesses: inOrder(telling.map(({ evidence }) => evidence)),
    present: inOrder(telling.filter((server) => server.sees_present).map(({ evidence }) => evidence)),
    byLetter: new Map(telling.map(({ letter, evidence }) => [letter, evidence])),
    byServer: new Map(telling.map(({ server, evidence }) => [server, evidence])),
    presentServers: new Set(servers.filter((server) => server.sees_present).map(({ server }) => server)),
  };
}

/** Which kind of evidence an item is; the alert and runbooks are none. */
export const kindOf = (evidenceId: string): Witness | undefined => kinds().byLetter.get(evidenceId.slice(0, 1));
