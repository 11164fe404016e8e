import type { Candidate } from "@oncall-copilot/core";
import { type Accused, type Clearance, clearanceOf, namesABuild } from "./clear.ts";
import { citable, cite } from "./quote.ts";
import { AT_ONCE_MS, BLUR_MS, LONGEST_FUSE_MS, RAMP_BLUR } from "./thresholds.ts";
import type { Outside, Turn } from "./trouble.ts";
import { singledOut, tellingShare } from "./witness.ts";

/** How the commits that could have done it stand. */
export interface Trial {
  /** Who fails. */
  readonly culprit: string;
  /** When it turned; null when nothing dates it. */
  readonly turn: Turn | null;
  /** The one commit that something of its own speaks against, and what: the only one that may be taken back by itself. */
  readonly guilty: Convicted | undefined;
  /** Those that nothing clears and nothing tells apart. */
  readonly left: readonly Accused[];
  /** What takes the roll-out back as a whole that brought all that are left; undefined where no one commit does. */
  readonly rollout: Accused | undefined;
  /** Why it need be none of them. */
  readonly outside: Outside | null;
  readonly candidates: readonly Candidate[];
  /** All that was tried, cleared or not. */
  readonly tried: readonly Tried[];
}

export interface Convicted extends Accused {
  readonly by: "own_witness" | "live_before_turn";
}

export interface Facts {
  readonly culprit: string;
  readonly turn: Turn | null;
  /** Since when the signal climbs that is full now; null when it does not climb. */
  readonly climbsSince: number | null;
  readonly alertAt: number;
  readonly outside: Outside | null;
}

/** Weighs the commits that roll-outs carried. A pure function of what was read. */
export function weigh(all: readonly Accused[], facts: Facts): Trial {
  const { culprit, alertAt, outside } = facts;
  const turn = facts.climbsSince === null ? facts.turn : { at: facts.climbsSince, blur: BLUR_MS };
  const tried = all
    .map((one) => heard(one, facts))
    .map((accused) => ({ ...accused, clearance: clearanceOf(accused, culprit, turn) }));
  const since = (turn?.at ?? alertAt) - LONGEST_FUSE_MS;
  // It was well for so long with what is older: that is no candidate. What creeps up is dated by when it began to.
  const recent = tried.filter(({ at, near }) => (at === null ? near : at >= since));
  const kept = recent.filter(({ clearance }) => clearance === undefined);
  const carriers = kept.filter((one) => carries(one, kept));
  const own = kept.filter((one) => !carriers.includes(one));
  const guilty = outside === "one_input" ? undefined : (byWitness(own) ?? byOrder(own, facts, turn));
  return {
    culprit,
    turn,
    guilty,
    left: guilty ? [] : own,
    rollout: guilty ? undefined : rolloutOf(own, carriers, facts, turn),
    outside,
    tried: recent,
    candidates: recent.map((one) =>
      candidateOf(one, guilty && carriers.includes(one) ? CARRIER : verdictOn(one, guilty, facts)),
    ),
  };
}

const CARRIER: Pick<Candidate, "verdict" | "reason"> = {
  verdict: "cleared",
  reason: { code: "another_path", text: "only names the build that brought the commit at fault" },
};

/** Whether a commit does no more than name the build that brought others: they are what is tried. */
const carries = (one: Accused, all: readonly Accused[]): boolean =>
  namesABuild(one.change) && all.some((other) => !namesABuild(other.change) && isSameRollOut(one, other));

const isSameRollOut = (a: Accused, b: Accused): boolean => a.service === b.service && a.at === b.at && a.at !== null;

/** The commit that names the build, where one roll-out brought all that are left, and the culprit turned at once after it. */
function rolloutOf(
  left: readonly Accused[],
  carriers: readonly Accused[],
  facts: Facts,
  turn: Turn | null,
): Accused | undefined {
  const [first, ...others] = left;
  if (!first || first.service !== facts.culprit || !others.every((one) => isSameRollOut(one, first))) return undefined;
  if (facts.outside !== null || !turnedAtOnce(first, facts, turn)) return undefined;
  return carriers.find((one) => isSameRollOut(one, first));
}

function turnedAtOnce({ at }: Accused, { alertAt, climbsSince }: Facts, turn: Turn | null): boolean {
  if (turn === null || at === null) return false;
  const late = climbsSince === null ? 0 : (alertAt - climbsSince) * RAMP_BLUR;
  const after = turn.at - at;
  return after >= -turn.blur && after <= AT_ONCE_MS + late;
}

/**
 * A trace passes through the place where a caller calls. Where the trouble is what others answer, and for whoever only calls the one
 * that fails, the frame says where it shows and not why.
 */
function heard(accused: Accused, { culprit, outside }: Facts): Accused {
  if (accused.service === culprit && outside !== "callee") return accused;
  const shares = accused.change.shares.filter(({ how }) => how !== "frame");
  return { ...accused, change: { ...accused.change, shares } };
}

export type Tried = Accused & { readonly clearance: Clearance | undefined };

function byWitness(kept: readonly Tried[]): Convicted | undefined {
  const found = singledOut(kept);
  return found && { ...found, by: "own_witness" };
}

/** Live, then turned at once: it tells only when no other is left that could have done it, and nobody asks for more. */
function byOrder(kept: readonly Tried[], facts: Facts, turn: Turn | null): Convicted | undefined {
  const [only, ...others] = kept;
  if (!only || others.length > 0 || only.service !== facts.culprit || facts.outside !== null) return undefined;
  return turnedAtOnce(only, facts, turn) ? { ...only, by: "live_before_turn" } : undefined;
}

function verdictOn(
  one: Tried,
  guilty: Convicted | undefined,
  { culprit }: Facts,
): Pick<Candidate, "verdict" | "reason"> {
  if (one.clearance) return { verdict: "cleared", reason: one.clearance };
  const share = tellingShare(one.change);
  if (guilty && guilty.change.sha !== one.change.sha) {
    const text = `nothing of the trouble at ${culprit} names it, and it names ${guilty.change.sha.slice(0, 10)}`;
    return { verdict: "cleared", reason: { code: "another_path", text } };
  }
  if (share) {
    const text = `the trouble and its diff both have ${JSON.stringify(share.word)}`;
    return { verdict: "kept", reason: { code: "own_witness", text } };
  }
  if (one.at === null) {
    return {
      verdict: "kept",
      reason: { code: "rollout_not_known", text: "whether a roll-out carried it is not known" },
    };
  }
  return { verdict: "kept", reason: { code: "live_before_turn", text: `was live before ${culprit} turned` } };
}

function candidateOf({ change, service, at }: Accused, told: Pick<Candidate, "verdict" | "reason">): Candidate {
  return {
    service,
    sha: change.sha,
    ...told,
    live_at: at === null ? null : new Date(at).toISOString(),
    evidence: cite(change.evidence, citable(change)),
  };
}
