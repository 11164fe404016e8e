import { type CatalogEntry, type Claim, type Evidence, type Family, mentions, type Report } from "@oncall-copilot/core";
import type { ToolCall } from "../tools/toolbox.ts";

type Confidence = Report["confidence"];

export interface Settled {
  readonly outcome: Report["outcome"];
  readonly confidence: Confidence;
}

/** Kinds whose silence blocks a diagnosis, and which can show a cause. Runbooks say what to do, not what happened. */
const WITNESSES = ["metrics", "logs", "changes", "history"] as const;
type Witness = (typeof WITNESSES)[number];

/** Server name to kind of evidence: the git server speaks of changes. */
const KIND_OF_SERVER: Readonly<Record<string, Witness>> = {
  metrics: "metrics",
  logs: "logs",
  git: "changes",
  history: "history",
};
const KIND_OF_LETTER: Readonly<Record<string, Witness>> = { m: "metrics", l: "logs", g: "changes", h: "history" };

/** Without anything from one of these, nothing can be said. */
const TELLING_SERVERS: ReadonlySet<string> = new Set(["metrics", "logs", "git"]);

export const kindOf = (evidenceId: string): Witness | undefined => KIND_OF_LETTER[evidenceId.slice(0, 1)];

/**
 * The kinds of evidence that speak of `name` in support of some claim that holds: in the quote, or in the evidence's
 * first line, where every server names whom it speaks about.
 */
export function kindsThatAgree(
  name: string,
  claims: readonly Claim[],
  evidence: ReadonlyMap<string, Evidence>,
): Witness[] {
  const kinds = new Set<Witness>();
  for (const { id, quote } of claims.flatMap((claim) => claim.supports)) {
    const kind = kindOf(id);
    const firstLine = evidence.get(id)?.text.split("\n", 1)[0] ?? "";
    if (kind && (mentions(quote, name) || mentions(firstLine, name))) kinds.add(kind);
  }
  return WITNESSES.filter((kind) => kinds.has(kind));
}

/** Which kinds showed anything. Changes may well be none; a service without any metric or log line was not seen. */
function kindsThatShowed(calls: readonly ToolCall[]): Set<Witness> {
  const showed = calls.filter(
    ({ outcome, server }) => outcome === "found" || (outcome === "nothing_found" && server === "git"),
  );
  return new Set(showed.flatMap(({ server }) => KIND_OF_SERVER[server] ?? []));
}

/** Whether the metrics were asked and have no series at all of a service: it may be as ever, for all that they can say. */
function hasNoSeries(name: string, calls: readonly ToolCall[]): boolean {
  return calls.some(({ server, structured }) => {
    const missing = server === "metrics" ? structured["missing"] : undefined;
    return Array.isArray(missing) && missing.includes(name);
  });
}

export interface OutcomeInput {
  readonly family: Family;
  readonly culprit: CatalogEntry | null;
  readonly service: string | null;
  readonly diagnosis: Claim | null;
  /** The diagnosis and the claims that hold. */
  readonly claims: readonly Claim[];
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
 * Settles outcome and confidence from what held up, so that no model grades itself. Three independent kinds of evidence
 * that agree on the culprit identify it, two make it likely, one alone is inconclusive. Evidence against the diagnosis,
 * or a witness that could not be asked, takes a step off.
 */
export function settleOutcome(input: OutcomeInput): Settled {
  const showed = kindsThatShowed(input.calls);
  const blind = (["metrics", "logs", "changes"] as const).filter((kind) => !showed.has(kind));
  const anyFound = input.calls.some(({ outcome, server }) => outcome === "found" && TELLING_SERVERS.has(server));
  if (!anyFound) return settled("blocked", 0, [], "neither metrics, logs nor changes could be seen");
  if (!input.diagnosis) return settled("inconclusive", 0, [], "no diagnosis held up");
  const about = input.culprit?.name ?? input.service;
  const agreeing = about === null ? [] : kindsThatAgree(about, input.claims, input.evidence);
  const against = input.diagnosis.contradicts.length > 0;
  const kinds = inWords(agreeing, about, input.culprit !== null);
  const unmeasured = about !== null && !agreeing.includes("metrics") && hasNoSeries(about, input.calls);
  const doubts = [
    unmeasured ? `nothing measures ${about}` : "",
    against ? "there is evidence against it" : "",
    blind.length > 0 ? `${blind.join(" and ")} could not be seen` : "",
  ].filter((doubt) => doubt !== "");
  const why = [kinds, ...doubts].join("; ");
  const steps = Math.max(1, Math.min(agreeing.length, 3) - (doubts.length > 0 ? 1 : 0));
  if (!input.culprit) return settled("inconclusive", agreeing.length === 0 ? 1 : steps, agreeing, why);
  const wanted = SHOWN_BY[input.family];
  const shown = wanted === undefined || agreeing.includes(wanted);
  if (agreeing.length >= 3 && shown && !against) return settled("root_cause_identified", steps, agreeing, why);
  if (agreeing.length >= 2) return settled("likely_cause", Math.min(steps, 2), agreeing, why);
  return settled("inconclusive", 1, agreeing, why);
}

function inWords(agreeing: readonly Witness[], about: string | null, culprit: boolean): string {
  const [first, ...others] = agreeing;
  if (first === undefined) return `no evidence speaks of ${about ?? "a service"}`;
  if (others.length === 0) return `only ${first} ${first === "history" ? "speaks" : "speak"} of ${about}`;
  return `${agreeing.join(", ")} ${culprit ? "agree on" : "speak of"} ${about}`;
}

function settled(outcome: Report["outcome"], steps: number, agreeing: string[], why: string): Settled {
  return { outcome, confidence: { level: LEVELS[steps] ?? "none", agreeing, why } };
}
