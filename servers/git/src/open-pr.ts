import {
  type Answer,
  type Catalog,
  type CatalogEntry,
  Citation,
  Edit,
  Evidence,
  estimateTokens,
  mostThatFit,
  redactDeep,
} from "@oncall-copilot/core";
import { type AnyTool, defineTool, type ToolContext } from "@oncall-copilot/core/server";
import { z } from "zod";
import { checkContent, checkCount, checkDiff, checkPaths, type SizeLimits } from "./fix/check-change.ts";
import { checkReasoning } from "./fix/check-reasoning.ts";
import { diffOf } from "./fix/diff.ts";
import { applyEdits } from "./fix/edits.ts";
import { refusal } from "./fix/refuse.ts";
import { commitToRevert, revertCommit } from "./fix/revert.ts";
import { chooseRepository } from "./paths/choose-repository.ts";
import { type Ownership, ownershipIn } from "./paths/ownership.ts";
import { pathsIn } from "./paths/service-paths.ts";
import { type BodyInput, commitMessage, pullRequestBody } from "./pull-request/body.ts";
import { branchName } from "./pull-request/branch-name.ts";
import { plainLine } from "./pull-request/defuse.ts";
import { type SharedFile, sharedFiles, sharedText } from "./pull-request/shared-files.ts";
import type { Commit, FileChange, Opened, PullRequest, Repository, Store } from "./store.ts";

export const ProposalInput = z.strictObject({
  service: z.string().describe("catalog name"),
  incident: z.string().min(1).max(200).describe("incident id"),
  title: z.string().min(1).max(200).describe("imperative, under 70 characters"),
  claims: z
    .array(z.strictObject({ text: z.string().min(1), citations: z.array(Citation) }))
    .describe("why: each with what it cites"),
  evidence: z.array(Evidence).describe("every cited item, whole and unchanged"),
  revert: z.string().optional().describe("full id of the commit to revert; or edits"),
  edits: z.array(Edit).optional().describe("exact replacements; or revert"),
  verify: z.string().max(2_000).optional().describe("how to see that it worked"),
});
export type ProposalInput = z.infer<typeof ProposalInput>;

export const ProposalOutput = z.object({
  state: z.enum(["opened", "exists"]),
  url: z.string(),
  branch: z.string(),
  base: z.string(),
  commit: z.string(),
  files: z.array(z.string()),
  diff: z.string(),
  status: z.enum(["draft", "open", "merged", "closed"]),
  body_path: z.string().nullable().describe("null: see url"),
  diff_path: z.string().nullable(),
});
export type ProposalOutput = z.infer<typeof ProposalOutput>;

/** Most tokens of diff in the answer; the whole of it lies in `diff_path`, else behind the url. */
const MAX_DIFF_TOKENS = 2_500;

/** The `open_pr` tool: the only one that writes, and only to the fork. */
export function openPr(store: Store, catalog: Catalog, limits: SizeLimits): AnyTool {
  return defineTool({
    name: "open_pr",
    title: "Open a draft pull request",
    description:
      "Opens a draft pull request from the fork, for people to review: a revert of one commit, or exact edits. It writes. Refused unless every claim's citations verify. The same incident and fix again gives the first one.",
    scope: "git:propose",
    readOnly: false,
    input: ProposalInput,
    output: ProposalOutput,
    deadlineMs: 60_000,
    maxTokens: 4_500,
    text: proposalText,
    run: (input, context) => propose({ store, catalog, limits }, input, context),
  });
}

function proposalText(data: ProposalOutput): string {
  const facts = Object.entries(data)
    .filter(([name, value]) => name !== "diff" && value !== null)
    .map(
      ([name, value]) =>
        `${name}: ${Array.isArray(value) ? value.map((path) => JSON.stringify(path)).join(", ") : value}`,
    );
  return [...facts, "diff:", data.diff].join("\n");
}

interface Parts {
  readonly store: Store;
  readonly catalog: Catalog;
  readonly limits: SizeLimits;
}

async function propose(parts: Parts, input: ProposalInput, context: ToolContext): Promise<Answer<ProposalOutput>> {
  const { store, catalog } = parts;
  const { signal, now } = context;
  const entry = catalog.get(input.service);
  checkReasoning(input, catalog.names, context);
  const edits = input.edits ?? [];
  if ((input.revert === undefined) === (edits.length === 0)) {
    throw refusal("no_fix", "give either revert or edits, and not both");
  }
  const wanted = { paths: edits.map(({ path }) => path), revision: input.revert, now, signal };
  const repository = await chooseRepository(store, entry, wanted);
  const fork = await store.fork(entry, signal, repository);
  await fork.check(signal);
  const branch = branchName(entry, input);
  const existing = await fork.find(branch, signal);
  if (existing) return answer({ pullRequest: existing, state: "exists" });

  const base = await repository.head(now, signal);
  context.progress("working out the change");
  const ownership = ownershipIn(catalog, repository);
  const { files, reverted } = await changeOf(entry, input, { repository, base, signal, ownership }, parts.limits);
  await checkContent(files, parts.limits);
  const diff = await diffOf(files);
  await checkDiff(diff, files, parts.limits);

  const web = pathsIn(entry, repository).webUrl;
  const about: BodyInput = {
    ...{ service: entry.name, incident: input.incident, title: input.title, evidence: input.evidence },
    ...{ claims: input.claims, reverted, verify: input.verify, base, branch, baseBranch: repository.branch },
    commitUrl: reverted && web ? `${web}/commit/${reverted.sha}` : undefined,
    shared: sharedFiles(files, entry.name, ownership),
    files: diff.perFile.map(({ path, added, removed }) => ({ path, added: added.length, removed })),
  };
  const safe = await withoutSecrets(about);
  context.progress("opening the draft on the fork");
  const opened = await fork.open(
    {
      ...{ branch, base, files, diff: diff.text, at: now },
      title: plainLine(safe.title),
      message: commitMessage(safe),
      body: (commit) => pullRequestBody(safe, commit),
    },
    signal,
  );
  return answer(opened, about.shared);
}

/** The files as the fix would leave them, once it is known that they may be changed. */
async function changeOf(
  entry: CatalogEntry,
  input: ProposalInput,
  where: { repository: Repository; base: string; signal: AbortSignal; ownership: Ownership },
  limits: SizeLimits,
): Promise<{ files: readonly FileChange[]; reverted: Commit | undefined }> {
  const own = pathsIn(entry, where.repository);
  const wanted = { service: entry.name, own, ownership: where.ownership };
  if (input.revert === undefined) {
    const edits = input.edits ?? [];
    checkPaths([...new Set(edits.map(({ path }) => path))], wanted);
    return { files: await applyEdits(edits, where), reverted: undefined };
  }
  const reverted = await commitToRevert(input.revert, where);
  checkCount(reverted.files.length, limits);
  checkPaths(
    reverted.files.map(({ path }) => path),
    wanted,
  );
  return { files: await revertCommit(reverted, where), reverted };
}

/** What the caller and the commit say may hold what no tool would have returned. Receipts and quotes stay as they are. */
async function withoutSecrets(about: BodyInput): Promise<BodyInput> {
  const { title, incident, verify, claims, reverted } = about;
  const words = {
    title,
    incident,
    verify,
    claims: claims.map(({ text }) => text),
    subject: reverted?.subject ?? "",
    author: reverted?.author ?? "",
  };
  const { value: safe } = await redactDeep(words);
  return {
    ...about,
    ...{ title: safe.title, incident: safe.incident, verify: safe.verify },
    claims: claims.map((claim, index) => ({ ...claim, text: safe.claims[index] ?? "" })),
    reverted: reverted && { ...reverted, subject: safe.subject, author: safe.author },
  };
}

function answer({ pullRequest, state, gaps = [] }: Opened, shared: readonly SharedFile[] = []): Answer<ProposalOutput> {
  const { title: _, diff, ...rest } = pullRequest;
  const lines = diff.trimEnd().split("\n");
  const shown = mostThatFit(lines, MAX_DIFF_TOKENS, (chosen) => estimateTokens(chosen.join("\n")));
  const where = rest.diff_path === null ? "the url shows" : "diff_path has";
  const cut = shown < lines.length ? ` The diff shows ${shown} of ${lines.length} lines; ${where} them all.` : "";
  const done =
    state === "opened"
      ? "Opened a draft pull request on the fork; a person must review it."
      : `This incident and fix have a ${ALREADY[rest.status]}; nothing was written.`;
  return {
    outcome: "found",
    summary: `${done}${state === "opened" ? sharedText(shared) : ""}${cut}`,
    gaps: [...gaps],
    data: { ...rest, files: [...rest.files], diff: `${lines.slice(0, shown).join("\n")}\n`, state },
  };
}

const ALREADY: Readonly<Record<PullRequest["status"], string>> = {
  draft: "draft pull request already",
  open: "pull request already, which a person has marked as ready",
  merged: "pull request already, and it is merged",
  closed: "pull request already, which a person has closed without merging it: ask them before another one",
};
