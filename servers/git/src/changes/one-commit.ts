import { type Answer, BadRequest, type Catalog, type ToolContext, walkDependencies } from "@oncall-copilot/core";
import { OBJECT_ID } from "../git/object-id.ts";
import type { Commit, Store } from "../store.ts";
import type { ChangesOutput } from "./answer.ts";
import { type Change, collectChanges } from "./collect.ts";
import { draftChange, loadSources } from "./drafts.ts";
import { findHomes } from "./repositories.ts";

/** Lines of diff on one page, and of the message and file list around it. */
const PAGE = { diffLines: 110, bodyLines: 30, files: 30, wholeHeaders: true };
const DAY_MS = 86_400_000;

interface Input {
  readonly service: string;
  readonly commit: string;
  readonly path?: string | undefined;
  readonly hops: number;
  readonly cursor?: string | undefined;
}

/** One commit with its whole diff, a page at a time. It must be part of the service's upstream. */
export async function readOneCommit(
  { store, catalog }: { store: Store; catalog: Catalog },
  input: Input,
  context: ToolContext,
): Promise<Answer<ChangesOutput>> {
  const { now, signal } = context;
  const entry = catalog.get(input.service);
  const id = input.commit.trim().toLowerCase();
  if (!OBJECT_ID.test(id)) {
    throw new BadRequest(`commit is not a commit id: "${input.commit.slice(0, 80)}"`, {
      tryNext: ["7 to 40 hex digits, as read_changes gives them"],
    });
  }
  const repository = await store.repository(entry, signal);
  const head = await repository.head(now, signal);
  const commit = await repository.commit(id, head, signal);
  if (!commit || commit.committedAt > now) {
    throw new BadRequest(`${repository.name} has no commit ${id} in the history of ${repository.branch}`, {
      tryNext: [`read_changes of ${entry.name} without commit`],
    });
  }
  const change = await known({ store, catalog }, input, commit, context);
  const fromHunk = readPage(input.cursor);
  if (input.path !== undefined && !commit.files.some(({ path }) => isWithin(path, input.path ?? ""))) {
    throw new BadRequest(`commit ${id} does not change ${JSON.stringify(input.path)}`, {
      tryNext: commit.files.slice(0, 10).map(({ path }) => `path ${JSON.stringify(path)}`),
    });
  }
  const [source] = await loadSources([change], { contextLines: 3, path: input.path }, signal);
  if (!source) throw new Error("one change has one source");
  const told = { start: entry.name, rolloutsKnown: true, to: now };
  const { diff: cut, ...draft } = draftChange(source, told, { ...PAGE, fromHunk });
  const next = cut?.nextHunk === undefined ? null : `h${cut.nextHunk}`;
  const part =
    cut && cut.shownLines < cut.allLines ? `${cut.shownLines} of ${cut.allLines} diff lines` : "the whole diff";
  return {
    outcome: "found",
    summary: `Commit ${commit.sha}: ${part}.${next ? " Ask for more with cursor, or for one file with path." : ""}`,
    data: { changes: [{ ...draft, evidence: await context.evidence(draft.evidence) }], also: [], next_cursor: next },
  };
}

/** The commit among everything that changed since it was made, so that its roll-outs are known. */
async function known(
  { store, catalog }: { store: Store; catalog: Catalog },
  input: Input,
  commit: Commit,
  { now, signal }: ToolContext,
): Promise<Change> {
  const steps = walkDependencies(catalog, catalog.get(input.service), input.hops);
  const window = { from: commit.committedAt - 1, to: Math.min(now, commit.committedAt + 30 * DAY_MS) };
  const { changes } = await collectChanges({ store, catalog, steps, window, now, signal });
  const found = changes.find((change) => change.commit?.sha === commit.sha);
  if (found) return found;
  const [home] = await findHomes({ store, catalog, now, signal }, [catalog.get(input.service)], []);
  return {
    kind: commit.parents.length > 1 ? "merge" : "commit",
    commit,
    home,
    services: [],
    shared: true,
    rollouts: [],
  };
}

function readPage(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const page = /^h(\d{1,6})$/.exec(cursor.trim())?.[1];
  if (page === undefined) throw new BadRequest("cursor is not one that read_changes gave for a commit");
  return Number(page);
}

function isWithin(file: string, path: string): boolean {
  const wanted = path.replace(/\/+$/, "");
  return file === wanted || file.startsWith(`${wanted}/`);
}
