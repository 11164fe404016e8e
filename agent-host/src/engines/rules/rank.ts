import { beginningOf, mentions } from "@oncall-copilot/core";
import type { Change, HistoryAnswer, LogPattern, MetricSuspect } from "../../tools/answers.ts";
import { ownTrouble, trouble, worstPatterns } from "./log-trouble.ts";
import type { Seen } from "./seen.ts";
import { DATED } from "./suspicion.ts";

const MINUTE_MS = 60_000;
/** A deployment this long before a signal turned is hardly its cause. */
const LONGEST_FUSE_MS = 45 * MINUTE_MS;
/** It counts half this long before the turn, */
const FUSE_MS = LONGEST_FUSE_MS / 3;
/** and half this long after it: what is stamped late may still have come first, but of two the earlier is likelier. */
const LATE_MS = MINUTE_MS / 3;
/** Sampling and smoothing blur an onset by about this much. */
export const BLUR_MS = MINUTE_MS;

/** What each kind of evidence weighs when all can be seen. What cannot be seen leaves its share to the others. */
const WEIGHTS = { metrics: 0.5, changes: 0.15, logs: 0.25, history: 0.1 } as const;
type Kind = keyof typeof WEIGHTS;

/** A deployment that may have caused what the metrics show. */
export interface LikelyChange {
  readonly change: Change;
  /** When it went live, epoch milliseconds. */
  readonly at: number;
  /** 0 to 1: nearer before the turn is more. */
  readonly nearness: number;
}

export interface RankedSuspect {
  readonly name: string;
  /** 0 to 1. */
  readonly score: number;
  readonly metrics: MetricSuspect | undefined;
  /** When its signals turned, epoch milliseconds; null when they do not date it. */
  readonly onset: number | null;
  readonly change: LikelyChange | undefined;
  /** Its log pattern that speaks most of trouble. */
  readonly log: LogPattern | undefined;
  /** 0 to 1: share of past root causes that name it. */
  readonly history: number;
}

/** A suspect's log patterns that began with its turn, worst first. */
export function patternsOfTurn({ name, onset }: RankedSuspect, { logs, began, page }: Seen): readonly LogPattern[] {
  const patterns = logs.get(name)?.patterns;
  const own = worstPatterns(patterns, onset ?? began, page);
  // Its figures may turn again later, when it is restarted or gives up.
  return own.length > 0 || began === null ? own : worstPatterns(patterns, began, page);
}

/** When a change went live, in epoch milliseconds; undefined when it did not. */
export function liveAt({ live, evidence }: Change): number | undefined {
  return live ? beginningOf(evidence) : undefined;
}

/** All its signals, weighed as among the others: by itself, each service looks more unusual than it is. */
function wholly(among: MetricSuspect | undefined, alone: MetricSuspect | undefined): MetricSuspect | undefined {
  return among && alone ? { ...alone, score: among.score, onset: among.onset } : (alone ?? among);
}

/** When a service turned: its log dates that to the millisecond, its figures to a sample. Undefined when neither does. */
function turnOf(log: LogPattern | undefined, onset: string | null): number | undefined {
  const logged = log?.label === "new" && log.level === "error" ? Date.parse(log.first) : undefined;
  const turned = onset === null ? undefined : Date.parse(onset);
  return logged === undefined || turned === undefined ? (logged ?? turned) : Math.min(logged, turned);
}

/** The change of `name` that went live nearest before `onset`, if any did within the fuse. */
export function likelyChange(name: string, onset: number, changes: readonly Change[]): LikelyChange | undefined {
  const [nearest] = changes
    .flatMap((change) => {
      const reaches = change.services.includes(name) || change.deployed.includes(name);
      const at = reaches ? liveAt(change) : undefined;
      return at === undefined || at > onset + BLUR_MS || onset - at > LONGEST_FUSE_MS ? [] : [{ change, at }];
    })
    .map(({ change, at }) => ({
      change,
      at,
      nearness: 0.5 ** (onset >= at ? (onset - at) / FUSE_MS : (at - onset) / LATE_MS),
    }))
    .sort((a, b) => b.nearness - a.nearness);
  return nearest;
}

function shareOfHistory(name: string, history: HistoryAnswer["stats"] | undefined): number {
  if (!history || history.count === 0) return 0;
  const named = history.root_causes.filter(({ root_cause }) => mentions(root_cause, name));
  return Math.min(1, named.reduce((sum, { count }) => sum + count, 0) / history.count);
}

/**
 * Ranks every service and resource that any witness speaks of. The metrics' ranking over the dependency graph carries it;
 * a deployment right before the turn, new trouble in the log, and past root causes that name it add to it.
 */
export function rankSuspects(seen: Seen, alertAt: number): RankedSuspect[] {
  const metrics = new Map((seen.metrics?.suspects ?? []).map((suspect) => [suspect.service, suspect]));
  const further = new Map((seen.metrics?.more?.suspects ?? []).map((suspect) => [suspect.service, suspect]));
  const changed = (seen.changes ?? []).flatMap(({ live, services }) => (live ? services : []));
  const names = new Set([
    ...metrics.keys(),
    ...further.keys(),
    ...(seen.metrics ? [] : changed),
    ...seen.logs.keys(),
    ...seen.closer.keys(),
    ...seen.blames.map(({ callee }) => callee),
    seen.service,
  ]);
  const visible: Record<Kind, boolean> = {
    metrics: seen.metrics !== undefined,
    changes: seen.changes !== undefined,
    logs: seen.logs.size > 0,
    history: seen.history !== undefined && seen.history !== null,
  };
  const total = (Object.keys(WEIGHTS) as Kind[]).reduce((sum, kind) => sum + (visible[kind] ? WEIGHTS[kind] : 0), 0);
  const measuredOf = (name: string) => metrics.get(name) ?? further.get(name) ?? seen.closer.get(name);
  const onsetOf = (name: string) => {
    const { onset = null, score = 0 } = measuredOf(name) ?? {};
    return onset === null || score < DATED ? null : Date.parse(onset);
  };
  const worstOf = (name: string) =>
    worstPatterns(seen.logs.get(name)?.patterns, onsetOf(name) ?? seen.began, seen.page)[0];
  const troubleOf = (name: string) => ({
    log: worstOf(name),
    turned: measuredOf(name)?.score ?? 0,
    onset: onsetOf(name),
  });
  const suspects = [...names].map((name): RankedSuspect => {
    const measured = measuredOf(name);
    const dated = onsetOf(name);
    const log = worstOf(name);
    const onset = turnOf(log, measured?.onset ?? null) ?? alertAt;
    const change = measured && measured.score === 0 ? undefined : likelyChange(name, onset, seen.changes ?? []);
    const history = shareOfHistory(name, seen.history);
    // Without a sign of its own, a deployment or a past alone makes nobody a suspect.
    const sign = measured ? measured.score : log ? trouble(log) : 0;
    const parts: Record<Kind, number> = {
      metrics: measured?.score ?? 0,
      changes: (change?.nearness ?? 0) * Math.min(1, sign * 2),
      logs: ownTrouble(log, seen.dependsOn(name).map(troubleOf)),
      history: history * Math.min(1, sign * 2),
    };
    const sum = (Object.keys(WEIGHTS) as Kind[]).reduce(
      (all, kind) => all + (visible[kind] ? WEIGHTS[kind] * parts[kind] : 0),
      0,
    );
    return {
      name,
      score: total === 0 ? 0 : Math.round((sum / total) * 1000) / 1000,
      metrics: wholly(metrics.get(name), seen.closer.get(name)),
      onset: dated,
      change,
      log,
      history,
    };
  });
  return suspects.sort(byScore);
}

export const byScore = (a: RankedSuspect, b: RankedSuspect) => b.score - a.score || a.name.localeCompare(b.name);
