import type { Citation, Claim, Evidence, Report } from "@oncall-copilot/core";
import type { CaseView } from "../case-delivery.ts";
import { oneLine, printable } from "../style.ts";
import { cutByKind, engineLine, noPullRequest } from "../words.ts";
import {
  type Block,
  bold,
  bullets,
  context,
  type Inline,
  line,
  linked,
  quote,
  type RichPart,
  rich,
  type SlackMessage,
  text,
  verbatim,
} from "./block-kit.ts";
import { alertName, claimsOf, confidenceWords, decisionWords, sentence } from "./case-words.ts";
import { fitMessage, type MessagePart } from "./fit-message.ts";
import { shortened, webLink } from "./plain-text.ts";

/** One reply in the thread. Its key stays the same from look to look, so that it is changed in place. */
export interface ThreadReply {
  readonly key: "why" | "runbook" | "past" | "changes" | "rest";
  readonly message: SlackMessage;
}

/** Longest piece of one element, below Slack's own limit, so that a label fits beside it. */
const MAX_PIECE = 2_600;
const MAX_RUNBOOK_PIECES = 4;

type Known = ReadonlyMap<string, Evidence>;

/** Everything that the card does not say, in at most five replies. */
export function renderThread(view: CaseView): readonly ThreadReply[] {
  const { report } = view;
  if (!report) return [];
  const known: Known = new Map(report.evidence.map((item) => [item.id, item]));
  const where = "The report has all of it.";
  const replies: readonly [ThreadReply["key"], string, readonly MessagePart[]][] = [
    ["why", `Why: ${sentence(report)}`, why(report, known)],
    ["runbook", "Runbook, word for word", runbook(report, known)],
    ["past", "Past incidents like this", past(report, known)],
    ["changes", "Other changes in the window", changes(report, known)],
    ["rest", "What was not seen, and what it cost", rest(view, report)],
  ];
  return replies.flatMap(([key, words, parts]) =>
    parts.length === 0 ? [] : [{ key, message: fitMessage(`${alertName(view)}: ${words}`, parts, where) }],
  );
}

const title = (words: string): Block => rich(line(bold(words)));

function why(report: Report, known: Known): MessagePart[] {
  const claims = claimsOf(report);
  if (claims.length === 0) return [];
  return [
    { name: "the title", blocks: [title("Why")] },
    ...claims.map((claim, index) => ({ name: `claim ${index + 1}`, blocks: [claimBlock(claim, known)] })),
  ];
}

function claimBlock({ text: words, supports, contradicts }: Claim, known: Known): Block {
  return rich(
    line(bold(shortened(oneLine(words), 500))),
    ...supports.map((citation) => cited(citation, known)),
    ...contradicts.flatMap((citation) => [line(text("Against it:")), cited(citation, known)]),
  );
}

/** The quote word for word, and where it can be seen. */
function cited({ id, quote: words }: Citation, known: Known): RichPart {
  const url = webLink(known.get(id)?.url ?? "");
  const source: Inline[] = url === undefined ? [] : [text("  "), linked("see it", url)];
  return quote(text(shortened(printable(words), 900)), ...source);
}

/** Whole lines, so that a step is never cut in two; what no longer fits is told by its first and last line. */
function runbook(report: Report, known: Known): MessagePart[] {
  const section = known.get(report.runbook?.evidence_id ?? "");
  if (!report.runbook || !section) return [];
  const [page = "", ...signs] = report.runbook.notes.map(oneLine);
  const pieces = inPieces(printable(section.text));
  const shown = pieces.slice(0, MAX_RUNBOOK_PIECES);
  const left = pieces.slice(MAX_RUNBOOK_PIECES).join("").length;
  const notes = [
    ...signs.map((sign) => `Mind: ${shortened(sign, 200)}`),
    ...(left > 0 ? [`${left} more characters of this section are on its page.`] : []),
  ];
  return [
    {
      name: "the title",
      blocks: [rich(line(bold("Runbook, word for word: "), linked(shortened(page, 120), webLink(section.url))))],
    },
    ...notes.map((note, index) => ({ name: `note ${index + 1}`, blocks: [context(note)] })),
    ...shown.map((piece, index) => ({ name: `part ${index + 1} of the section`, blocks: [rich(verbatim(piece))] })),
  ];
}

function inPieces(words: string): string[] {
  const pieces: string[] = [];
  let piece = "";
  for (const one of words.split("\n").flatMap((long) => long.match(/[\s\S]{1,2500}/gu) ?? [""])) {
    if (piece.length + one.length + 1 > MAX_PIECE) {
      pieces.push(piece);
      piece = "";
    }
    piece += piece === "" ? one : `\n${one}`;
  }
  return piece === "" ? pieces : [...pieces, piece];
}

function past(report: Report, known: Known): MessagePart[] {
  const found = report.similar.flatMap((id) => known.get(id) ?? []);
  if (found.length === 0) return [];
  return [
    { name: "the title", blocks: [title("Past incidents like this, and whether their fix held")] },
    ...found.map((item, index) => {
      const [first = "", ...others] = printable(item.text).split("\n");
      const url = webLink(item.url);
      const told = others.map((one) => [text(shortened(one, 300))]);
      const list = told.length === 0 ? [] : [bullets(told)];
      return {
        name: `incident ${index + 1}`,
        blocks: [
          rich(line(url === undefined ? bold(shortened(first, 300)) : linked(shortened(first, 300), url)), ...list),
        ],
      };
    }),
  ];
}

function changes(report: Report, known: Known): MessagePart[] {
  const { candidates, also_found: also } = report;
  const rows: Inline[][] = candidates.map(({ service, sha, verdict, reason }) => [
    bold(verdict === "kept" ? "Kept " : "Cleared "),
    text(`${oneLine(service)} ${sha.slice(0, 10)}: ${shortened(oneLine(reason.text), 240)}`),
  ]);
  const theories = report.ruled_out.map(({ theory, because }, index) => ({
    name: `theory ${index + 1}`,
    blocks: [
      rich(
        line(bold(`${shortened(oneLine(theory), 200)}: `), text(shortened(oneLine(because.text), 300))),
        ...because.supports.slice(0, 2).map((citation) => cited(citation, known)),
      ),
    ],
  }));
  const others = also.map(({ name, why: { text: words } }) => [
    bold(`${oneLine(name)} `),
    text(shortened(oneLine(words), 300)),
  ]);
  if (rows.length + theories.length + others.length === 0) return [];
  return [
    { name: "the title", blocks: [title("Other changes in the window, and why each was cleared")] },
    ...chunks(rows, 10).map((some, index) => ({ name: `commits, part ${index + 1}`, blocks: [rich(bullets(some))] })),
    ...theories,
    ...(others.length === 0
      ? []
      : [
          {
            name: "a second fault",
            blocks: [title("Found besides: faults that do not explain this alert"), rich(bullets(others))],
          },
        ]),
  ];
}

function rest(view: CaseView, report: Report): MessagePart[] {
  const { case: current } = view;
  const gaps = report.gaps.map(({ server, what, why: reason }) => [
    text(shortened(oneLine(`${server}: ${what}: ${reason}`), 300)),
  ]);
  const cut = cutByKind(report).map((words) => [text(shortened(oneLine(words), 300))]);
  const patch =
    report.fix.kind !== "none" && !report.pull_request
      ? [
          {
            name: "why there is no draft",
            blocks: [title("No draft"), rich(line(text(shortened(oneLine(noPullRequest(report)), 600))))],
          },
        ]
      : [];
  const diff = report.pull_request?.diff ?? report.patch ?? "";
  const isPatch = report.pull_request === null && report.patch !== undefined;
  const decided = decisionWords(view).map((words) => [text(shortened(words, 400))]);
  return [
    ...(diff === "" ? [] : [{ name: isPatch ? "the patch" : "the draft's diff", blocks: diffBlocks(diff, isPatch) }]),
    ...patch,
    ...(decided.length === 0 ? [] : [{ name: "decisions", blocks: [title("Decisions"), rich(bullets(decided))] }]),
    ...listPart("Not seen: gaps, not evidence", "gaps", gaps),
    ...listPart("Cut, since it did not check out", "what was cut", cut),
    { name: "confidence and cost", blocks: [context(shortened(closing(report, current.looks.length), 1_500))] },
  ];
}

const MAX_DIFF_LINES = 40;

/** A patch is there to be applied by hand; the report that holds it is signed. */
function diffBlocks(diff: string, isPatch: boolean): Block[] {
  const lines = printable(diff).trimEnd().split("\n");
  const shown = inPieces(lines.slice(0, MAX_DIFF_LINES).join("\n"))[0] ?? "";
  const left = lines.length - shown.split("\n").length;
  return [
    title(isPatch ? "The fix as a patch, to apply with git apply" : "The draft"),
    rich(verbatim(shown)),
    ...(left > 0 ? [context(`${left} more lines in the ${isPatch ? "signed report" : "draft"}.`)] : []),
  ];
}

function closing(report: Report, looks: number): string {
  const { note } = report.engine;
  const seen = `Seen as of ${report.as_of}${looks > 1 ? `, look ${looks}` : ""}`;
  const why = oneLine(report.confidence.why);
  return `${confidenceWords(report)} (${why}). ${seen}, ${engineLine(report)}.${note ? ` ${oneLine(note)}.` : ""}`;
}

function listPart(words: string, name: string, items: readonly Inline[][]): MessagePart[] {
  return chunks(items, 15).map((some, index) => ({
    name: index === 0 ? name : `${name}, part ${index + 1}`,
    blocks: [...(index === 0 ? [title(words)] : []), rich(bullets(some))],
  }));
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
