import type { Citation, Claim, Evidence, Report } from "@oncall-copilot/core";
import { furtherLook } from "./standing.ts";
import { oneLine, printable } from "./style.ts";
import { alertLine, cutByKind, engineLine, headline, linksOf, noPullRequest, proposal, verdict } from "./words.ts";

/** A code fence longer than any run of backticks inside, so that no quoted text can close it. */
export function fenced(text: string, language = ""): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  return `${fence}${language}\n${printable(text)}\n${fence}`;
}

/** Text on one line in which Markdown and HTML mean nothing: engines and alerts write it, and both may quote strangers. */
export function plain(text: string): string {
  return oneLine(text)
    .replace(/\s+/g, " ")
    .replace(/[\\`*_[\]<>#|~!]/g, "\\$&")
    .replace(/@(?=\w)/g, "@\u200b")
    .trim();
}

/** An address to click on when it is one that leads somewhere harmless, else text. Nothing in it ends the brackets. */
function link(address: string): string {
  if (!/^(?:https?|file|recording):/i.test(address)) return plain(address);
  return `<${oneLine(address).replace(/[\s<>"`\\]/g, encodeURIComponent)}>`;
}

const code = (text: string): string => `\`${oneLine(text).replaceAll("`", "'")}\``;

const citationLines = (citations: readonly Citation[], evidence: ReadonlyMap<string, Evidence>, label: string) =>
  citations.map(
    ({ id, quote }) =>
      `${label} ${code(id)} (${link(evidence.get(id)?.url ?? "unknown")}, ${plain(evidence.get(id)?.at ?? "")}):\n\n${fenced(quote)}`,
  );

function claimBlock(claim: Claim, evidence: ReadonlyMap<string, Evidence>): string {
  const lines = [
    ...citationLines(claim.supports, evidence, "Supported by"),
    ...citationLines(claim.contradicts, evidence, "**Against it:**"),
  ];
  return [`**${plain(claim.text)}**`, ...lines].join("\n\n");
}

const section = (title: string, body: string) => (body === "" ? [] : [`## ${title}`, body]);
const list = (items: readonly string[]) => items.map((item) => `- ${item}`).join("\n");

/** The report as GitHub-flavoured Markdown: `report.md`. */
export function renderMarkdown(report: Report): string {
  const evidence = new Map(report.evidence.map((item) => [item.id, item]));
  const { incident, confidence, fix, pull_request: pr } = report;
  const textOf = (id: string) => evidence.get(id)?.text ?? "";
  const runbook = report.runbook
    ? [
        list(report.runbook.notes.map(plain)),
        link(evidence.get(report.runbook.evidence_id)?.url ?? ""),
        fenced(textOf(report.runbook.evidence_id), "markdown"),
      ].join("\n\n")
    : "";
  const change =
    fix.kind === "none"
      ? ""
      : `${plain(fix.title)}\n\n${plain(fix.why)}${fix.verify === "" ? "" : `\n\nTo verify: ${plain(fix.verify)}`}`;
  const pullRequest = pr
    ? `${change}\n\nDraft pull request (${pr.state}): ${link(pr.url)}, branch ${code(pr.branch)}\n\n${fenced(pr.diff, "diff")}`
    : `${change}${change === "" ? "" : "\n\n"}${plain(noPullRequest(report))}`;
  const further = furtherLook(report);
  const parts = [
    `# ${verdict(report)}: ${plain(incident.alert)}${report.service ? ` on ${plain(report.service)}` : ""}`,
    plain(headline(report)),
    `**${plain(proposal(report))}**`,
    ...(further ? [plain(further.when)] : []),
    ...section("Known so far", list((further?.known ?? []).map(plain))),
    ...section("What would decide it", list((further?.wouldDecide ?? []).map(plain))),
    list([
      `Confidence: **${confidence.level}** (${plain(confidence.why)})`,
      `Family: \`${report.family}\``,
      `Alert: ${plain(alertLine(report))}`,
      ...linksOf(report).map(plain),
      ...incident.related.map(
        ({ alert, service, summary }) =>
          `Also firing: ${plain(`${alert}${service ? ` on ${service}` : ""}: ${summary}`)}`,
      ),
      plain(engineLine(report)),
      ...(report.engine.note ? [plain(report.engine.note)] : []),
    ]),
    ...section(
      "Why",
      [...(report.diagnosis ? [report.diagnosis] : []), ...report.claims]
        .map((claim) => claimBlock(claim, evidence))
        .join("\n\n"),
    ),
    ...section("Runbook, word for word", runbook),
    ...section("Past incidents", report.similar.map((id) => fenced(textOf(id))).join("\n\n")),
    ...section("Fix", pullRequest),
    ...section(
      "Ruled out",
      report.ruled_out.map(({ theory, because }) => `${plain(theory)}: ${claimBlock(because, evidence)}`).join("\n\n"),
    ),
    ...section(
      "Suspects",
      report.suspects.length === 0
        ? ""
        : [
            "| | suspect | score | why |",
            "|---|---|---|---|",
            ...report.suspects.map(
              ({ name, score, why }, index) =>
                `| ${index + 1} | ${plain(name)} | ${score.toFixed(2)} | ${why ? plain(why.text) : "no citation held"} |`,
            ),
          ].join("\n"),
    ),
    ...section(
      "Not seen (gaps, not evidence)",
      list(report.gaps.map(({ server, what, why }) => `${plain(server)}: ${plain(what)}: ${plain(why)}`)),
    ),
    ...section("Cut, since it did not check out", list(cutByKind(report).map(plain))),
  ];
  return `${parts.join("\n\n")}\n`;
}
