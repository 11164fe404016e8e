import type { Candidate, CatalogEntry, Claim, Evidence, Family, Report } from "@oncall-copilot/core";
import type { ToolCall } from "../tools/toolbox.ts";
import { blamesACommit } from "../trial/gate.ts";
import { agreementOn, isAbout, isHealth, kindsThatSpeakOf, shownBy } from "./agreement.ts";
import { kinds, type Witness } from "./kinds.ts";

type Confidence = Report["confidence"];

/** What would have raised the level, for the repair round. */
export interface Lack {
  readonly kind: Witness;
  /** What it would have to show, and what supplies it. */
  readonly supply: string;
}

export interface Settled {
  readonly outcome: Report["outcome"];
  readonly confidence: Confidence;
  readonly lacks: readonly Lack[];
}

/** Which kinds showed anything. Changes may well be none; a service without any metric or log line was not seen. */
function kindsThatShowed(calls: readonly ToolCall[]): Set<Witness> {
  return new Set(
    calls.flatMap(({ outcome, server }) => {
      const kind = kinds().byServer.get(server);
      const showed = outcome === "found" || (outcome === "nothing_found" && kind === "changes");
      return showed && kind !== undefined ? [kind] : [];
    }),
  );
}

export interface OutcomeInput {
  readonly family: Family;
  readonly culprit: CatalogEntry | null;
  /** Who calls the culprit, by the catalog. */
  readonly callers: readonly string[];
  readonly service: string | null;
  /** Whose dependencies are not all known, of the culprit and those that lead to it. */
  readonly blindSpots?: readonly string[];
  /** When the alert fired, epoch milliseconds. */
  readonly page: number;
  readonly diagnosis: Claim | null;
  /** The diagnosis and the claims that hold. */
  readonly claims: readonly Claim[];
  readonly candidates: readonly Candidate[];
  readonly evidence: ReadonlyMap<string, Evidence>;
  readonly calls: readonly ToolCall[];
}

/**
 * The kind of evidence that a family cannot do without: a deployment cannot be at fault when nothing that is cited shows it, nor a
 * refused credential when no log line says so.
 */
const SHOWN_BY: Readonly<Partial<Record<Family, Witness>>> = {
  bad_deployment: "changes",
  config_drift: "changes",
  undersized_hpa: "metrics",
  expired_secret: "logs",
  missing_iam_permission: "logs",
};

const LEVELS = ["none", "low", "medium", "high"] as const;

/**
 * Settles outcome and confidence from what the cited items show, so that no model grades itself. Three independent kinds of evidence
 * that agree on the culprit identify it, as do two and a witness of the commit itself; two make it likely; one alone is inconclusive.
 * The culprit's own figures, where they are as usual, take a step off, and so does an edge that is lost on the way to it or at it. A kind that could not be seen takes none.
 */
export function settleOutcome(input: OutcomeInput): Settled {
  const { culprit, calls, diagnosis, claims, evidence, blindSpots = [] } = input;
  const showed = kindsThatShowed(calls);
  const { present, presentServers } = kinds();
  const blind = present.filter((kind) => !showed.has(kind));
  const unseen = blind.length > 0 ? [`${blind.join(" and ")} could not be seen`] : [];
  const anyFound = calls.some(({ outcome, server }) => outcome === "found" && presentServers.has(server));
  if (!anyFound)
    return settled("blocked", 0, [], `neither ${present.slice(0, -1).join(", ")} nor ${present.at(-1)} could be seen`);
  if (!diagnosis) return settled("inconclusive", 0, [], "no diagnosis held up");
  if (!culprit) {
    const speaking = input.service === null ? [] : kindsThatSpeakOf(input.service, claims, evidence);
    const why = [inWords(speaking, input.service, "speak of"), ...unseen].join("; ");
    return settled("inconclusive", Math.max(1, Math.min(speaking.length, 3) - unseen.length), speaking, why);
  }
  const { agreeing, healthy, over, unmeasured } = agreementOn({ ...input, culprit: culprit.name }, claims, evidence);
  const quotedAgainst = shownBy(diagnosis.contradicts, evidence);
  const hard = quotedAgainst.some((one) => isHealth(one) && isAbout(one, culprit.name));
  const kept = input.candidates.filter(({ verdict }) => verdict === "kept");
  const witnessed = kept.some(({ reason }) => reason.code === "own_witness");
  // Which of several commits it was is no question where none is blamed.
  const undecided = kept.length > 1 && !witnessed && blamesACommit(input.family);
  const doubts = [
    ...(unmeasured && !agreeing.includes("metrics") ? [`nothing measures ${culprit.name}`] : []),
    ...(healthy ? [over ? "its trouble was over before the alert" : "its own figures are as usual"] : []),
    ...(over && !healthy ? ["its trouble was over before the alert"] : []),
    ...(hard ? ["its own figures speak against it"] : []),
    ...(blindSpots.length > 0
      ? [`a reference of ${blindSpots.join(" and ")} leads nowhere, and what lies behind it was not seen`]
      : []),
  ];
  const why = [
    inWords(agreeing, culprit.name, "agree on"),
    ...doubts,
    ...(undecided ? [`${kept.length} commits could have done it`] : []),
    ...(diagnosis.contradicts.length > 0 && !hard ? ["what is quoted against it does not clear it"] : []),
    ...unseen,
  ].join("; ");
  const wanted = SHOWN_BY[input.family];
  const shown = wanted === undefined || agreeing.includes(wanted);
  const counted = Math.min(3, agreeing.length + (witnessed && agreeing.includes("changes") ? 1 : 0));
  const steps = Math.max(1, counted - (doubts.length > 0 ? 1 : 0));
  const lacks = lacksOf(input, culprit.name, agreeing);
  if (counted >= 3 && shown && !hard && !healthy && !over && !undecided && blindSpots.length === 0)
    return settled("root_cause_identified", steps, agreeing, why, lacks);
  if (agreeing.length >= 2 && !healthy) return settled("likely_cause", Math.min(steps, 2), agreeing, why, lacks);
  return settled("inconclusive", 1, agreeing, why, lacks);
}

function lacksOf({ page }: OutcomeInput, culprit: string, agreeing: readonly Witness[]): Lack[] {
  const supplies: readonly Lack[] = [
    {
      kind: "metrics",
      supply: `a quoted line of read_metrics that shows a signal of ${culprit} unusual and not over before ${new Date(page).toISOString()}`,
    },
    {
      kind: "logs",
      supply: `a quoted pattern of read_logs that shows failing, of ${culprit} or naming it`,
    },
    {
      kind: "changes",
      supply: `a quoted item of read_changes that shows a change of ${culprit}, live before it turned`,
    },
  ];
  return supplies.filter(({ kind }) => !agreeing.includes(kind));
}

function inWords(agreeing: readonly Witness[], about: string | null, agree: "agree on" | "speak of"): string {
  const [first, ...others] = agreeing;
  if (first === undefined) return `nothing that is cited shows trouble of ${about ?? "a service"}`;
  if (others.length === 0) return `only ${first} ${first === "history" ? "speaks" : "speak"} of ${about}`;
  return `${agreeing.join(", ")} ${agree} ${about}`;
}

function settled(
  outcome: Report["outcome"],
  steps: number,
  agreeing: readonly Witness[],
  why: string,
  lacks: readonly Lack[] = [],
): Settled {
  return { outcome, confidence: { level: LEVELS[steps] ?? "none", agreeing: [...agreeing], why }, lacks };
}
