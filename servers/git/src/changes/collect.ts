import { type Catalog, CouldNotLook, type WalkStep, type Window } from "@oncall-copilot/core";
import { mapLimited } from "../map-limited.ts";
import type { Commit, Rollout, Store } from "../store.ts";
import { findHomes, type Home } from "./repositories.ts";
import { type KnownRollout, RolloutReader } from "./rollouts.ts";

export interface Touched {
  readonly name: string;
  readonly hops: number;
}

/** One thing that changed: a commit with its roll-outs, or roll-outs to one revision that brought no commit. */
export interface Change {
  readonly kind: "commit" | "merge" | "rollout";
  readonly commit: Commit | undefined;
  readonly home: Home | undefined;
  /** The services asked about that it touches, or that were rolled out; deepest first. Empty for shared files. */
  readonly services: readonly Touched[];
  /** It touches none of those services' own files, only files that no service in the catalog owns. */
  readonly shared: boolean;
  /** Up to now, oldest first. */
  readonly rollouts: readonly KnownRollout[];
}

export interface Collected {
  readonly changes: readonly Change[];
  /** Commits in the window that touch only services which were not asked about. */
  readonly elsewhere: number;
  readonly rolloutsKnown: boolean;
  readonly gaps: readonly string[];
  /** The last roll-out before the window, for an empty answer. */
  readonly lastBefore: Rollout | undefined;
}

export interface CollectOptions {
  readonly store: Store;
  readonly catalog: Catalog;
  readonly steps: readonly WalkStep[];
  readonly window: Window;
  readonly now: number;
  readonly signal: AbortSignal;
}

/** Roll-outs whose commits are looked up, newest first: each may cost a question to the backend. */
const MOST_ROLLOUTS = 150;

/** Everything that changed for these services in the window: what landed, what went live, and what did both. */
export async function collectChanges(options: CollectOptions): Promise<Collected> {
  const { steps, window, signal } = options;
  const gaps: string[] = [];
  const hops = new Map(steps.map(({ entry, hops: away }) => [entry.name, away]));
  const services = steps.map(({ entry }) => entry).filter((entry) => entry.kind === "service");
  const rollouts = await readRollouts(options, hops, gaps);
  const homes = await findHomes(options, services, gaps);
  if (homes.length === 0 && rollouts === undefined) throw new CouldNotLook("not_recorded", gaps.join("; "));

  const inWindow = ({ at }: { at: number }) => at >= window.from && at <= window.to;
  const changes: Change[] = [];
  const loose = new Set((rollouts ?? []).filter(inWindow));
  let elsewhere = 0;
  for (const home of homes) {
    const landed = await home.repository.landed(home.head, window, signal);
    if (landed.more) gaps.push(`${home.repository.name} has more commits in the window than are read at once`);
    const known = await relate(home, landed.items, rollouts ?? [], options, gaps);
    for (const rollout of known) loose.delete(rollout.recorded);
    const deployed = known.filter(inWindow).flatMap(({ kind, commits }) => (kind === "back" ? [] : commits));
    const concerning = landed.items.filter((commit) => home.concerns(commit));
    elsewhere += landed.items.length - concerning.length;
    const commits = new Map([...concerning, ...deployed].map((commit) => [commit.sha, commit]));
    changes.push(...[...commits.values()].map((commit) => changeOf(commit, home, known, hops)));
    changes.push(...withoutCommits(known.filter(inWindow), home, hops));
  }
  const untold = [...loose].map(
    (rollout): Related => ({
      ...rollout,
      recorded: rollout,
      before: undefined,
      kind: "unknown",
      commits: [],
    }),
  );
  changes.push(...withoutCommits(untold, undefined, hops));
  const lastBefore = rollouts?.filter(({ at }) => at < window.from).at(-1);
  return { changes, elsewhere, rolloutsKnown: rollouts !== undefined, gaps, lastBefore };
}

/** The roll-outs of the services asked about, or undefined with the reason among the gaps. */
async function readRollouts(
  { store, signal }: CollectOptions,
  hops: ReadonlyMap<string, number>,
  gaps: string[],
): Promise<readonly Rollout[] | undefined> {
  try {
    const all = await store.rollouts(signal);
    if (all === undefined) gaps.push("deployments are not recorded: when a commit went live is not known");
    return all?.filter(({ service }) => hops.has(service));
  } catch (error) {
    if (!(error instanceof CouldNotLook)) throw error;
    gaps.push(`deployments: ${error.message}`);
    return undefined;
  }
}

type Related = KnownRollout & { readonly recorded: Rollout };

/** What each roll-out since the window's start brought: also those after its end tell when its commits went live. */
async function relate(
  home: Home,
  landed: readonly Commit[],
  rollouts: readonly Rollout[],
  { window, signal }: CollectOptions,
  gaps: string[],
): Promise<Related[]> {
  const names = new Set(home.services.map(({ name }) => name));
  const reader = new RolloutReader(home, landed, signal);
  const last = new Map<string, Rollout>();
  const pairs: { rollout: Rollout; previous: Rollout | undefined }[] = [];
  for (const rollout of rollouts.filter(({ service }) => names.has(service))) {
    if (rollout.at >= window.from) pairs.push({ rollout, previous: last.get(rollout.service) });
    last.set(rollout.service, rollout);
  }
  if (pairs.length > MOST_ROLLOUTS) {
    gaps.push(
      `the commits of ${pairs.length - MOST_ROLLOUTS} older deployments were not looked up; ask for a shorter window`,
    );
  }
  return mapLimited(pairs.slice(-MOST_ROLLOUTS), async ({ rollout, previous }) => {
    return { ...(await reader.read(rollout, previous)), recorded: rollout };
  });
}

function changeOf(
  commit: Commit,
  home: Home,
  known: readonly KnownRollout[],
  hops: ReadonlyMap<string, number>,
): Change {
  const touched = home.touched(commit).map((name) => ({ name, hops: hops.get(name) ?? 0 }));
  return {
    kind: commit.parents.length > 1 ? "merge" : "commit",
    commit,
    home,
    services: deepestFirst(touched),
    shared: touched.length === 0,
    rollouts: known.filter(({ kind, commits }) => kind !== "back" && commits.some(({ sha }) => sha === commit.sha)),
  };
}

/** Roll-outs that brought nothing of their own, those to one revision together. */
function withoutCommits(
  known: readonly KnownRollout[],
  home: Home | undefined,
  hops: ReadonlyMap<string, number>,
): Change[] {
  const groups = new Map<string, KnownRollout[]>();
  for (const rollout of known) {
    if (rollout.commits.length > 0 && rollout.kind !== "back") continue;
    const key = `${rollout.kind} ${rollout.revision} ${rollout.kind === "back" ? rollout.service : ""}`;
    groups.set(key, [...(groups.get(key) ?? []), rollout]);
  }
  return [...groups.values()].map((rollouts) => ({
    kind: "rollout",
    commit: undefined,
    home,
    services: deepestFirst(
      [...new Set(rollouts.map(({ service }) => service))].map((name) => ({ name, hops: hops.get(name) ?? 0 })),
    ),
    shared: false,
    rollouts,
  }));
}

const deepestFirst = (services: readonly Touched[]) => [...services].sort((a, b) => b.hops - a.hops);
