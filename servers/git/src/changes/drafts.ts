import { CouldNotLook, type EvidenceDraft, instant, type Mark } from "@oncall-copilot/core";
import { short } from "../git/object-id.ts";
import { mapLimited } from "../map-limited.ts";
import { pathsIn } from "../paths/service-paths.ts";
import type { CommitNote, Reviewed } from "../store.ts";
import type { Change } from "./collect.ts";
import { type Detail, describeCommit, describeRollouts, MAX_MERGED, MAX_NAMED, namesOf } from "./describe.ts";
import { describeState } from "./describe-state.ts";
import { changedTexts } from "./effect/changed-lines.ts";
import { effectOf, type Touches } from "./effect/effect.ts";
import { type Shared, type Symptom, sharedWith } from "./effect/shared.ts";
import { effectiveAt } from "./rank.ts";
import { safeCommit, safeDiff, safeNote, safeReviewed } from "./safe-source.ts";
import { driftedAt } from "./state.ts";
import { type CutDiff, type FileDiff, type Place, parseDiff } from "./unified-diff.ts";

/**
 * A roll-out stands alone when it brought no commit; its text says whether it went back or was the same again. `drift`: what runs
 * was changed after it was rolled out; `state`: it is out of sync, unwell or not synchronized for another reason.
 */
export const KINDS = ["commit", "merge", "rollout", "drift", "state"] as const;

/** An item of the answer before its evidence is minted. */
export interface Draft {
  readonly kind: (typeof KINDS)[number];
  readonly services: string[];
  /** Of a change to shared files: whose roll-outs carry it. */
  readonly deployed?: string[];
  readonly hops: number;
  readonly sha: string;
  readonly live: boolean;
  /** When each service got it first, RFC 3339. */
  readonly live_at: LiveAt[];
  /** Given only where it is not known whether a roll-out carried it. */
  readonly rollouts_known?: false;
  readonly touches: Touches[];
  readonly taken_back?: TakenBack;
  readonly shares?: Shared[];
  readonly evidence: EvidenceDraft;
  readonly diff: CutDiff | undefined;
}

export interface LiveAt {
  readonly service: string;
  readonly at: string;
}

/** The commit or the revision that took it out again, and when that was live; RFC 3339. */
export interface TakenBack {
  readonly by: string;
  readonly at: string;
}

/** What has to be asked of the backend to tell a change word for word. */
export interface Source {
  readonly change: Change;
  /** Undefined when it is too large to be read. */
  readonly diff: readonly FileDiff[] | undefined;
  readonly merged: readonly CommitNote[];
  readonly reviewed: Reviewed | undefined;
  /** What kinds of things it changes; none for what is no commit. */
  readonly touches: readonly Touches[];
  /** What it has in common with the words of the trouble, when those were given. */
  readonly shares: readonly Shared[];
  /** What could not be seen of it, and why. */
  readonly gap?: string;
}

/** A comment is told from code by what stands before it, so whole files are read. */
const WHOLE_FILE_LINES = 100_000;

/** Few lines around each change tell enough in a list; a single commit is shown with git's usual three. */
export async function loadSources(
  changes: readonly Change[],
  options: {
    contextLines: number;
    path?: string | undefined;
    from?: Place | undefined;
    symptom?: Symptom | undefined;
  },
  signal: AbortSignal,
): Promise<Source[]> {
  return mapLimited(changes, async (change) => {
    const { commit, home } = change;
    if (!commit || !home) return { change, diff: [], merged: [], reviewed: undefined, touches: [], shares: [] };
    const read = (contextLines: number, path?: string) =>
      home.repository.diff(commit, { contextLines, path }, signal).catch((error: unknown) => {
        if (error instanceof CouldNotLook && error.reason === "too_large") return undefined;
        throw error;
      });
    const diff = await read(options.contextLines, options.path);
    const { symptom } = options;
    const texts = changedTexts(parseDiff((await read(WHOLE_FILE_LINES)) ?? ""));
    const effect = {
      touches: await effectOf(
        commit.files.map(({ path }) => path),
        texts,
      ),
      shares: symptom ? sharedWith(symptom, texts) : [],
    };
    const merged = await home.repository.merged(commit, signal);
    const told = {
      ...effect,
      change: { ...change, commit: await safeCommit(commit) },
      diff: diff === undefined ? undefined : await safeDiff(parseDiff(diff), options.from),
      merged: await mapLimited(merged.items.slice(0, MAX_MERGED), safeNote).then((safe) => [
        ...safe,
        ...merged.items.slice(MAX_MERGED),
      ]),
    };
    try {
      const reviewed = await home.repository.reviewed?.(commit, signal);
      return { ...told, reviewed: reviewed && (await safeReviewed(reviewed)) };
    } catch (error) {
      // Commits are the answer; who approved them is more than that, and not every credential may read it.
      if (!(error instanceof CouldNotLook)) throw error;
      signal.throwIfAborted();
      return { ...told, reviewed: undefined, gap: `who approved the commits: ${error.message}` };
    }
  });
}

/** The gaps of all of them, each once. */
export const gapsOf = (sources: readonly Source[]): string[] => [...new Set(sources.flatMap(({ gap }) => gap ?? []))];

export interface DraftContext {
  /** The service that was asked about. */
  readonly start: string;
  /** The window's end, epoch milliseconds. */
  readonly to: number;
}

/** A change as an item of the answer, told in so much detail. */
export function draftChange(source: Source, context: DraftContext, detail: Detail): Draft {
  const { change } = source;
  const { commit } = change;
  const told = commit
    ? describeCommit({ ...change, commit }, { ...context, ...source }, detail)
    : { text: describeOther(change, context, detail), diff: undefined };
  const sha = shaOf(change);
  return {
    kind: change.kind,
    services: change.services.slice(0, MAX_NAMED).map(({ name }) => name),
    ...deployedOf(change, context.to),
    hops: Math.max(0, ...change.services.map(({ hops }) => hops)),
    sha,
    live: isLive(change, context.to),
    live_at: liveAtOf(change, context.to),
    ...(change.rolloutsKnown ? {} : { rollouts_known: false as const }),
    touches: [...source.touches],
    ...(change.takenBack ? { taken_back: { by: change.takenBack.by, at: instant(change.takenBack.at) } } : {}),
    ...(source.shares.length > 0 ? { shares: [...source.shares] } : {}),
    evidence: {
      text: told.text,
      url: urlOf(change, sha),
      at: instant(effectiveAt(change, context.to)),
      about: concerned(change, context.to),
      shows: [markOf(change, sha, context.to)],
    },
    diff: told.diff,
  };
}

/** Whom a change may have broken: whose own files it touches, else whose roll-outs carry it. */
function concerned({ services, rollouts }: Change, to: number): string[] {
  const touched = services.map(({ name }) => name);
  const carried = rollouts.filter(({ at }) => at <= to).map(({ service }) => service);
  return [...new Set(touched.length > 0 ? touched : carried)].slice(0, MAX_NAMED);
}

/** A change took effect when it was rolled out; one that was not has no beginning. Drift is a change that somebody made by hand. */
function markOf(change: Change, sha: string, to: number): Mark {
  const of = /^[0-9a-f]{40}$/.test(sha) ? short(sha) : sha || undefined;
  // Drift that nobody dated came about after the roll-out that it departs from.
  const drifted = change.kind === "drift" && change.state && (driftedAt(change.state) ?? change.state.rolledOutAt);
  const from = drifted || (isLive(change, to) ? effectiveAt(change, to) : undefined);
  return { shows: change.kind === "state" ? "state" : "change", of, from };
}

/** Files that nobody owns reach a service by its roll-out: then that tells whom they may have broken. */
function deployedOf({ services, rollouts }: Change, to: number): Pick<Draft, "deployed"> {
  const names = new Set(rollouts.filter(({ at }) => at <= to).map(({ service }) => service));
  return services.length > 0 || names.size === 0 ? {} : { deployed: [...names].slice(0, MAX_NAMED) };
}

/** When each service got it first; of shared files, those whose roll-outs carry them. */
function liveAtOf({ rollouts }: Change, to: number): LiveAt[] {
  const first = new Map<string, number>();
  for (const { service, at, kind } of rollouts) {
    if (at > to || kind === "back") continue;
    first.set(service, Math.min(at, first.get(service) ?? at));
  }
  return [...first].slice(0, MAX_NAMED).map(([service, at]) => ({ service, at: instant(at) }));
}

/** The commit, the revision rolled out, or the one that what runs is compared with. */
export const shaOf = ({ commit, rollouts, state }: Change): string =>
  commit?.sha ?? rollouts[0]?.revision ?? state?.revision ?? "";

/** Whether it was in effect by the window's end; how things stand always is. */
export const isLive = ({ rollouts, state }: Change, to: number): boolean =>
  state !== undefined || rollouts.some(({ at }) => at <= to);

/** How many differences a state may tell where a commit tells so many lines of diff. */
const LINES_PER_DIFFERENCE = 4;

function describeOther(change: Change, { start }: DraftContext, { diffLines, lineLength }: Detail): string {
  if (!change.state) return describeRollouts(change, start);
  const lines = Math.max(2, Math.round(diffLines / LINES_PER_DIFFERENCE));
  return describeState(change.state, namesOf(change, start), { lines, lineLength });
}

/** Where a person sees it: the forge when the catalog names it, else the place in the backend. */
export function urlOf(change: Change, sha: string): string {
  if (change.state) return change.state.url;
  const [rollout] = change.rollouts;
  if (change.commit === undefined && (rollout?.origin !== undefined || !change.home) && rollout?.url)
    return rollout.url;
  const entry = change.home?.services.find(({ name }) => name === change.services[0]?.name) ?? change.home?.services[0];
  const web = entry && change.home && pathsIn(entry, change.home.repository).webUrl;
  if (web) return `${web}/commit/${short(sha)}`;
  return change.home?.repository.url(short(sha)) ?? `deployment:${change.services[0]?.name ?? "unknown"}`;
}
