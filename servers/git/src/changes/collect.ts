import { type Catalog, CouldNotLook, type WalkStep, type Window } from "@oncall-copilot/core";
import type { LiveState, Rollout } from "../deployments.ts";
import { mapLimited } from "../map-limited.ts";
import type { Commit, Store } from "../store.ts";
import { inOrder, readDeployed, readState } from "./read-deployed.ts";
import { findHomes, type Home } from "./repositories.ts";
import { type KnownRollout, RolloutReader } from "./rollouts.ts";
import { isDrift, isNoteworthy } from "./state.ts";
import { type Taken, withTakenBack } from "./taken-back.ts";

export interface Touched {
  readonly name: string;
  readonly hops: number;
}

/**
 * One thing that changed: a commit with its roll-outs, roll-outs to one revision that brought no commit, or an application that is
 * not as it should be: `drift` when what runs was changed after it was rolled out, else `state`.
 */
export interface Change {
  readonly kind: "commit" | "merge" | "rollout" | "drift" | "state";
  readonly commit: Commit | undefined;
  readonly home: Home | undefined;
  /** The services asked about that it touches, or that were rolled out; deepest first. Empty for shared files. */
  readonly services: readonly Touched[];
  /** It touches none of those services' own files, only files that no service in the catalog owns. */
  readonly shared: boolean;
  /** Up to now, oldest first. */
  readonly rollouts: readonly KnownRollout[];
  /** Whether the roll-outs of the services that it touches could be seen. */
  readonly rolloutsKnown: boolean;
  /** The commit or revision that took it out again, and when that went live. */
  readonly takenBack?: Taken;
  /** Of `drift` and `state`. */
  readonly state?: LiveState;
}

export interface Collected {
  readonly changes: readonly Change[];
  /** Commits in the window that touch only services which were not asked about. */
  readonly elsewhere: number;
  readonly rolloutsKnown: boolean;
  /** How the applications stand that could be looked at; undefined when nothing tells, or nobody asked. */
  readonly states: readonly LiveState[] | undefined;
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
  /** Whether how things stand now is wanted too. */
  readonly withState?: boolean;
  readonly signal: AbortSignal;
}

/** Roll-outs whose commits are looked up, newest first: each may cost a question to the backend. */
const MAX_ROLLOUTS = 150;

/** Everything that changed for these services in the window: what landed, what went live, and what did both. */
export async function collectChanges(options: CollectOptions): Promise<Collected> {
  const { steps, window, signal } = options;
  const gaps: string[] = [];
  const hops = new Map(steps.map(({ entry, hops: away }) => [entry.name, away]));
  const services = steps.map(({ entry }) => entry).filter((entry) => entry.kind === "service");
  const { deployed, failure } = await readDeployed(options, gaps);
  const rollouts = deployed && inOrder(deployed.rollouts);
  const homes = await findHomes(options, services, gaps);
  if (homes.length === 0 && rollouts === undefined) {
    throw new CouldNotLook(failure?.reason ?? "not_recorded", gaps.join("; "), { tryNext: failure?.tryNext ?? [] });
  }
  const blind = new Set([...(deployed?.unknown ?? []), ...rolledOutFromElsewhere(rollouts ?? [])]);
  const isKnown = (names: readonly string[]) =>
    deployed !== undefined && (names.length === 0 || names.some((name) => !blind.has(name)));

  const inWindow = ({ at }: { at: number }) => at >= window.from && at <= window.to;
  let changes: Change[] = [];
  const brought = new Set<Rollout>();
  const loose = new Set((rollouts ?? []).filter(inWindow));
  let elsewhere = 0;
  for (const home of homes) {
    try {
      const found = await collectHome(home, rollouts ?? [], options, { hops, blind, isKnown });
      changes.push(...found.changes);
      gaps.push(...found.gaps);
      elsewhere += found.elsewhere;
      for (const { recorded, commits } of found.known) {
        loose.delete(recorded);
        if (commits.length > 0) brought.add(recorded);
      }
    } catch (error) {
      // One of several repositories that cannot be read leaves the others to be told of.
      if (!(error instanceof CouldNotLook) || homes.length === 1) throw error;
      signal.throwIfAborted();
      gaps.push(`commits of ${home.services.map(({ name }) => name).join(", ")}: ${error.message}`);
    }
  }
  changes = changes.filter((change) => !isToldElsewhere(change, brought));
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
  const found = await readState(options, deployed, gaps);
  changes.push(...stateChanges(found?.states ?? [], hops));
  const lastBefore = rollouts?.filter(({ at }) => at < window.from).at(-1);
  return {
    changes: withTakenBack(changes),
    elsewhere,
    rolloutsKnown: rollouts !== undefined,
    states: found?.states,
    gaps,
    lastBefore,
  };
}

/** Services whose every roll-out has a revision of another repository: whether a commit of theirs is live cannot be told by it. */
function rolledOutFromElsewhere(rollouts: readonly Rollout[]): string[] {
  const home = new Set(rollouts.flatMap(({ service, origin }) => (origin === undefined ? [service] : [])));
  return rollouts.map(({ service }) => service).filter((service) => !home.has(service));
}

/** A new configuration of the same code is told by the commit of its GitOps repository. */
function isToldElsewhere({ kind, rollouts }: Change, brought: ReadonlySet<Rollout>): boolean {
  return kind === "rollout" && rollouts.every((one) => one.kind === "same" && brought.has(recordedOf(one)));
}

const recordedOf = (rollout: KnownRollout): Rollout =>
  "recorded" in rollout ? (rollout as Related).recorded : rollout;

interface Seen {
  readonly hops: ReadonlyMap<string, number>;
  /** Services whose roll-outs are not known so far. */
  readonly blind: Set<string>;
  readonly isKnown: (names: readonly string[]) => boolean;
}

/** What changed in one repository. */
async function collectHome(
  home: Home,
  rollouts: readonly Rollout[],
  options: CollectOptions,
  { hops, blind, isKnown }: Seen,
): Promise<{ changes: Change[]; elsewhere: number; known: readonly Related[]; gaps: readonly string[] }> {
  const { window, signal } = options;
  const gaps: string[] = [];
  const landed = await home.repository.landed(home.head, window, signal);
  if (landed.more) gaps.push(`${home.repository.name} has more commits in the window than are read at once`);
  gaps.push(...(landed.gaps ?? []));
  const known = await relate(home, landed.items, rollouts, options, gaps);
  for (const { service, origin, kind } of known) if (origin === undefined && kind !== "unknown") blind.delete(service);
  const inWindow = known.filter(({ at }) => at >= window.from && at <= window.to);
  const deployed = inWindow.flatMap(({ kind, commits }) => (kind === "back" ? [] : commits));
  const concerning = landed.items.filter((commit) => home.concerns(commit));
  const commits = new Map([...concerning, ...deployed].map((commit) => [commit.sha, commit]));
  const changes = [...commits.values()].map((commit) => changeOf(commit, home, known, hops, isKnown));
  changes.push(...withoutCommits(inWindow, home, hops));
  return { changes, elsewhere: landed.items.length - concerning.length, known, gaps };
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
    const line = `${rollout.service}\n${rollout.application ?? ""}`;
    if (rollout.at >= window.from) pairs.push({ rollout, previous: last.get(line) });
    last.set(line, rollout);
  }
  if (pairs.length > MAX_ROLLOUTS) {
    gaps.push(
      `the commits of ${pairs.length - MAX_ROLLOUTS} older deployments were not looked up; ask for a shorter window`,
    );
  }
  return mapLimited(pairs.slice(-MAX_ROLLOUTS), async ({ rollout, previous }) => {
    return { ...(await reader.read(rollout, previous)), recorded: rollout };
  });
}

function changeOf(
  commit: Commit,
  home: Home,
  known: readonly KnownRollout[],
  hops: ReadonlyMap<string, number>,
  isKnown: (names: readonly string[]) => boolean,
): Change {
  const touched = home.touched(commit).map((name) => ({ name, hops: hops.get(name) ?? 0 }));
  return {
    kind: commit.parents.length > 1 ? "merge" : "commit",
    commit,
    home,
    services: deepestFirst(touched),
    shared: touched.length === 0,
    rollouts: known.filter(({ kind, commits }) => kind !== "back" && commits.some(({ sha }) => sha === commit.sha)),
    rolloutsKnown: isKnown(touched.map(({ name }) => name)),
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
    const place = rollout.kind === "back" || rollout.origin !== undefined ? rollout.service : "";
    const key = `${rollout.kind} ${rollout.revision} ${place}`;
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
    rolloutsKnown: true,
  }));
}

/** What is not as it should be, an application each. */
function stateChanges(states: readonly LiveState[], hops: ReadonlyMap<string, number>): Change[] {
  return states.filter(isNoteworthy).map((state) => ({
    ...{ kind: isDrift(state) ? "drift" : "state", commit: undefined, home: undefined, state },
    services: [{ name: state.service, hops: hops.get(state.service) ?? 0 }],
    ...{ shared: false, rollouts: [], rolloutsKnown: true },
  }));
}

const deepestFirst = (services: readonly Touched[]) => [...services].sort((a, b) => b.hops - a.hops);
