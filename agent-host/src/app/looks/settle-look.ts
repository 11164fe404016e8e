import type { Report } from "@oncall-copilot/core";
import { kinds } from "../../verify/kinds.ts";
import { type LookRecord, recordOf } from "./carry.ts";
import { nextLookAt, nextModelTryAt } from "./schedule.ts";

/** A model that was to look and could not be had. Times in epoch milliseconds. */
export interface ModelAway {
  readonly since: number;
  /** When it asked to be asked again. */
  readonly retryAt: number | null;
}

export interface LookToSettle {
  /** As verification left it. */
  readonly report: Report;
  /** The looks before, oldest first. */
  readonly earlier: readonly LookRecord[];
  readonly modelAway: ModelAway | null;
}

/** Where the incident stands after a look. */
export interface Standing {
  /** Epoch milliseconds; null when nothing is to be looked at again. */
  readonly nextLookAt: number | null;
  /** Only the model is waited for: nothing else that is to come would change what is known. */
  readonly awaitsModel: boolean;
  readonly wouldDecide: readonly string[];
  /** Whether a draft may be opened for the fix that the report proposes. */
  readonly mayPropose: boolean;
}

/**
 * Settles by code whether a look was the last. It was when a witness beyond time speaks, when it agrees with the one before, or when
 * nothing more is planned since five minutes have passed. A draft may be opened when it is settled, and not where the last two looks
 * contradict each other; a report that the rules made because the model stayed away needs the witness.
 */
export function settleLook({ report, earlier, modelAway }: LookToSettle): Standing {
  const alertAt = Date.parse(report.incident.started_at);
  const asOf = Date.parse(report.as_of);
  const before = earlier.at(-1);
  const witnessed = hasWitnessBeyondTime(report);
  const agrees = before !== undefined && agree(before, recordOf(report, before.number + 1));
  const due = nextLookAt(alertAt, asOf);
  const told = witnessed || agrees || due === null;
  const nextTry = modelAway && nextModelTryAt(modelAway.since, asOf, modelAway.retryAt);
  const next = told ? nextTry : earliest(due, nextTry);
  const contradicted = before !== undefined && !agrees;
  const standsIn = report.engine.instead_of !== null;
  return {
    nextLookAt: next,
    awaitsModel: told && nextTry !== null,
    wouldDecide: told && nextTry === null ? [] : wouldDecide(report, { told, modelAway: modelAway !== null }),
    mayPropose: witnessed || (told && !contradicted && !standsIn),
  };
}

/**
 * Whether something other than "live, then turned" ties the diagnosis to its cause: a commit that was tried and is the only one kept, by a
 * witness of its own; or a log line that states the refusal itself.
 */
export function hasWitnessBeyondTime({ outcome, confidence, family, candidates }: Report): boolean {
  if (outcome !== "root_cause_identified" || confidence.level !== "high") return false;
  const [kept, ...others] = candidates.filter(({ verdict }) => verdict === "kept");
  if (kept) return others.length === 0 && kept.reason.code === "own_witness";
  return STATED_BY_A_LINE.has(family);
}

/** Families whose cause a log line states: what was refused, and to whom. */
const STATED_BY_A_LINE: ReadonlySet<Report["family"]> = new Set(["expired_secret", "missing_iam_permission"]);

/** Two looks agree when both name the same culprit, or no fault, for the same reason and by the same commit. */
export function agree(a: LookRecord, b: LookRecord): boolean {
  const named = a.culprit !== null || a.family === "no_fault";
  return named && a.culprit === b.culprit && a.family === b.family && a.commit === b.commit;
}

const earliest = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);

/** What a further look would have to show, a phrase each. */
function wouldDecide(report: Report, { told, modelAway }: { told: boolean; modelAway: boolean }): string[] {
  const { culprit, candidates, gaps } = report;
  const kept = candidates.filter(({ verdict }) => verdict === "kept");
  const unread = [
    ...new Set(
      gaps
        .filter(({ server, tool }) => tool === null && kinds().presentServers.has(server))
        .map(({ server }) => server),
    ),
  ];
  const open = told
    ? []
    : [
        culprit
          ? `whether ${culprit.name} still stands out at the next look`
          : `a signal or log pattern that turns unusual at ${report.service ?? "a service of the catalog"} or at what it depends on`,
        ...(kept.length > 1
          ? [`a line that names what only one of ${kept.map(({ sha }) => sha.slice(0, 10)).join(", ")} changed`]
          : []),
        ...unread.map((server) => `what ${server} could not show`),
      ];
  return [...open, ...(modelAway ? ["a model's reading of it"] : [])];
}
