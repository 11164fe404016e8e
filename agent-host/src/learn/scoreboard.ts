import type { Case } from "../cases/case.ts";
import { REJECTION_REASONS } from "../decide/decision.ts";
import { dollarsOf, tokensOf } from "./cost-of-case.ts";

/** What is counted of the cases of one team in one month. */
export interface Score {
  readonly team: string;
  /** `2026-03`, in UTC, of the alert's start. */
  readonly month: string;
  readonly cases: number;
  /** Of these, in shadow mode: nothing was posted or proposed. */
  readonly shadow: number;
  /** Medians, in minutes; null where there was none. */
  readonly minutes_to_report: number | null;
  readonly minutes_to_resolution: number | null;
  readonly proposed: number;
  readonly approved: number;
  readonly edited: number;
  readonly rejected: number;
  readonly rejected_by_reason: Readonly<Record<string, number>>;
  readonly undecided: number;
  /** Rejected as the wrong cause, or as no incident at all. */
  readonly wrong_causes: number;
  readonly merged: number;
  readonly fixes_worked: number;
  readonly fixes_failed: number;
  readonly tokens: number;
  readonly dollars: number;
  /** Cases whose dollars are not known, since no price is configured: not in `dollars`. */
  readonly unpriced: number;
}

const MINUTE_MS = 60_000;

/** The month first, then the team. `teamOf` gives who owns a service. */
export function scoresOf(cases: readonly Case[], teamOf: (service: string | null) => string): readonly Score[] {
  const groups = new Map<string, Case[]>();
  for (const one of cases) {
    const key = JSON.stringify([monthOf(one), teamOf(one.service)]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, some]) => {
      const [month = "", team = ""] = JSON.parse(key) as string[];
      return scoreOf(some, { month, team });
    });
}

const monthOf = ({ alert }: Case): string => new Date(alert.started_at).toISOString().slice(0, 7);

/** Over all cases given, whosesoever. */
export function scoreOf(cases: readonly Case[], of: Pick<Score, "team" | "month">): Score {
  const done = cases.map(decided);
  const count = (fits: (one: Case, index: number) => boolean): number => cases.filter(fits).length;
  const reasons = REJECTION_REASONS.map(
    (reason) => [reason, count((_, index) => done[index]?.reason === reason)] as const,
  );
  const dollars = cases.map(dollarsOf);
  return {
    ...of,
    cases: cases.length,
    shadow: count(({ mode }) => mode === "shadow"),
    minutes_to_report: median(cases.flatMap((one) => minutes(one, one.looks[0]?.ended_at ?? null))),
    minutes_to_resolution: median(cases.flatMap((one) => minutes(one, one.resolved_at))),
    proposed: count(({ pull_request }) => pull_request !== null),
    approved: count((_, index) => done[index]?.verb === "approve"),
    edited: count(({ decisions }) =>
      decisions.some(({ decision, carried_out_at: at }) => decision.verb === "edit" && at !== null),
    ),
    rejected: count((_, index) => done[index]?.verb === "reject"),
    rejected_by_reason: Object.fromEntries(reasons.filter(([, many]) => many > 0)),
    undecided: count(({ pull_request }, index) => pull_request !== null && done[index] === undefined),
    wrong_causes: count((_, index) => done[index]?.reason === "wrong_cause" || done[index]?.reason === "no_incident"),
    merged: count(isMerged),
    fixes_worked: count(({ outcome }) => outcome?.cleared_after_merge_ms != null && !cameBack(outcome)),
    fixes_failed: count(({ outcome }) => outcome?.merged_at != null && cameBack(outcome)),
    tokens: cases.reduce((sum, one) => sum + tokensOf(one), 0),
    dollars: round(dollars.reduce<number>((sum, one) => sum + (one ?? 0), 0)),
    unpriced: dollars.filter((one) => one === null).length,
  };
}

/** The one that stands: approval and rejection are final. */
function decided({ decisions }: Case) {
  const final = decisions.findLast(({ decision, carried_out_at: at }) => decision.verb !== "edit" && at !== null);
  return final?.decision;
}

const isMerged = ({ events }: Case): boolean => events.some(({ kind }) => kind === "pull_request_merged");

const cameBack = ({ merged_at: merged, came_back_at: back }: NonNullable<Case["outcome"]>): boolean =>
  merged !== null && back !== null && back > merged;

const minutes = ({ alert }: Case, at: number | null): number[] =>
  at === null ? [] : [Math.max(0, at - alert.started_at) / MINUTE_MS];

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] =
    sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1, middle + 1);
  return Math.round(((low + high) / 2) * 10) / 10;
}

const round = (dollars: number): number => Math.round(dollars * 10_000) / 10_000;
