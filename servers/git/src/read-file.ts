import {
  type Answer,
  type AnyTool,
  BadRequest,
  type Catalog,
  type CatalogEntry,
  CouldNotLook,
  defineTool,
  Evidence,
  estimateTokens,
  fence,
  instant,
  mostThatFit,
  type ToolContext,
} from "@oncall-copilot/core";
import { z } from "zod";
import type { Deployed } from "./deployments.ts";
import { isBinary, nearestPaths } from "./fix/revert.ts";
import { OBJECT_ID, short } from "./git/object-id.ts";
import { pathProblem } from "./paths/safe-path.ts";
import { owns, type ServicePaths, servicePaths } from "./paths/service-paths.ts";
import { shownPath } from "./paths/shown-path.ts";
import type { Repository, Store } from "./store.ts";

/** Lines of one page, and tokens of its text: 1,500 for the answer, less what stands around it. */
const DEFAULT_LINES = 120;
const MOST_LINES = 400;
const DEFAULT_TOKENS = 1_000;
const LARGE_TOKENS = 4_000;

export const FileInput = z.strictObject({
  service: z.string().describe("catalog name"),
  path: z.string().describe("file in its repository"),
  revision: z.string().optional().describe("commit id; default: what is deployed"),
  start_line: z.number().int().min(1).max(10_000_000).default(1),
  lines: z.number().int().min(1).max(MOST_LINES).optional().describe("most lines"),
});
export type FileInput = z.infer<typeof FileInput>;

export const FileOutput = z.object({
  path: z.string(),
  revision: z.string(),
  first_line: z.number(),
  last_line: z.number(),
  total_lines: z.number(),
  next_start_line: z.number().nullable(),
  evidence: Evidence,
});
export type FileOutput = z.infer<typeof FileOutput>;

/** The `read_file` tool. */
export function readFileTool(store: Store, catalog: Catalog): AnyTool {
  return defineTool({
    name: "read_file",
    title: "Read a file",
    description:
      "One text file of a service's repository, verbatim, at the revision that is deployed or another. Its own files and shared ones only.",
    scope: "git:read",
    readOnly: true,
    input: FileInput,
    output: FileOutput,
    maxTokens: 5_000,
    text: fileText,
    run: (input, context) => readOne({ store, catalog }, input, context),
  });
}

function fileText(data: FileOutput): string {
  const { evidence, ...place } = data;
  const facts = Object.entries(place).map(
    ([name, value]) => `${name}: ${typeof value === "string" ? shownPath(value) : value}`,
  );
  return `${facts.join(", ")}\n${fence(evidence)}`;
}

async function readOne(
  { store, catalog }: { store: Store; catalog: Catalog },
  input: FileInput,
  context: ToolContext,
): Promise<Answer<FileOutput>> {
  const { now, signal } = context;
  const entry = catalog.get(input.service);
  const problem = pathProblem(input.path);
  if (problem) throw new BadRequest(`path ${shownPath(input.path)} is not one in a repository: ${problem}`);
  const repository = await store.repository(entry, signal);
  const head = await repository.head(now, signal);
  const own = servicePaths(entry, repository.branch);
  checkReadable(input.path, entry.name, own, catalog, repository);
  const { revision, which, gaps } = await revisionOf(input, { store, repository, head, entry, now, signal });

  const file = await repository.file(input.path, revision, signal);
  if (!file) {
    const listed = (await repository.paths(revision, signal)).items;
    const near = nearestPaths(
      input.path,
      listed.filter((path) => readable(path, entry.name, own, catalog, repository)),
    );
    throw new BadRequest(`${shownPath(input.path)} does not exist at ${short(revision)} (${which})`, {
      tryNext: near.map((path) => `path ${shownPath(path)}`),
    });
  }
  if (!file.mode.startsWith("100"))
    throw new BadRequest(`${shownPath(input.path)} is a symbolic link or submodule, which is not followed`);
  if (isBinary(file.content)) throw new BadRequest(`${shownPath(input.path)} is binary (${file.content.length} bytes)`);

  const all = file.content.toString("utf8").split("\n");
  if (all.at(-1) === "") all.pop();
  if (input.start_line > Math.max(1, all.length)) {
    throw new BadRequest(
      `start_line ${input.start_line} is past the end: ${shownPath(input.path)} has ${all.length} lines`,
    );
  }
  const wanted = all.slice(input.start_line - 1, input.start_line - 1 + (input.lines ?? DEFAULT_LINES));
  const budget = input.lines === undefined ? DEFAULT_TOKENS : LARGE_TOKENS;
  const count = mostThatFit(wanted, budget, (chosen) => estimateTokens(JSON.stringify(chosen.join("\n"))));
  if (count === 0 && wanted.length > 0) {
    throw new BadRequest(`line ${input.start_line} of ${shownPath(input.path)} alone is longer than an answer may be`, {
      tryNext: [`start_line ${input.start_line + 1}`],
    });
  }
  const last = input.start_line + count - 1;
  const next = last < all.length ? last + 1 : null;
  const at = await repository.commit(revision, head, signal);
  const title = `${entry.name} file ${shownPath(input.path)} at ${revision} (${which}), lines ${input.start_line} to ${last} of ${all.length}:`;
  return {
    outcome: "found",
    summary: `${shownPath(input.path)} at ${short(revision)} (${which}): lines ${input.start_line} to ${last} of ${all.length}.${next ? ` Ask for more with start_line=${next}.` : ""}`,
    gaps,
    data: {
      ...{ path: input.path, revision, first_line: input.start_line, last_line: last, total_lines: all.length },
      next_start_line: next,
      evidence: await context.evidence({
        text: [title, ...wanted.slice(0, count)].join("\n"),
        url: own.webUrl
          ? `${own.webUrl}/blob/${short(revision)}/${input.path.split("/").map(encodeURIComponent).join("/")}#L${input.start_line}-L${last}`
          : repository.url(`${short(revision)}:${encodeURI(input.path)}`),
        at: instant(at?.committedAt ?? now),
      }),
    },
  };
}

/** A service's own files, and those that no other service in the catalog owns. */
function readable(path: string, service: string, own: ServicePaths, catalog: Catalog, repository: Repository): boolean {
  return owns(own, path) || !ownersOf(path, catalog, repository).some((name) => name !== service);
}

function ownersOf(path: string, catalog: Catalog, repository: Repository): string[] {
  return catalog
    .entries()
    .filter((entry) => repository.holds?.(entry) ?? true)
    .filter((entry) => owns(servicePaths(entry, repository.branch), path))
    .map(({ name }) => name);
}

function checkReadable(
  path: string,
  service: string,
  own: ServicePaths,
  catalog: Catalog,
  repository: Repository,
): void {
  if (readable(path, service, own, catalog, repository)) return;
  const [owner] = ownersOf(path, catalog, repository);
  throw new BadRequest(`${shownPath(path)} is not a file of ${service} but of ${owner}`, {
    tryNext: [`service ${owner}`],
  });
}

interface Chosen {
  readonly revision: string;
  readonly which: string;
  readonly gaps: readonly string[];
}

/** The revision asked for, else the one that the service runs, else what the branch is at; each as of now. */
async function revisionOf(
  input: FileInput,
  at: {
    store: Store;
    repository: Repository;
    head: string;
    entry: CatalogEntry;
    now: number;
    signal: AbortSignal;
  },
): Promise<Chosen> {
  const { repository, head, signal } = at;
  if (input.revision !== undefined) {
    const id = input.revision.trim().toLowerCase();
    const commit = OBJECT_ID.test(id) ? await repository.commit(id, head, signal) : undefined;
    if (!commit) {
      throw new BadRequest(
        `revision is not a commit of ${repository.branch} of ${repository.name}: "${input.revision.slice(0, 80)}"`,
        {
          tryNext: ["a commit id that read_changes gives", "no revision, for what is deployed"],
        },
      );
    }
    return { revision: commit.sha, which: "asked for", gaps: [] };
  }
  const { rollouts, gaps } = await deployedOf(at);
  // What comes from elsewhere is no revision of this repository.
  const live = rollouts.filter(({ origin }) => origin === undefined).at(-1);
  const deployed =
    live && OBJECT_ID.test(live.revision) ? await repository.identify(live.revision, head, signal) : undefined;
  if (deployed) return { revision: deployed, which: "deployed", gaps: [] };
  return { revision: head, which: `${repository.branch}, no deployment known`, gaps };
}

/** Without what is deployed the file can still be shown, as the branch has it. */
async function deployedOf(at: {
  store: Store;
  entry: CatalogEntry;
  now: number;
  signal: AbortSignal;
}): Promise<Pick<Deployed, "rollouts" | "gaps">> {
  try {
    const told = await at.store.deployed({ services: [at.entry], since: at.now }, at.signal);
    return told ?? { rollouts: [], gaps: [] };
  } catch (error) {
    if (!(error instanceof CouldNotLook)) throw error;
    return { rollouts: [], gaps: [`what is deployed: ${error.message}`] };
  }
}
