import { type Evidence, type EvidenceDraft, estimateTokens, mostThatFit, writeMarks } from "@oncall-copilot/core";
import type { ToolContext } from "@oncall-copilot/core/server";
import type { Span } from "../change/span.ts";
import type { Suspect } from "../ranking/rank.ts";
import type { CallersSeen } from "./callers.ts";
import { type Candidate, choose } from "./choose.ts";
import { shortInstant } from "./figures.ts";
import { NOTABLE } from "./notable.ts";
import type { MetricsAnswer, MoreSuspects, ShownAlarms, ShownCallers, ShownSuspect } from "./schema.ts";
import { type Scene, showMore, showSuspect, type Unminted } from "./shown.ts";
import { answerAsText } from "./text.ts";
import { showUnread, type UnreadSignal } from "./unread.ts";

/** Tokens that an answer may take in its larger form, summary and gaps included. */
const BUDGET = 1_460;
/** What the summary takes of it at the most. */
const SUMMARY = 125;
/** JSON like this takes about three quarters of what `estimateTokens` says, which counts each quote and colon; a test holds that. */
const JSON_SHARE = 0.76;
/** Suspects shown with their signals one by one; those after them get a line each. */
const IN_DETAIL = 3;
/** Lines that go before a second suspect in full: five suspects are worth more than two at length. */
const LINES_FIRST = 4;
/** As long as a receipt, for measuring an answer before its receipts are minted. */
const UNMINTED = "mXxXxXxXxXxXxXxXx";

export interface Ranking {
  readonly scene: Scene;
  /** The service asked about, whatever its place; absent on later pages. */
  readonly asked: Suspect | undefined;
  /** One signal or one service was asked for, so that all there is of the service asked about is shown, what is usual too. */
  readonly everySignal: boolean;
  /** Those to show on this page, most suspect first. */
  readonly suspects: readonly Suspect[];
  readonly alarms: Unminted<Omit<ShownAlarms, "evidence">> | undefined;
  readonly callers: CallersSeen | undefined;
  readonly baseline: { readonly from: number; readonly to: number };
  readonly leftOut: readonly Span[];
  readonly dataEnd: number | undefined;
  readonly noTraffic: readonly { readonly service: string; readonly since: number }[];
  readonly unread: readonly UnreadSignal[];
  readonly usual: readonly string[];
  readonly missing: readonly string[];
  readonly gaps: readonly string[];
}

interface Chosen {
  readonly signals: readonly Candidate[];
  readonly further: readonly Suspect[];
  readonly withCourse: boolean;
}

const unminted = (draft: EvidenceDraft): Evidence => ({
  ...{ id: UNMINTED, text: draft.text, url: draft.url, at: draft.at },
  ...{ about: [...draft.about], shows: writeMarks(draft.shows) },
});
const asIfMinted = <P>({ part, draft }: Unminted<P>) => ({ ...part, evidence: unminted(draft) });
const withEvidence = ({ part, draft }: CallersSeen, mint: (draft: EvidenceDraft) => Evidence): ShownCallers => ({
  ...part,
  evidence: draft ? mint(draft) : null,
});
const span = ({ from, to }: { from: number; to: number }) => ({ from: shortInstant(from), to: shortInstant(to) });

function partsOf({ signals, further, withCourse }: Chosen, { scene, suspects, asked }: Ranking) {
  const order = [...new Set([...suspects, ...(asked ? [asked] : [])])];
  const shown = order.filter((suspect) => signals.some((candidate) => candidate.suspect === suspect));
  return {
    suspects: shown.map((suspect, index) => {
      const changes = signals.filter((candidate) => candidate.suspect === suspect).map(({ change }) => change);
      return showSuspect(suspect, changes, scene, withCourse && index === 0);
    }),
    more: showMore(further, scene),
  };
}

interface Beside {
  readonly alarms: ShownAlarms | undefined;
  readonly callers: ShownCallers | undefined;
}

function answerOf(
  suspects: ShownSuspect[],
  more: MoreSuspects | null,
  { alarms, callers }: Beside,
  ranking: Ranking,
): MetricsAnswer {
  const { leftOut, dataEnd, noTraffic, unread } = ranking;
  return {
    service: ranking.scene.start,
    window: span(ranking.scene.window),
    baseline: { ...span(ranking.baseline), ...(leftOut.length > 0 ? { left_out: leftOut.map(span) } : {}) },
    ...(dataEnd === undefined ? {} : { data_until: shortInstant(dataEnd) }),
    suspects,
    more,
    ...(callers ? { callers } : {}),
    ...(alarms ? { alarms } : {}),
    ...(noTraffic.length > 0
      ? { no_traffic: noTraffic.map(({ service, since }) => ({ service, since: shortInstant(since) })) }
      : {}),
    ...(unread.length > 0 ? { unread: showUnread(unread) } : {}),
    usual: [...ranking.usual],
    missing: [...ranking.missing],
  };
}

/**
 * Takes as much as fits, what matters most first: the service asked about and the first suspect; a line for each of the next
 * ones; the second and third suspect in full; lines for those after; second signals; and the course of the first one.
 */
function fit(ranking: Ranking): Chosen {
  const { first, others, seconds } = choose(ranking.asked, ranking.suspects, ranking.everySignal);
  const room = BUDGET - SUMMARY - estimateTokens(ranking.gaps.join("\n"));
  const alarms = ranking.alarms ? asIfMinted(ranking.alarms) : undefined;
  const callers = ranking.callers && withEvidence(ranking.callers, unminted);
  const fits = (chosen: Chosen): boolean => {
    const parts = partsOf(chosen, ranking);
    const more = parts.more ? asIfMinted(parts.more) : null;
    const answer = answerOf(parts.suspects.map(asIfMinted), more, { alarms, callers }, ranking);
    const [json, text] = [estimateTokens(JSON.stringify(answer)), estimateTokens(answerAsText(answer))];
    return Math.max(JSON_SHARE * json, text) <= room;
  };
  let chosen: Chosen = { signals: [], further: [], withCourse: false };
  const primary = mostThatFit(first, room, (signals) => (fits({ ...chosen, signals }) ? 0 : room + 1));
  chosen = { ...chosen, signals: first.slice(0, Math.max(primary, 1)) };
  const lines = others.map(({ suspect }) => suspect);
  const addLines = (upTo: number) => {
    const shown = new Set(chosen.signals.map(({ suspect }) => suspect));
    for (const suspect of lines.slice(0, upTo).filter((one) => !shown.has(one) && !chosen.further.includes(one))) {
      const longer = { ...chosen, further: [...chosen.further, suspect] };
      if (!fits(longer)) return;
      chosen = longer;
    }
  };
  addLines(LINES_FIRST);
  for (const candidate of others.slice(0, IN_DETAIL - 1)) {
    const further = chosen.further.filter((suspect) => suspect !== candidate.suspect);
    const fuller = { ...chosen, further, signals: [...chosen.signals, candidate] };
    if (!fits(fuller)) break;
    chosen = fuller;
  }
  addLines(lines.length);
  for (const candidate of seconds) {
    const fuller = { ...chosen, signals: [...chosen.signals, candidate] };
    if (chosen.signals.some(({ suspect }) => suspect === candidate.suspect) && fits(fuller)) chosen = fuller;
  }
  const withCourse = { ...chosen, withCourse: true };
  return fits(withCourse) ? withCourse : chosen;
}

export interface Composed {
  readonly answer: MetricsAnswer;
  /** How many of the page's suspects are in it, in detail or by a line. */
  readonly shown: number;
  /** How many notable signals of these suspects are not in it. */
  readonly signalsLeftOut: number;
}

/** Builds the answer from what is ranked, with as much as fits. */
export async function compose(ranking: Ranking, context: ToolContext): Promise<Composed> {
  const chosen = fit(ranking);
  const parts = partsOf(chosen, ranking);
  const mint = async <P>({ part, draft }: Unminted<P>) => ({ ...part, evidence: await context.evidence(draft) });
  const suspects = await Promise.all(parts.suspects.map(mint));
  const more = parts.more ? await mint(parts.more) : null;
  const alarms = ranking.alarms ? await mint(ranking.alarms) : undefined;
  const { callers: seen } = ranking;
  const said = seen?.draft && (await context.evidence(seen.draft));
  const callers = seen && { ...seen.part, evidence: said ?? null };
  const named = new Set([...chosen.signals.map(({ suspect }) => suspect), ...chosen.further]);
  return {
    answer: answerOf(suspects, more, { alarms, callers }, ranking),
    shown: ranking.suspects.filter((suspect) => named.has(suspect)).length,
    signalsLeftOut: [...named].reduce((sum, suspect) => sum + untold(suspect, chosen), 0),
  };
}

/** Notable signals of a suspect beyond those that are told, one line being one signal. */
function untold(suspect: Suspect, { signals, further }: Chosen): number {
  const notable = suspect.signals.filter(({ weight }) => weight >= NOTABLE);
  const told = new Set(signals.filter((candidate) => candidate.suspect === suspect).map(({ change }) => change));
  const left = notable.filter(({ change }) => !told.has(change)).length;
  return Math.max(0, left - (further.includes(suspect) ? 1 : 0));
}
