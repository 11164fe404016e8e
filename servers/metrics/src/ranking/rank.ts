import type { SignalChange } from "../change/change.ts";
import { type Standing, standingOf, type WeighedChange, weighChanges } from "./standing.ts";

/** A node of the walk along dependencies: what ranking needs to know of it. */
export interface RankedNode {
  readonly name: string;
  readonly hops: number;
  readonly dependsOn: readonly string[];
}

export interface Suspect extends Standing {
  readonly name: string;
  readonly hops: number;
  /** 0 to 1: its own standing, less what its dependencies explain. */
  readonly score: number;
  /** The dependency that turned no later and explains most of it, if there is one. */
  readonly explainedBy: string | undefined;
  readonly signals: readonly WeighedChange[];
}

/** A dependency's change this much later may still have come first: sampling and smoothing blur onsets. */
const BLUR_MS = 60_000;

export function rankSuspects(nodes: readonly RankedNode[], changes: readonly SignalChange[]): Suspect[] {
  const weighed = new Map(
    nodes.map((node) => [node.name, weighChanges(changes.filter((change) => change.service === node.name))]),
  );
  const standings = new Map([...weighed].map(([name, list]) => [name, standingOf(list)]));
  return nodes
    .map((node): Suspect => {
      const signals = weighed.get(node.name) ?? [];
      const own = standingOf(signals);
      let explainedBy: string | undefined;
      let most = 0;
      for (const name of node.dependsOn) {
        const below = standings.get(name);
        if (!below || below.onset === null || own.onset === null) continue;
        if (below.onset <= own.onset + BLUR_MS && below.own > most) {
          most = below.own;
          explainedBy = name;
        }
      }
      return { ...own, name: node.name, hops: node.hops, score: own.own * (1 - 0.8 * most), explainedBy, signals };
    })
    .sort((a, b) => b.score - a.score || a.hops - b.hops || a.name.localeCompare(b.name));
}
