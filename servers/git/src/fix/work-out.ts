import { type Catalog, type CatalogEntry, Citation, Edit, Evidence, redactDeep } from "@oncall-copilot/core";
import type { ToolContext } from "@oncall-copilot/core/server";
import { z } from "zod";
import { type Ownership, ownershipIn } from "../paths/ownership.ts";
import { pathsIn } from "../paths/service-paths.ts";
import type { BodyInput } from "../pull-request/body.ts";
import { sharedFiles } from "../pull-request/shared-files.ts";
import type { Commit, FileChange, Repository, Store } from "../store.ts";
import { checkContent, checkCount, checkDiff, checkPaths, type SizeLimits } from "./check-change.ts";
import { checkReasoning } from "./check-reasoning.ts";
import { diffOf } from "./diff.ts";
import { applyEdits } from "./edits.ts";
import { refusal } from "./refuse.ts";
import { commitToRevert, revertCommit } from "./revert.ts";

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

/** What a fix is worked out of, and how large it may be. */
export interface Parts {
  readonly store: Store;
  readonly catalog: Catalog;
  readonly limits: SizeLimits;
}

/** What the change stands on. */
export interface Where {
  readonly repository: Repository;
  readonly branch: string;
  /** A commit of the repository's branch. */
  readonly base: string;
}

/** A change that has passed every check: nothing else is ever written to a fork. */
export interface WorkedOut {
  readonly files: readonly FileChange[];
  readonly diff: string;
  /** For the pull request's words, without secrets. */
  readonly about: BodyInput;
}

/** What must hold of the words before anything is looked at. */
export function checkWords(input: ProposalInput, catalog: Catalog, context: ToolContext): void {
  checkReasoning(input, catalog.names, context);
  if ((input.revert === undefined) === ((input.edits ?? []).length === 0)) {
    throw refusal("no_fix", "give either revert or edits, and not both");
  }
}

/** The files as the fix would leave them on top of `base`, and what there is to say of it. Every check of a change is here. */
export async function workOut(
  { catalog, limits }: Pick<Parts, "catalog" | "limits">,
  input: ProposalInput,
  { repository, branch, base }: Where,
  signal: AbortSignal,
): Promise<WorkedOut> {
  const entry = catalog.get(input.service);
  const ownership = ownershipIn(catalog, repository);
  const { files, reverted } = await changeOf(entry, input, { repository, base, signal, ownership }, limits);
  await checkContent(files, limits);
  const diff = await diffOf(files);
  await checkDiff(diff, files, limits);
  const web = pathsIn(entry, repository).webUrl;
  const about: BodyInput = {
    ...{ service: entry.name, incident: input.incident, title: input.title, evidence: input.evidence },
    ...{ claims: input.claims, reverted, verify: input.verify, base, branch, baseBranch: repository.branch },
    commitUrl: reverted && web ? `${web}/commit/${reverted.sha}` : undefined,
    shared: sharedFiles(files, entry.name, ownership),
    files: diff.perFile.map(({ path, added, removed }) => ({ path, added: added.length, removed })),
  };
  return { files, diff: diff.text, about: await withoutSecrets(about) };
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
