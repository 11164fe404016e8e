import type { SignalChange } from "../change/signal-change.ts";
import { ongoingSince } from "./ongoing.ts";
import { type Standing, standingOf } from "./standing.ts";
import { type WeighedChange, weighChanges } from "./weigh.ts";

/** A node of the walk along dependencies: what ranking needs to know of it. */
export interface RankedNode {
  readonly name: string;
  /** 0 for the service asked about. */
  readonly hops: number;
  readonly dependsOn: readonly string[];
}

export interface Suspect extends Standing {
  readonly name: string;
  readonly hops: number;
  /** 0 to 1. */
  readonly score: number;
  /** The dependency that turned no later and explains part of it, if there is one. */
  readonly explainedBy: string | undefined;
  /** The caller, on the way up to the service asked about, that turned with it or soon after, if there is one. */
  readonly carriedBy: string | undefined;
  /** What weighs most first; those that are usual too. */
  readonly signals: readonly WeighedChange[];
}

/** A caller that turned this much earlier may still have followed: samples are apart, and rates smooth over them. */
const BLUR_MS = 60_000;
/** An effect shows in a caller within this time; the later, the less it is one. */
const SOON_MS = 300_000;
/** What is left of a suspicion for each hop up whose caller shows nothing of it. */
const QUIET = 0.75;
/** What is taken off a service whose dependency turned first, at the most. */
const EXPLAINED = 0.5;

/** Where nobody stands out this much, what there is may be noise, and noise explains nothing. */
const CERTAIN = 0.45;

/** What the ranking goes by besides each service's own signals. One is left out only to measure what it brings. */
export interface Ideas {
  /** Dependencies explain their callers, and trouble shows in callers on the way up. */
  readonly walk: boolean;
  /** An effect does not come before its cause. */
  readonly onset: boolean;
}
const ALL_IDEAS: Ideas = { walk: true, onset: true };

interface Judged extends RankedNode {
  readonly signals: readonly WeighedChange[];
  readonly standing: Standing;
  /** Its own standing as a share of the strongest one: at the moment of a page all are unsure alike. */
  readonly relative: number;
}

/** How well a caller's turn fits that of what it calls, 0 to 1: with it or soon after fits; long after does less. */
function follows(called: Standing, caller: Standing, { onset }: Ideas): number {
  if (called.onset === null || caller.onset === null) return 0;
  if (!onset) return 1;
  const delay = caller.onset - called.onset;
  if (delay < -BLUR_MS) return 0;
  return delay <= SOON_MS ? 1 : SOON_MS / delay;
}

interface Chain {
  /** 1 when every service on the way up turned with it or soon after; less for each that shows nothing. */
  readonly strength: number;
  readonly by: string | undefined;
}

const NO_CHAIN: Chain = { strength: 0, by: undefined };
const WHOLE_CHAIN: Chain = { strength: 1, by: undefined };
const NOT_EXPLAINED = { by: undefined, share: 0 };

/** The strongest way of each node's trouble up to the service asked about. */
function chainsOf(judged: readonly Judged[], ideas: Ideas): Map<string, Chain> {
  const chains = new Map<string, Chain>();
  for (const node of [...judged].sort((a, b) => a.hops - b.hops)) {
    let best: Chain = { strength: node.hops === 0 ? 1 : 0, by: undefined };
    for (const caller of judged) {
      if (caller.hops >= node.hops || !caller.dependsOn.includes(node.name)) continue;
      const carried = caller.relative * follows(node.standing, caller.standing, ideas);
      const strength = (QUIET + (1 - QUIET) * carried) * (chains.get(caller.name)?.strength ?? 0);
      if (strength > best.strength) best = { strength, by: carried > 0 ? caller.name : undefined };
    }
    chains.set(node.name, best);
  }
  return chains;
}

/** The dependency whose own change explains most of the node's, and how much of it, 0 to 1. */
function explanationOf(node: Judged, all: ReadonlyMap<string, Judged>, ideas: Ideas) {
  let explained: { by: string | undefined; share: number } = { by: undefined, share: 0 };
  for (const name of node.dependsOn) {
    const below = all.get(name);
    const share = below ? below.relative * follows(below.standing, node.standing, ideas) : 0;
    if (share > explained.share) explained = { by: name, share };
  }
  return explained;
}

/**
 * Ranks the services of a walk as suspects, most suspect first. By size of deviation alone the loudest victim wins; so a
 * service's own changes are held against the graph. A dependency that turned no later explains what its callers show
 * (the deepest anomalous node is the cause: MicroRCA, Wu et al., NOMS 2020; graph traversal in PetShop, Hardt et al., CLeaR 2024),
 * and trouble that shows in no caller on the way up to the service asked about hardly is that service's trouble.
 *
 * `from`: the window's start, epoch ms. Every node is returned; its score is 0 when nothing of it is unusual.
 */
export function rankSuspects(
  nodes: readonly RankedNode[],
  changes: readonly SignalChange[],
  from: number,
  ideas: Ideas = ALL_IDEAS,
): Suspect[] {
  const moment = { from, ongoingSince: ongoingSince(nodes, changes) };
  const stood = nodes.map((node) => {
    const signals = weighChanges(
      changes.filter(({ service }) => service === node.name),
      moment,
    );
    return { ...node, signals, standing: standingOf(signals) };
  });
  const strongest = Math.max(CERTAIN, ...stood.map(({ standing }) => standing.own));
  const judged = stood.map((node): Judged => ({ ...node, relative: node.standing.own / strongest }));
  const chains = chainsOf(judged, ideas);
  const byName = new Map(judged.map((node) => [node.name, node]));
  return judged
    .map((node): Suspect => {
      const explained = ideas.walk ? explanationOf(node, byName, ideas) : NOT_EXPLAINED;
      const chain = ideas.walk ? (chains.get(node.name) ?? NO_CHAIN) : WHOLE_CHAIN;
      return {
        ...node.standing,
        name: node.name,
        hops: node.hops,
        score: node.standing.own * chain.strength * (1 - EXPLAINED * explained.share),
        explainedBy: explained.by,
        carriedBy: chain.by,
        signals: node.signals,
      };
    })
    .sort((a, b) => b.score - a.score || a.hops - b.hops || a.name.localeCompare(b.name));
}
