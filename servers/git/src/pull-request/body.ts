import type { Evidence } from "@oncall-copilot/core";
import { short } from "../git/object-id.ts";
import type { Commit } from "../store.ts";
import { cell, fencedBlock, inlineCode, link, plainLine, prose } from "./defuse.ts";
import { type SharedFile, sharedNote } from "./shared-files.ts";

export interface CitedClaim {
  readonly text: string;
  readonly citations: readonly { readonly id: string; readonly quote: string }[];
}

/** Everything that the pull request's text is made of. All words in it but ours are untrusted. */
export interface BodyInput {
  readonly service: string;
  readonly incident: string;
  readonly title: string;
  readonly claims: readonly CitedClaim[];
  readonly evidence: readonly Evidence[];
  readonly reverted: Commit | undefined;
  readonly commitUrl: string | undefined;
  readonly files: readonly { readonly path: string; readonly added: number; readonly removed: number }[];
  /** Of the files, those that are not the service's own. */
  readonly shared: readonly SharedFile[];
  readonly verify: string | undefined;
  readonly base: string;
  readonly branch: string;
  readonly baseBranch: string;
}

const QUOTE_LINES = 15;

/** The pull request as Markdown: what, why, evidence, how to verify, how to roll back. */
export function pullRequestBody(input: BodyInput, commit: string): string {
  const sections = [
    `# ${prose(input.title)}`,
    `> **Draft by oncall-copilot** for incident ${inlineCode(input.incident)}. It changes ${inlineCode(input.service)}. No person has reviewed this change: it must be read, tested and approved by one before it is merged.`,
    `## What\n\n${what(input)}${sharedNote(input.shared, input.service)}`,
    `## Why\n\n${input.claims.map((claim, index) => why(claim, index, input.evidence)).join("\n\n")}`,
    `## Evidence\n\nEach item was returned by a tool of this installation and its receipt was checked when this was opened.\n\n${evidenceTable(input.evidence)}`,
    `## How to verify\n\n${howToVerify(input)}`,
    `## How to roll back\n\n${howToRollBack(input, commit)}`,
  ];
  return `${sections.join("\n\n")}\n`;
}

function what({ reverted, commitUrl, files, shared, service }: BodyInput): string {
  const rows = files.map(({ path, added, removed }) => `| ${cell(path)} | +${added} | -${removed} |`);
  const table = ["| file | added | removed |", "|---|---|---|", ...rows].join("\n");
  if (!reverted)
    return `Changes ${files.length === 1 ? "one file" : `${files.length} files`} ${shared.length === 0 ? "of" : "for"} ${inlineCode(service)}.\n\n${table}`;
  const name = commitUrl ? link(inlineCode(short(reverted.sha)), commitUrl) : inlineCode(reverted.sha);
  const kind = reverted.parents.length > 1 ? "the merge" : "commit";
  const again =
    reverted.parents.length > 1
      ? "\n\nTo bring that branch back later, revert this revert: merging it again brings nothing."
      : "";
  const when = new Date(reverted.committedAt).toISOString().replace(".000Z", "Z");
  const message = fencedBlock(reverted.subject, { indent: "", maxLines: 1 });
  return `Reverts ${kind} ${name} by ${prose(reverted.author)} of ${when}:\n\n${message}\n\n${table}${again}`;
}

function why(claim: CitedClaim, index: number, evidence: readonly Evidence[]): string {
  const quotes = claim.citations.map(({ id, quote }, place) => {
    const number = evidence.findIndex((item) => item.id === id) + 1;
    // Quotes of one item that follow each other stand under one label.
    const label = claim.citations[place - 1]?.id === id ? "" : `   Evidence ${number}:\n\n`;
    return `${label}${fencedBlock(quote, { indent: "   ", maxLines: QUOTE_LINES })}`;
  });
  return [`${index + 1}. ${prose(claim.text)}`, ...quotes].join("\n\n");
}

function evidenceTable(evidence: readonly Evidence[]): string {
  const rows = evidence.map(({ id, text, url, at }, index) => {
    const first = text.split("\n")[0] ?? "";
    return `| ${index + 1} | ${cell(first, 140)} | ${cell(at, 60)} | ${link("open", url)} | ${cell(id)} |`;
  });
  return ["| # | what | when | where | receipt |", "|---|---|---|---|---|", ...rows].join("\n");
}

function howToVerify({ verify, service }: BodyInput): string {
  const lines = (verify ?? "").split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");
  if (lines.length > 0)
    return lines
      .slice(0, 20)
      .map((line) => `- ${prose(line.replace(/^\s*[-*]\s+/, ""))}`)
      .join("\n");
  return `- After the deployment, the signals cited above for ${inlineCode(service)} return to what they were before the incident.\n- The alert resolves.`;
}

function howToRollBack({ baseBranch }: BodyInput, commit: string): string {
  return `If it does not help, revert what brought it to ${inlineCode(baseBranch)} (a squash or a rebase gives it another commit) and let that deploy. Merged as the one commit it is, that is:\n\n    git revert ${commit}`;
}

/** The commit's message. Nothing of it can mention anyone or close anything when it reaches the upstream. */
export function commitMessage(input: Pick<BodyInput, "title" | "incident" | "reverted">): string {
  const lines = [plainLine(input.title, 100), ""];
  if (input.reverted) lines.push(`This reverts commit ${input.reverted.sha}.`, "");
  lines.push(`Drafted by oncall-copilot for incident ${plainLine(input.incident, 100)}; a person must review it.`, "");
  return lines.join("\n");
}
