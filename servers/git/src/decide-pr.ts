import {
  type Answer,
  BadRequest,
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
import type { SizeLimits } from "./fix/check-change.ts";
import { checkWords, type Parts, type ProposalInput, workOut } from "./fix/work-out.ts";
import { FULL_ID, short } from "./git/object-id.ts";
import { amendedMessage, type Decision, decisionNote, markOf } from "./pull-request/decision-note.ts";
import { plainLine } from "./pull-request/defuse.ts";
import { BranchMoved, type Fork, type PullRequest, type Repository, type Store } from "./store.ts";

export const DecisionInput = z.strictObject({
  service: z.string().describe("catalog name"),
  branch: z
    .string()
    .regex(/^oncall\/[a-z0-9-]{1,80}$/)
    .describe("of the draft, as open_pr gave it"),
  action: z.enum(["look", "ready", "edit", "close"]).describe("look changes nothing"),
  head: z.string().regex(FULL_ID).optional().describe("full id of the commit that was decided on"),
  by: z.string().min(1).max(200).optional().describe("who decided"),
  why: z.string().max(2_000).optional().describe("in their words"),
  incident: z.string().min(1).max(200).optional().describe("incident id"),
  title: z.string().min(1).max(200).optional().describe("edit: as for open_pr"),
  claims: z.array(z.strictObject({ text: z.string().min(1), citations: z.array(Citation) })).optional(),
  evidence: z.array(Evidence).optional(),
  revert: z.string().optional().describe("edit: the commit to revert in place of what the draft does"),
  edits: z.array(Edit).optional().describe("edit: all of the draft's edits, as they shall be"),
  verify: z.string().max(2_000).optional(),
});
export type DecisionInput = z.infer<typeof DecisionInput>;

/**
 * `moved`: the branch is at another commit; nothing was done. `too_late`: people have merged or closed it; nothing was done.
 * `by_hand`: GitHub lets only a person mark it as ready; what was decided is noted beside it.
 */
export const DECISION_RESULTS = ["looked", "done", "moved", "too_late", "by_hand"] as const;

export const DecisionOutput = z.object({
  result: z.enum(DECISION_RESULTS),
  status: z.enum(["draft", "open", "merged", "closed"]),
  over_at: z
    .string()
    .nullable()
    .describe("when it was merged or closed; null while it is open or where that is not known"),
  url: z.string(),
  branch: z.string(),
  base: z.string(),
  head: z.string(),
  files: z.array(z.string()),
  diff: z.string(),
});
export type DecisionOutput = z.infer<typeof DecisionOutput>;

const MAX_DIFF_TOKENS = 2_500;

/** The `decide_pr` tool: carries out what a person decided about a draft. Listed only where its scope is granted by name. */
export function decidePr(store: Store, catalog: Catalog, limits: SizeLimits): AnyTool {
  return defineTool({
    name: "decide_pr",
    title: "Carry out a decision on a draft",
    description:
      "Carries out what a person decided about a draft that open_pr opened: mark it as ready for review, put their edits on it, or close it. Refused when the branch has moved since. Merges nothing.",
    scope: "git:decide",
    readOnly: false,
    input: DecisionInput,
    output: DecisionOutput,
    deadlineMs: 60_000,
    maxTokens: 4_500,
    text: ({ diff, ...facts }) =>
      [...Object.entries(facts).map(([name, value]) => `${name}: ${value}`), "diff:", diff].join("\n"),
    run: (input, context) => decide({ store, catalog, limits }, input, context),
  });
}

async function decide(parts: Parts, input: DecisionInput, context: ToolContext): Promise<Answer<DecisionOutput>> {
  const { signal, now } = context;
  const entry = parts.catalog.get(input.service);
  const found = await findDraft(parts.store, entry, input.branch, signal);
  if (!found) {
    throw new BadRequest(`no draft of ${entry.name} was opened from ${input.branch}`, {
      tryNext: ["the branch as open_pr gave it"],
    });
  }
  const { fork, pullRequest } = found;
  if (input.action === "look") return answer("looked", pullRequest, "The draft as it is now; nothing was changed.");
  const decision = await decisionIn(input, input.action);
  const late = tooLate(pullRequest, decision);
  if (late) return late;
  const note = { head: decision.head, body: decisionNote(decision), mark: markOf(decision), at: now };
  try {
    switch (decision.action) {
      case "ready": {
        const { ready } = await fork.ready(pullRequest, note, signal);
        const now = (await fork.find(input.branch, signal)) ?? pullRequest;
        return ready
          ? answer("done", now, "The draft is marked as ready for review; nothing was merged.")
          : answer(
              "by_hand",
              now,
              "GitHub does not let this credential mark the draft as ready for review; a person must press that button. The approval is noted on it.",
            );
      }
      case "edit":
        return await amend(parts, { ...found, input, decision, note }, context);
      case "close":
        await fork.close(pullRequest, note, signal);
        return answer("done", { ...pullRequest, status: "closed" }, "The draft is closed and its branch deleted.");
    }
  } catch (error) {
    if (!(error instanceof BranchMoved)) throw error;
    return moved({ ...pullRequest, commit: error.head }, decision.head);
  }
}

interface Found {
  readonly repository: Repository;
  readonly fork: Fork;
  readonly pullRequest: PullRequest;
}

/** The draft of a branch, in whichever of the service's repositories it was opened. */
async function findDraft(
  store: Store,
  entry: CatalogEntry,
  branch: string,
  signal: AbortSignal,
): Promise<Found | undefined> {
  const [own, deploys] = [await store.repository(entry, signal), await store.deployRepository?.(entry, signal)];
  for (const repository of [own, deploys]) {
    if (!repository) continue;
    const fork = await store.fork(entry, signal, repository);
    await fork.check(signal);
    const pullRequest = await fork.find(branch, signal);
    if (pullRequest) return { repository, fork, pullRequest };
  }
  return undefined;
}

/** What a decision cannot do without. Who decided and why are written where others read them, so they are redacted. */
async function decisionIn(input: DecisionInput, action: Decision["action"]): Promise<Decision> {
  const { head, by, incident } = input;
  const missing = Object.entries({ head, by, incident }).flatMap(([name, value]) =>
    value === undefined ? [name] : [],
  );
  if (head === undefined || by === undefined || incident === undefined) {
    throw new BadRequest(`${action} needs ${missing.join(", ")}`, { tryNext: ["action look gives the head"] });
  }
  const { value: safe } = await redactDeep({ by, why: input.why ?? "", incident });
  return { action, head, ...safe };
}

/** A decision that was carried out before is no news: whoever repeats it was stopped in between. */
function tooLate(pullRequest: PullRequest, { action }: Decision): Answer<DecisionOutput> | undefined {
  const { status } = pullRequest;
  if (status === "draft" || (status === "open" && action !== "edit") || (status === "closed" && action === "close"))
    return undefined;
  const past = { open: "marked as ready for review", merged: "merged", closed: "closed" }[status as "open"];
  return answer("too_late", pullRequest, `People have ${past} it; nothing was done.`);
}

interface Amending extends Found {
  readonly input: DecisionInput;
  readonly decision: Decision;
  readonly note: { readonly head: string; readonly body: string; readonly mark: string; readonly at: number };
}

/** What a person wrote goes through every check that a proposal goes through, by the same code. */
async function amend(
  parts: Parts,
  { input, decision, repository, fork, pullRequest, note }: Amending,
  context: ToolContext,
): Promise<Answer<DecisionOutput>> {
  const { service, title, claims, evidence, revert, edits, verify } = input;
  if (title === undefined || claims === undefined || evidence === undefined) {
    throw new BadRequest("edit needs title, claims and evidence, as open_pr was given them");
  }
  const proposal: ProposalInput = {
    ...{ service, incident: decision.incident, title, claims, evidence },
    ...(revert === undefined ? {} : { revert }),
    ...(edits === undefined ? {} : { edits }),
    ...(verify === undefined ? {} : { verify }),
  };
  checkWords(proposal, parts.catalog, context);
  const { base, branch } = pullRequest;
  const { files, diff } = await workOut(parts, proposal, { repository, branch, base }, context.signal);
  const message = amendedMessage(decision);
  const author = plainLine(decision.by, 100);
  const commit = await fork.amend(pullRequest, { ...note, base, files, diff, message, author }, context.signal);
  const changed = { ...pullRequest, commit, files: files.map(({ path }) => path).sort(), diff };
  return answer("done", changed, "The draft has one more commit with the edits; it is still a draft.");
}

function moved(pullRequest: PullRequest, decided: string): Answer<DecisionOutput> {
  const words = `The branch has moved from ${short(decided)} to ${short(pullRequest.commit)} since; nothing was done.`;
  return answer("moved", pullRequest, words);
}

function answer(
  result: DecisionOutput["result"],
  { status, over_at, url, branch, base, commit, files, diff }: PullRequest,
  said: string,
): Answer<DecisionOutput> {
  const lines = diff.trimEnd().split("\n");
  const shown = mostThatFit(lines, MAX_DIFF_TOKENS, (chosen) => estimateTokens(chosen.join("\n")));
  const cut = shown < lines.length ? ` The diff shows ${shown} of ${lines.length} lines; the url shows them all.` : "";
  return {
    outcome: "found",
    summary: `${said}${cut}`,
    data: {
      ...{ result, status, over_at: over_at ?? null, url, branch, base, head: commit, files: [...files] },
      diff: `${lines.slice(0, shown).join("\n")}\n`,
    },
  };
}
