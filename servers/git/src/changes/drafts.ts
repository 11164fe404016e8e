import { CouldNotLook, type EvidenceDraft, instant } from "@oncall-copilot/core";
import { short } from "../git/object-id.ts";
import { mapLimited } from "../map-limited.ts";
import { servicePaths } from "../paths/service-paths.ts";
import type { Commit } from "../store.ts";
import type { Change } from "./collect.ts";
import { type Detail, describeCommit, describeRollouts, MOST_NAMED } from "./describe.ts";
import { effectiveAt } from "./rank.ts";
import { type CutDiff, type FileDiff, parseDiff } from "./unified-diff.ts";

/** A roll-out stands alone when it brought no commit; its text says whether it went back or was the same again. */
export const KINDS = ["commit", "merge", "rollout"] as const;

/** An item of the answer before its evidence is minted. */
export interface Draft {
  readonly kind: (typeof KINDS)[number];
  readonly services: string[];
  readonly hops: number;
  readonly sha: string;
  readonly live: boolean;
  readonly evidence: EvidenceDraft;
  readonly diff: CutDiff | undefined;
}

/** What has to be asked of the backend to tell a change word for word. */
export interface Source {
  readonly change: Change;
  /** Undefined when it is too large to be read. */
  readonly diff: readonly FileDiff[] | undefined;
  readonly merged: readonly Commit[];
}

/** Few lines around each change tell enough in a list; a single commit is shown with git's usual three. */
export async function loadSources(
  changes: readonly Change[],
  options: { contextLines: number; path?: string | undefined },
  signal: AbortSignal,
): Promise<Source[]> {
  return mapLimited(changes, async (change) => {
    const { commit, home } = change;
    if (!commit || !home) return { change, diff: [], merged: [] };
    const diff = await home.repository.diff(commit, options, signal).catch((error: unknown) => {
      if (error instanceof CouldNotLook && error.reason === "too_large") return undefined;
      throw error;
    });
    const merged = await home.repository.merged(commit, signal);
    return { change, diff: diff === undefined ? undefined : parseDiff(diff), merged: merged.items };
  });
}

export interface DraftContext {
  /** The service that was asked about. */
  readonly start: string;
  readonly rolloutsKnown: boolean;
  /** The window's end, epoch milliseconds. */
  readonly to: number;
}

/** A change as an item of the answer, told in so much detail. */
export function draftChange(source: Source, context: DraftContext, detail: Detail): Draft {
  const { change } = source;
  const { commit } = change;
  const told = commit
    ? describeCommit({ ...change, commit }, { ...context, ...source }, detail)
    : { text: describeRollouts(change, context.start), diff: undefined };
  const sha = commit?.sha ?? change.rollouts[0]?.revision ?? "";
  return {
    kind: change.kind,
    services: change.services.slice(0, MOST_NAMED).map(({ name }) => name),
    hops: Math.max(0, ...change.services.map(({ hops }) => hops)),
    sha,
    live: change.rollouts.some(({ at }) => at <= context.to),
    evidence: { text: told.text, url: urlOf(change, sha), at: instant(effectiveAt(change, context.to)) },
    diff: told.diff,
  };
}

/** Where a person sees it: the forge when the catalog names it, else the place in the backend. */
export function urlOf(change: Change, sha: string): string {
  const entry = change.home?.services.find(({ name }) => name === change.services[0]?.name) ?? change.home?.services[0];
  const web = entry && change.home && servicePaths(entry, change.home.repository.branch).webUrl;
  if (web) return `${web}/commit/${short(sha)}`;
  return change.home?.repository.url(short(sha)) ?? `deployment:${change.services[0]?.name ?? "unknown"}`;
}
