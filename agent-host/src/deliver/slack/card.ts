import type { Report } from "@oncall-copilot/core";
import type { CaseView } from "../case-delivery.ts";
import { oneLine } from "../style.ts";
import { ACTION, type BoundTo, buttonValue } from "./actions.ts";
import {
  type Block,
  type Button,
  bold,
  button,
  code,
  context,
  header,
  type Inline,
  line,
  linked,
  quote,
  type RichPart,
  rich,
  type SlackMessage,
  text,
  wordsIn,
} from "./block-kit.ts";
import {
  alertName,
  alertsWords,
  clock,
  confidenceWords,
  decidingQuote,
  decisionWords,
  draftState,
  isNoFault,
  isOpenToDecide,
  sentence,
  verdictWords,
} from "./case-words.ts";
import { escaped, shortened, webLink } from "./plain-text.ts";

/** Characters of words on a card: what is read at 3 a.m. on a phone. */
export const MAX_CARD_WORDS = 600;

interface Row {
  readonly block: Block;
  /** The least is given up first, whole; its words are in the thread too. */
  readonly worth: number;
}

/** The card of a case: what broke, because of what, the quote that decides it, what to do, how sure, how many alerts. */
export function renderCard(view: CaseView): SlackMessage {
  const rows = [...wordRows(view), ...buttonRows(view)];
  const kept = keptOf(rows);
  return { text: escaped(shortened(fallback(view), 280)), blocks: kept.map(({ block }) => block) };
}

const fallback = (view: CaseView): string =>
  `${verdictWords(view)}: ${alertName(view)}. ${view.report ? sentence(view.report) : ""}`;

function keptOf(rows: readonly Row[]): readonly Row[] {
  const words = (some: readonly Row[]) => wordsIn(some.map(({ block }) => block)).join("").length;
  let kept = rows;
  while (words(kept) > MAX_CARD_WORDS) {
    const least = kept.reduce((a, b) => (b.worth < a.worth ? b : a));
    if (least.worth >= ALWAYS) break;
    kept = kept.filter((row) => row !== least);
  }
  return kept;
}

/** Its rows together are never more than the card may have. */
const ALWAYS = 100;

function wordRows(view: CaseView): Row[] {
  const { report, case: current } = view;
  const top: Row = { block: header(shortened(`${verdictWords(view)}: ${alertName(view)}`, 120)), worth: ALWAYS };
  const news = decisionWords(view)
    .slice(0, 2)
    .map((words, index): Row => ({ block: context(shortened(words, 110)), worth: 90 - index * 60 }));
  const back =
    current.back_of === null
      ? []
      : [row(context(`Back: the same alert had case ${oneLine(current.back_of)} within a day.`), 60)];
  const failed = current.failure
    ? [row(context(shortened(`Not as it should be: ${oneLine(current.failure.why)}`, 110)), 80)]
    : [];
  if (!report) return [top, ...back, ...failed, row(context(`${alertsWords(view)}.`), 70)];
  return [
    top,
    row(rich(line(text(shortened(sentence(report), 190)))), ALWAYS),
    ...quoteRow(report),
    ...blindRow(report),
    ...doRow(view, report),
    ...news,
    ...back,
    ...failed,
    row(context(`${confidenceWords(report)}. ${alertsWords(view)}. More in the thread.`), 85),
  ];
}

const row = (block: Block, worth: number): Row => ({ block, worth });

function quoteRow(report: Report): Row[] {
  const found = decidingQuote(report);
  if (!found) return [];
  return [row(rich(quote(linked(shortened(found.text, 130), webLink(found.evidence?.url ?? "")))), 50)];
}

/** Where nothing could be seen, the reader wants to know why: it may be what is broken. */
function blindRow({ outcome, gaps: [gap] }: Report): Row[] {
  if (outcome !== "blocked" || !gap) return [];
  return [row(rich(line(bold("Not seen: "), text(shortened(oneLine(`${gap.what}: ${gap.why}`), 160)))), 75)];
}

/** What to do: the draft and the runbook section, each with its link; or what is being waited for. */
function doRow(view: CaseView, report: Report): Row[] {
  const { case: current } = view;
  const parts: RichPart[] = [];
  if (isNoFault(report)) parts.push(line(bold("Nothing to do. "), text("No change is proposed.")));
  else if (report.pull_request && current.pull_request)
    parts.push(
      line(
        bold("Fix: "),
        linked(shortened(oneLine(report.fix.title), 70), webLink(current.pull_request.url)),
        text(`, ${draftState(current)}`),
      ),
    );
  else if (report.fix.kind !== "none")
    parts.push(
      line(
        bold("Fix: "),
        text(shortened(oneLine(report.fix.title), 70)),
        text(
          report.patch === undefined
            ? ", not opened as a draft; why is in the thread"
            : ", as a signed patch in the thread",
        ),
      ),
    );
  const runbook = runbookLink(report);
  if (runbook) parts.push(line(bold("Runbook: "), runbook));
  const { settled } = report;
  if (current.state === "open" && current.next_look_at !== null)
    parts.push(line(text(`Looks again at ${clock(current.next_look_at)}.`)));
  else if (report.outcome === "inconclusive" && !isNoFault(report) && settled.would_decide[0] !== undefined)
    parts.push(line(bold("Would decide it: "), text(shortened(oneLine(settled.would_decide[0]), 90))));
  const next =
    current.pull_request && parts.length > 0 && report.pull_request ? [code(short(current.pull_request.commit))] : [];
  if (next.length > 0 && isOpenToDecide(current)) parts[0] = withCommit(parts[0], next);
  return parts.length === 0 ? [] : [row(rich(...parts), 95)];
}

/** The commit that an approval is bound to: its reader sees which. */
function withCommit(part: RichPart | undefined, commit: readonly Inline[]): RichPart {
  if (part?.type !== "rich_text_section") return line(...commit);
  return line(...part.elements, text(" at "), ...commit);
}

const short = (sha: string): string => sha.slice(0, 7);

function runbookLink(report: Report): Inline | undefined {
  const section = report.evidence.find(({ id }) => id === report.runbook?.evidence_id);
  if (!report.runbook || !section) return undefined;
  const first = section.text.split("\n", 1)[0] ?? "";
  const page = oneLine(report.runbook.notes[0] ?? "").split(", version")[0] ?? "";
  const name = [page, oneLine(first.replace(/^#+\s*/, ""))].filter((part) => part !== "").join(": ");
  return linked(shortened(name, 80), webLink(section.url));
}

/** What each button is bound to. */
export function boundTo(view: CaseView): BoundTo {
  const { case: current } = view;
  return {
    case: current.id,
    report: (current.final_report ?? current.looks.at(-1)?.report)?.sha256 ?? null,
    head: current.pull_request?.commit ?? null,
  };
}

function buttonRows(view: CaseView): Row[] {
  const { case: current, report } = view;
  const value = buttonValue(boundTo(view));
  const buttons: Button[] = [];
  if (isOpenToDecide(current) && current.mode === "live") {
    buttons.push(
      button(ACTION.approve, "Approve", value, "primary"),
      button(ACTION.edit, "Edit", value),
      button(ACTION.reject, "Reject", value, "danger"),
    );
  }
  const decide =
    report && !isNoFault(report) && report.outcome === "inconclusive" ? report.settled.would_decide[0] : undefined;
  if (decide !== undefined && current.resolved_at === null && current.state !== "ended") {
    buttons.push(button(ACTION.look, shortened(`Look now: ${oneLine(decide)}`, 60), value));
  }
  return buttons.length === 0 ? [] : [row({ type: "actions", block_id: "decide", elements: buttons }, ALWAYS)];
}
