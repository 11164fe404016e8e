import { type Answer, BadRequest, type Catalog, walkDependencies } from "@oncall-copilot/core";
import type { ToolContext } from "@oncall-copilot/core/server";
import { OBJECT_ID } from "../git/object-id.ts";
import { chooseRepository } from "../paths/choose-repository.ts";
import type { Commit, Store } from "../store.ts";
import type { ChangesOutput } from "./answer.ts";
import { type Change, collectChanges } from "./collect.ts";
import { draftChange, gapsOf, loadSources } from "./drafts.ts";
import { readSymptom } from "./effect/shared.ts";
import { tokensOf } from "./fit.ts";
import { findHomes } from "./repositories.ts";
import type { Place } from "./unified-diff.ts";

/** Lines of diff on one page, the most that fit; the message and file list around them shrink with it. */
const PAGES = [160, 110, 80, 55, 36, 24, 16, 10, 5].map((lines) => ({
  diffLines: lines,
  bodyLines: Math.ceil(lines / 4),
  files: Math.ceil(lines / 6),
  lineLength: lines > 20 ? 400 : 160,
  wholeHeaders: true,
}));
const MAX_TOKENS = 1_450;
const DAY_MS = 86_400_000;

interface Input {
  readonly service: string;
  readonly commit: string;
  readonly path?: string | undefined;
  readonly hops: number;
  readonly symptom?: string | undefined;
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
  const repository = await chooseRepository(store, entry, { paths: [], revision: id, now, signal });
  const head = await repository.head(now, signal);
  const commit = await repository.commit(id, head, signal);
  if (!commit || commit.committedAt > now) {
    throw new BadRequest(`${repository.name} has no commit ${id} in the history of ${repository.branch}`, {
      tryNext: [`read_changes of ${entry.name} without commit`],
    });
  }
  const change = await known({ store, catalog }, input, commit, context, repository.id);
  const from = readPage(input.cursor);
  if (input.path !== undefined && !commit.files.some(({ path }) => isWithin(path, input.path ?? ""))) {
    throw new BadRequest(`commit ${id} does not change ${JSON.stringify(input.path)}`, {
      tryNext: commit.files.slice(0, 10).map(({ path }) => `path ${JSON.stringify(path)}`),
    });
  }
  const symptom = input.symptom === undefined ? undefined : readSymptom(input.symptom, catalog.names);
  const [source] = await loadSources([change], { contextLines: 3, path: input.path, from, symptom }, signal);
  if (!source) throw new Error("one change has one source");
  const told = { start: entry.name, to: now };
  const pages = PAGES.map((page) => draftChange(source, told, { ...page, from }));
  const fitting = pages.find((page) => tokensOf([page], []) <= MAX_TOKENS) ?? pages.at(-1);
  if (!fitting) throw new Error("there are always pages");
  const { diff: cut, ...draft } = fitting;
  const next = cut?.next === undefined ? null : `h${cut.next.hunk}.${cut.next.line}`;
  const part =
    cut && cut.shownLines < cut.allLines ? `${cut.shownLines} of ${cut.allLines} diff lines` : "the whole diff";
  return {
    outcome: "found",
    summary: `Commit ${commit.sha}: ${part}.${next ? " Ask for more with cursor, or for one file with path." : ""}`,
    gaps: gapsOf([source]),
    data: { changes: [{ ...draft, evidence: await context.evidence(draft.evidence) }], also: [], next_cursor: next },
  };
}

/** The commit among everything that changed since it was made, so that its roll-outs are known. */
async function known(
  { store, catalog }: { store: Store; catalog: Catalog },
  input: Input,
  commit: Commit,
  { now, signal }: ToolContext,
  repositoryId: string,
): Promise<Change> {
  const entry = catalog.get(input.service);
  const steps = walkDependencies(catalog, entry, input.hops);
  const window = { from: commit.committedAt - 1, to: Math.min(now, commit.committedAt + 30 * DAY_MS) };
  const { changes } = await collectChanges({ store, catalog, steps, window, now, signal });
  const found = changes.find((change) => change.commit?.sha === commit.sha);
  if (found) return found;
  // It came with a merge, or touches other services only: what carried it out is not looked up.
  const homes = await findHomes({ store, catalog, now, signal }, [entry], []);
  const home = homes.find((one) => one.repository.id === repositoryId) ?? homes[0];
  const kind = commit.parents.length > 1 ? "merge" : "commit";
  return { kind, commit, home, services: [], shared: true, rollouts: [], rolloutsKnown: false };
}

function readPage(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  const [, hunk, line] = /^h(\d{1,6})\.(\d{1,8})$/.exec(cursor.trim()) ?? [];
  if (hunk === undefined) throw new BadRequest("cursor is not one that read_changes gave for a commit");
  return { hunk: Number(hunk), line: Number(line) };
}

function isWithin(file: string, path: string): boolean {
  const wanted = path.replace(/\/+$/, "");
  return file === wanted || file.startsWith(`${wanted}/`);
}
