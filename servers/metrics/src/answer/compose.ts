import { type Evidence, type EvidenceDraft, estimateTokens, mostThatFit, type ToolContext } from "@oncall-copilot/core";
import type { SignalChange } from "../change/change.ts";
import type { Suspect } from "../ranking/rank.ts";
import type { MetricsStore } from "../store.ts";
import { type Candidate, candidates } from "./choose.ts";
import { describe } from "./describe.ts";
import { shortInstant } from "./figures.ts";
import type { MetricsAnswer, ShownSignal, ShownSuspect } from "./schema.ts";
import { answerAsText } from "./text.ts";
import { whyOf } from "./why.ts";

/** Tokens that an answer may take in its larger form, summary and gaps included. */
const BUDGET = 1_230;
/** JSON like this takes four fifths of what `estimateTokens` says, which counts each quote and colon; a test holds that. */
const JSON_SHARE = 0.8;
/** What the summary takes of it at the most. */
const SUMMARY = 110;
/** As long as a receipt, for measuring an answer before its receipts are minted. */
const UNMINTED = "mXxXxXxXxXxXxXxXx";

export interface Ranking {
  readonly start: string;
  readonly kinds: ReadonlyMap<string, "service" | "resource">;
  /** The service asked about, whatever its place; absent on later pages. */
  readonly asked: Suspect | undefined;
  /** Those to show on this page, most suspect first. */
  readonly suspects: readonly Suspect[];
  readonly window: { readonly from: number; readonly to: number };
  readonly baseline: { readonly from: number; readonly to: number };
  readonly usual: readonly string[];
  readonly missing: readonly string[];
  readonly gaps: readonly string[];
}

interface Unminted extends Omit<ShownSuspect, "evidence"> {
  readonly draft: EvidenceDraft;
}

const twoDigits = (value: number) => Math.round(value * 100) / 100;

const onsetOf = (change: SignalChange): number | null =>
  change.status === "measured" ? change.onset : change.status === "stopped" ? change.lastSeen : null;

function shownSignal(change: SignalChange): ShownSignal {
  const measured = change.status === "measured" ? change : undefined;
  const usual = change.status === "too_little_baseline" ? undefined : change.usual;
  const onset = onsetOf(change);
  return {
    signal: change.signal,
    role: change.meaning.role,
    change: measured?.change ?? (change.status === "stopped" ? "stopped" : "unmeasured"),
    score: twoDigits(measured?.score ?? 0),
    value: measured ? Number(measured.value.toPrecision(3)) : null,
    usual: usual ? Number(usual.median.toPrecision(3)) : null,
    onset: onset === null ? null : shortInstant(onset),
  };
}

function shownSuspect(
  suspect: Suspect,
  changes: readonly SignalChange[],
  ranking: Ranking,
  store: MetricsStore,
  withCourse: boolean,
): Unminted {
  const { from, to } = ranking.window;
  const kind = ranking.kinds.get(suspect.name) ?? "service";
  const place = { name: suspect.name, kind, hops: suspect.hops, start: ranking.start };
  const onset = suspect.onset === null ? null : shortInstant(suspect.onset);
  return {
    service: suspect.name,
    kind,
    hops: suspect.hops,
    score: twoDigits(suspect.score),
    onset,
    why: whyOf(suspect),
    signals: changes.map(shownSignal),
    draft: {
      text: describe(place, changes, withCourse),
      url: store.url(suspect.name, from, to),
      at: onset ?? `${shortInstant(from)}/${shortInstant(to)}`,
    },
  };
}

function build(chosen: readonly Candidate[], ranking: Ranking, store: MetricsStore, withCourse: boolean): Unminted[] {
  const order = [...new Set([...ranking.suspects, ...(ranking.asked ? [ranking.asked] : [])])];
  return order.flatMap((suspect, index) => {
    const changes = chosen.filter((item) => item.suspect === suspect).map(({ change }) => change);
    return changes.length === 0 ? [] : [shownSuspect(suspect, changes, ranking, store, withCourse && index === 0)];
  });
}

function answerOf(suspects: ShownSuspect[], ranking: Ranking): MetricsAnswer {
  const span = ({ from, to }: { from: number; to: number }) => ({ from: shortInstant(from), to: shortInstant(to) });
  return {
    service: ranking.start,
    window: span(ranking.window),
    baseline: span(ranking.baseline),
    suspects,
    usual: [...ranking.usual],
    missing: [...ranking.missing],
  };
}

const withEvidence = ({ draft: _, ...suspect }: Unminted, evidence: Evidence): ShownSuspect => ({
  ...suspect,
  evidence,
});

/** Builds the answer from what is ranked, with as many signals as fit. */
export async function compose(
  ranking: Ranking,
  store: MetricsStore,
  context: ToolContext,
): Promise<{ answer: MetricsAnswer; signalsLeftOut: number }> {
  const listed = candidates(ranking.asked, ranking.suspects);
  const cost = (chosen: readonly Candidate[], withCourse = false) => {
    const suspects = build(chosen, ranking, store, withCourse).map((one) =>
      withEvidence(one, { id: UNMINTED, ...one.draft }),
    );
    const answer = answerOf(suspects, ranking);
    return Math.max(JSON_SHARE * estimateTokens(JSON.stringify(answer)), estimateTokens(answerAsText(answer)));
  };
  const room = BUDGET - SUMMARY - estimateTokens(ranking.gaps.join("\n"));
  const fitting = mostThatFit(listed, room, (some) => cost(some));
  const chosen = listed.slice(0, Math.max(fitting, 1));
  const withCourse = cost(chosen, true) <= room;
  const suspects = await Promise.all(
    build(chosen, ranking, store, withCourse).map(async (one) => withEvidence(one, await context.evidence(one.draft))),
  );
  return { answer: answerOf(suspects, ranking), signalsLeftOut: listed.length - chosen.length };
}
