import { type Answer, BadRequest, type Catalog, type CatalogEntry } from "@oncall-copilot/core";
import { type AnyTool, defineTool, type ToolContext } from "@oncall-copilot/core/server";
import { z } from "zod";
import { FileOutput, fileText, type ListedFile } from "./files/answer.ts";
import { chooseRevision } from "./files/choose-revision.ts";
import { listFolder, readable } from "./files/list-folder.ts";
import { readText } from "./files/read-text.ts";
import { chooseRepository } from "./paths/choose-repository.ts";
import { ownershipIn } from "./paths/ownership.ts";
import { pathProblem } from "./paths/safe-path.ts";
import { pathsIn } from "./paths/service-paths.ts";
import { shownPath } from "./paths/shown-path.ts";
import type { Store } from "./store.ts";

const MAX_LINES = 400;

export const FileInput = z.strictObject({
  service: z.string().describe("catalog name"),
  path: z.string().describe("file in its repository; or folder/, to list; / is the root"),
  revision: z.string().optional().describe("commit id; default: what is deployed"),
  start_line: z.number().int().min(1).max(10_000_000).default(1),
  lines: z.number().int().min(1).max(MAX_LINES).optional().describe("most lines"),
});
export type FileInput = z.infer<typeof FileInput>;

/** The `read_file` tool. */
export function readFileTool(store: Store, catalog: Catalog): AnyTool {
  return defineTool({
    name: "read_file",
    title: "Read a file",
    description:
      "One text file of a service's repository, verbatim, at the revision that is deployed or another. With a path that ends in /: which files are there. Its own files and shared ones only.",
    scope: "git:read",
    readOnly: true,
    input: FileInput,
    output: FileOutput,
    maxTokens: 5_000,
    text: fileText,
    run: (input, context) => read({ store, catalog }, input, context),
  });
}

async function read(
  { store, catalog }: { store: Store; catalog: Catalog },
  input: FileInput,
  context: ToolContext,
): Promise<Answer<FileOutput>> {
  const { now, signal } = context;
  const entry = catalog.get(input.service);
  const isFolder = input.path.endsWith("/");
  const problem = input.path === "/" ? undefined : pathProblem(isFolder ? input.path.slice(0, -1) : input.path);
  if (problem) throw new BadRequest(`path ${shownPath(input.path)} is not one in a repository: ${problem}`);
  const wanted = { paths: [input.path.replace(/\/$/, "")], revision: input.revision, now, signal };
  const repository = await chooseRepository(store, entry, wanted);
  const head = await repository.head(now, signal);
  const chosen = await chooseRevision(input.revision, { store, repository, head, entry, now, signal });
  const commit = await repository.commit(chosen.revision, head, signal);
  return (isFolder ? listFolder : readText)({
    ...{ path: input.path, startLine: input.start_line, lines: input.lines },
    ...{ entry, repository, chosen, context },
    also: input.path === "/" ? await manifestsOf({ store, catalog }, entry, context) : [],
    ownership: ownershipIn(catalog, repository),
    webUrl: pathsIn(entry, repository).webUrl,
    at: commit?.committedAt ?? now,
  });
}

/** What is in the GitOps repository of a service that has one, so that a look at the root shows all that is its own. */
async function manifestsOf(
  { store, catalog }: { store: Store; catalog: Catalog },
  entry: CatalogEntry,
  { now, signal }: ToolContext,
): Promise<readonly ListedFile[]> {
  const repository = await store.deployRepository?.(entry, signal);
  if (!repository) return [];
  const { items } = await repository.files("", await repository.head(now, signal), signal);
  const plain = items.filter(({ mode }) => mode.startsWith("100"));
  return readable(plain, { entry, ownership: ownershipIn(catalog, repository) });
}
