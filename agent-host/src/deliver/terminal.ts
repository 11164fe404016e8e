import type { Evidence, Report } from "@oncall-copilot/core";
import { diffLines, indent, item, numbered, quotes, wrap } from "./blocks.ts";
import { furtherLook } from "./standing.ts";
import { oneLine, type Paint, printable } from "./style.ts";
import { alertLine, cutByKind, engineLine, headline, linksOf, noPullRequest, proposal, verdict } from "./words.ts";

/** How many claims, suspects and other alerts the message shows; `report.md` has all. */
const MAX_CLAIMS = 6;
const MAX_SUSPECTS = 5;
const MAX_RELATED = 5;

type Known = ReadonlyMap<string, Evidence>;

/** The engineer's message: what it is and what to do first, then why, then what else there is to know. */
export function renderTerminal(report: Report, paint: Paint): string {
  const known: Known = new Map(report.evidence.map((one) => [one.id, one]));
  const further = furtherLook(report);
  const sections: [title: string, lines: string[]][] = [
    ["Known so far", further ? further.known.map((fact) => item(oneLine(fact))) : []],
    ["What would decide it", further ? further.wouldDecide.map((what) => item(wrap(oneLine(what), 96))) : []],
    ["Also firing", related(report)],
    ["Why", why(report, known, paint)],
    ["Runbook, word for word", runbook(report, known, paint)],
    ["Past incidents like this", report.similar.map((id) => item(printable(known.get(id)?.text ?? "")))],
    ["Fix", fix(report, paint)],
    ["Ruled out", report.ruled_out.map(({ theory, because }) => item(wrap(oneLine(`${theory}: ${because.text}`), 96)))],
    ["Suspects", suspects(report, paint)],
    [
      "Not seen (gaps, not evidence)",
      report.gaps.map(({ server, what, why: reason }) => item(wrap(oneLine(`${server}: ${what}: ${reason}`), 96))),
    ],
    ["Cut, since it did not check out", cutByKind(report).map((line) => item(oneLine(line)))],
  ];
  const body = sections.flatMap(([title, lines]) => (lines.length === 0 ? [] : ["", paint("bold", title), ...lines]));
  const note = report.engine.note ? [paint("dim", oneLine(report.engine.note))] : [];
  return `${[...top(report, known, paint), ...body, "", paint("dim", oneLine(engineLine(report))), ...note].join("\n")}\n`;
}

function top(report: Report, known: Known, paint: Paint): string[] {
  const { confidence } = report;
  const further = furtherLook(report);
  const tone = report.family === "no_fault" ? "green" : report.outcome === "root_cause_identified" ? "red" : "yellow";
  const sure = confidence.level === "none" ? "no confidence" : `${confidence.level} confidence`;
  return [
    paint(tone, paint("bold", `${verdict(report).toUpperCase()}  (${sure}: ${oneLine(confidence.why)})`)),
    oneLine(alertLine(report)),
    ...linksOf(report).map((link) => paint("dim", oneLine(link))),
    "",
    // What follows on further lines is set in, so that no diagnosis can print a line that passes for ours.
    ...wrap(oneLine(headline(report)))
      .split("\n")
      .map((line, index) => paint("bold", index === 0 ? line : `  ${line}`)),
    ...(report.diagnosis ? quotes(report.diagnosis, known, paint, "  ") : []),
    paint("bold", oneLine(proposal(report))),
    ...(further ? [oneLine(further.when)] : []),
  ];
}

function related({ incident }: Report): string[] {
  const shown = incident.related
    .slice(0, MAX_RELATED)
    .map(({ alert, service, summary }) => item(oneLine(`${alert}${service ? ` on ${service}` : ""}: ${summary}`)));
  const rest = incident.related.length - shown.length;
  return rest > 0 ? [...shown, `  (${rest} more)`] : shown;
}

function why(report: Report, known: Known, paint: Paint): string[] {
  const shown = report.claims.slice(0, MAX_CLAIMS).map((claim, index) => numbered(claim, index + 1, known, paint));
  const rest = report.claims.length - shown.length;
  return rest > 0 ? [...shown, `  (${rest} more in report.md)`] : shown;
}

function runbook(report: Report, known: Known, paint: Paint): string[] {
  const section = report.runbook ? known.get(report.runbook.evidence_id) : undefined;
  if (!report.runbook || !section) {
    // A runbook that could not be looked for may well be there.
    const unseen = report.gaps.some(
      ({ server, tool }) => server === "runbooks" && (tool === null || tool === "read_runbook"),
    );
    return [unseen ? "  none could be shown: see what was not seen, below" : "  none fits"];
  }
  const [page = "", ...signs] = report.runbook.notes.map(oneLine);
  return [
    `  ${page}`,
    paint("dim", `  ${oneLine(section.url)}`),
    ...signs.map((sign) => paint("yellow", `  ! ${sign}`)),
    indent(printable(section.text), `  ${paint("cyan", "|")} `),
  ];
}

function fix(report: Report, paint: Paint): string[] {
  const { fix: proposed, pull_request: pr } = report;
  const what =
    proposed.kind === "none"
      ? []
      : [
          `  ${oneLine(proposed.title)}`,
          ...(proposed.why === "" ? [] : [indent(wrap(oneLine(proposed.why), 96), "  ")]),
        ];
  if (!pr) return [...what, `  ${oneLine(noPullRequest(report))}`];
  return [
    ...what,
    `  draft pull request ${pr.state}: ${oneLine(pr.url)}`,
    `  branch ${oneLine(pr.branch)}`,
    diffLines(pr.diff, paint),
  ];
}

function suspects(report: Report, paint: Paint): string[] {
  return report.suspects
    .slice(0, MAX_SUSPECTS)
    .map(
      ({ name, score, why: reason }, index) =>
        `  ${index + 1}. ${oneLine(name)}  ${score.toFixed(2)}${reason ? `  ${paint("dim", oneLine(reason.text))}` : ""}`,
    );
}
