import { type Answer, BadRequest, type Catalog } from "@oncall-copilot/core";
import { type AnyTool, defineTool, type ToolContext } from "@oncall-copilot/core/server";
import { z } from "zod";
import { FileOutput, fileText } from "./files/answer.ts";
import { chooseRevision } from "./files/choose-revision.ts";
import { listFolder } from "./files/list-folder.ts";
import { readText } from "./files/read-text.ts";
import { ownershipIn } from "./paths/ownership.ts";
import { pathProblem } from "./paths/safe-path.ts";
import { servicePaths } from "./paths/service-paths.ts";
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
  const repository = await store.repository(entry, signal);
  const head = await repository.head(now, signal);
  const chosen = await chooseRevision(input.revision, { store, repository, head, entry, now, signal });
  const commit = await repository.commit(chosen.revision, head, signal);
  return (isFolder ? listFolder : readText)({
    ...{ path: input.path, startLine: input.start_line, lines: input.lines },
    ...{ entry, repository, chosen, context },
    ownership: ownershipIn(catalog, repository),
    webUrl: servicePaths(entry, repository.branch).webUrl,
    at: commit?.committedAt ?? now,
  });
}
