import type { Citation, Claim, Evidence, Report } from "@oncall-copilot/core";
import { type Paint, printable } from "./style.ts";
import { engineLine, headline, noPullRequest, verdict } from "./words.ts";

/** How many claims and diff lines the message shows; `report.md` has all. */
const MOST_CLAIMS = 6;
const MOST_DIFF_LINES = 40;
const MOST_QUOTE_LINES = 4;

const indent = (text: string, by: string) =>
  text
    .split("\n")
    .map((line) => `${by}${line}`)
    .join("\n");

/** Breaks at spaces so that no line is wider than `width`; a longer word stays whole. */
function wrap(text: string, width: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}

function quoteBlock(citation: Citation, evidence: ReadonlyMap<string, Evidence>, paint: Paint, label: string): string {
  const lines = printable(citation.quote).split("\n");
  const rest = lines.length - MOST_QUOTE_LINES;
  const shown = rest > 0 ? [...lines.slice(0, MOST_QUOTE_LINES), `(${rest} more lines in the report)`] : lines;
  return `${indent(shown.join("\n"), `     ${label} `)}\n${paint("dim", `       ${citation.id}  ${evidence.get(citation.id)?.url ?? ""}`)}`;
}

function claimBlock(claim: Claim, number: number, evidence: ReadonlyMap<string, Evidence>, paint: Paint): string {
  const text = indent(wrap(printable(claim.text), 96), "     ").trimStart();
  return [
    `  ${number}. ${text}`,
    ...claim.supports.map((citation) => quoteBlock(citation, evidence, paint, paint("green", "|"))),
    ...claim.contradicts.map((citation) => quoteBlock(citation, evidence, paint, paint("red", "| against:"))),
  ].join("\n");
}

function diffLines(diff: string, paint: Paint): string {
  const lines = printable(diff).trimEnd().split("\n");
  const rest = lines.length - MOST_DIFF_LINES;
  const painted = lines.slice(0, MOST_DIFF_LINES).map((line) => {
    if (line.startsWith("+")) return paint("green", line);
    return line.startsWith("-") ? paint("red", line) : paint("dim", line);
  });
  return indent([...painted, ...(rest > 0 ? [`(${rest} more lines in pull-request.diff)`] : [])].join("\n"), "    ");
}

/** The engineer's message. */
export function renderTerminal(report: Report, paint: Paint): string {
  const evidence = new Map(report.evidence.map((item) => [item.id, item]));
  const { incident, confidence, fix, pull_request: pr } = report;
  const out: string[] = [];
  const heading = (title: string) => out.push("", paint("bold", title));
  const tone = report.family === "no_fault" ? "green" : report.outcome === "root_cause_identified" ? "red" : "yellow";

  out.push(
    paint(tone, paint("bold", `${verdict(report).toUpperCase()}  (${confidence.level} confidence: ${confidence.why})`)),
  );
  out.push(
    `${printable(incident.alert)}${report.service ? ` on ${report.service}` : ""}, ${incident.status} since ${incident.started_at}: ${printable(incident.summary)}`,
  );
  out.push("", paint("bold", wrap(printable(headline(report)), 100)));

  const claims = [...(report.diagnosis ? [report.diagnosis] : []), ...report.claims];
  if (claims.length > 0) {
    heading("Why");
    out.push(...claims.slice(0, MOST_CLAIMS).map((claim, index) => claimBlock(claim, index + 1, evidence, paint)));
    if (claims.length > MOST_CLAIMS) out.push(`  (${claims.length - MOST_CLAIMS} more in report.md)`);
  }
  heading("Runbook, word for word");
  const section = report.runbook ? evidence.get(report.runbook.evidence_id) : undefined;
  if (report.runbook && section) {
    const [page = "", ...signs] = report.runbook.notes.map(printable);
    out.push(
      `  ${page}  ${paint("dim", section.url)}`,
      ...signs.map((sign) => paint("yellow", `  ! ${sign}`)),
      indent(printable(section.text), `  ${paint("cyan", "|")} `),
    );
  } else out.push("  none fits");
  if (report.similar.length > 0) {
    heading("Past incidents like this");
    for (const id of report.similar)
      out.push(indent(printable(evidence.get(id)?.text ?? ""), "    ").replace(/^ {4}/, "  - "));
  }
  heading("Fix");
  if (fix.kind !== "none")
    out.push(`  ${printable(fix.title)}`, ...(fix.why === "" ? [] : [indent(wrap(printable(fix.why), 96), "  ")]));
  if (pr) out.push(`  draft pull request ${pr.state}: ${pr.url}`, `  branch ${pr.branch}`, diffLines(pr.diff, paint));
  else out.push(`  pull request ${printable(noPullRequest(report))}`);
  if (report.ruled_out.length > 0) {
    heading("Ruled out");
    for (const { theory, because } of report.ruled_out)
      out.push(indent(wrap(`${printable(theory)}: ${printable(because.text)}`, 96), "    ").replace(/^ {4}/, "  - "));
  }
  if (report.suspects.length > 0) {
    heading("Suspects");
    for (const [index, { name, score, why }] of report.suspects.slice(0, 5).entries()) {
      out.push(`  ${index + 1}. ${name}  ${score.toFixed(2)}${why ? `  ${paint("dim", printable(why.text))}` : ""}`);
    }
  }
  if (report.gaps.length > 0) {
    heading("Not seen (gaps, not evidence)");
    out.push(...report.gaps.map(({ server, what, why }) => `  - ${printable(`${server}: ${what}: ${why}`)}`));
  }
  if (report.cut.length > 0) {
    heading("Cut, since it did not check out");
    out.push(...report.cut.map(({ what, text, why }) => `  - ${printable(`${what}: ${text} (${why})`)}`));
  }
  out.push(
    "",
    paint("dim", engineLine(report)),
    ...(report.engine.note ? [paint("dim", printable(report.engine.note))] : []),
  );
  return `${out.join("\n")}\n`;
}
