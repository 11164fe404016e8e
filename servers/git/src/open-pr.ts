import { type Answer, type Catalog, CouldNotLook, estimateTokens, mostThatFit } from "@oncall-copilot/core";
import { type AnyTool, defineTool, type ToolContext } from "@oncall-copilot/core/server";
import { z } from "zod";
import type { SizeLimits } from "./fix/check-change.ts";
import { checkWords, type Parts, ProposalInput, workOut } from "./fix/work-out.ts";
import { chooseRepository } from "./paths/choose-repository.ts";
import { commitMessage, pullRequestBody } from "./pull-request/body.ts";
import { branchName } from "./pull-request/branch-name.ts";
import { plainLine } from "./pull-request/defuse.ts";
import { type SharedFile, sharedText } from "./pull-request/shared-files.ts";
import type { Opened, PullRequest, Store } from "./store.ts";

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

async function propose(parts: Parts, input: ProposalInput, context: ToolContext): Promise<Answer<ProposalOutput>> {
  const { store, catalog } = parts;
  const { signal, now } = context;
  const entry = catalog.get(input.service);
  checkWords(input, catalog, context);
  const paths = (input.edits ?? []).map(({ path }) => path);
  const repository = await chooseRepository(store, entry, { paths, revision: input.revert, now, signal });
  const fork = await store.fork(entry, signal, repository);
  const branch = branchName(entry, input);
  const work = async () => {
    const base = await repository.head(now, signal);
    context.progress("working out the change");
    return { base, ...(await workOut(parts, input, { repository, branch, base }, signal)) };
  };
  const earlier = async () => {
    await fork.check(signal);
    return fork.find(branch, signal);
  };
  const existing = await withPatch(earlier(), async () => (await work()).diff);
  if (existing) return answer({ pullRequest: existing, state: "exists" });

  const { base, files, diff, about } = await work();
  context.progress("opening the draft on the fork");
  const opening = fork.open(
    {
      ...{ branch, base, files, diff, at: now },
      title: plainLine(about.title),
      message: commitMessage(about),
      body: (commit) => pullRequestBody(about, commit),
    },
    signal,
  );
  return answer(await withPatch(opening, async () => diff), about.shared);
}

/** Where forks are not allowed, or no pull request between the two owners, asking again changes nothing. */
const IMPOSSIBLE: ReadonlySet<CouldNotLook["reason"]> = new Set(["forbidden", "not_configured"]);

/** What cannot be proposed can be applied by hand: the refusal carries the patch, which went through the same checks. */
async function withPatch<T>(work: Promise<T>, patchOf: () => Promise<string>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof CouldNotLook) || !IMPOSSIBLE.has(error.reason)) throw error;
    const patch = await patchOf().catch(() => undefined); // why there is no draft says more than why there is no patch
    const short = patch !== undefined && estimateTokens(patch) <= MAX_DIFF_TOKENS;
    const { reason, message, tryNext, cause } = error;
    throw new CouldNotLook(reason, message, { tryNext, cause, ...(short ? { patch } : {}) });
  }
}

function answer({ pullRequest, state, gaps = [] }: Opened, shared: readonly SharedFile[] = []): Answer<ProposalOutput> {
  const { title: _, over_at: __, diff, ...rest } = pullRequest;
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
