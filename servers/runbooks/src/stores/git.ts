import { CouldNotLook } from "@oncall-copilot/core";
import { GitError } from "@oncall-copilot/core/backend";
import type { Deployment, RunbookStore } from "../store.ts";
import { assembler, type Read } from "./assemble.ts";
import { type LastChanges, lastChanges } from "./git/history.ts";
import { git } from "./git/run.ts";
import { shallowBoundary } from "./git/shallow.ts";
import { markdownBlobs, texts } from "./git/tree.ts";
import { goneFrom, MAX_BYTES, readMarkdown, tooLarge } from "./markdown/page.ts";

export interface GitParts {
  /** A work tree or a bare repository on this machine. */
  readonly repository: string;
  /** A branch, tag or commit. */
  readonly ref: string;
  /** Below the repository's top, without slashes at its ends; empty for all of it. */
  readonly folder: string;
  /** Where people see that folder: a page's path is appended. */
  readonly link: string;
  readonly deployments: () => Promise<readonly Deployment[] | undefined>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What stands in one commit: the same for ever. */
interface Shelved {
  readonly commit: string;
  readonly read: readonly Read[];
  readonly ids: ReadonlySet<string>;
  readonly gaps: readonly string[];
}

/** The Markdown files of a Git repository, as they stood at the newest commit of a ref that is not later than `now()`. */
export function gitRunbooks(parts: GitParts): RunbookStore {
  const { repository, ref, deployments, now } = parts;
  const name = `the repository ${repository} at ${ref}`;
  const assemble = assembler(now);
  let shelved: Shelved | undefined;
  return {
    name,
    link: parts.link,
    find: async (_, signal) => {
      try {
        const { commit, gaps } = await commitAt(repository, ref, now(), signal);
        if (shelved?.commit !== commit) shelved = await read(parts, commit, signal);
        return assemble({
          ...{ read: shelved.read, goneTarget: goneFrom(shelved.ids), gaps: [...shelved.gaps, ...gaps] },
          deployments: await deployments(),
        });
      } catch (error) {
        if (!(error instanceof GitError)) throw error;
        const cure =
          "check ONCALL_RUNBOOKS_GIT and ONCALL_RUNBOOKS_GIT_REF, and that the repository belongs to this user";
        throw new CouldNotLook("unreachable", `${name} cannot be read (${error.message})`, {
          cure,
          cause: error,
        });
      }
    },
  };
}

/** The newest commit of a ref up to a moment. */
async function commitAt(repository: string, ref: string, now: number, signal: AbortSignal) {
  const resolve = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`];
  const tip = (await git(repository, resolve, signal)).toString("utf8").trim();
  const before = `--before=${Math.floor(now / 1000)}`;
  const commit = (await git(repository, ["rev-list", "-1", before, tip, "--"], signal)).toString("utf8").trim();
  if (commit === "") {
    const cut = (await shallowBoundary(repository, signal)).size > 0;
    const why = cut ? "; it is a shallow clone, so older commits are missing here (git fetch --unshallow)" : "";
    throw new CouldNotLook(
      "bad_response",
      `the repository ${repository} has no commit at ${ref} that is not later${why}`,
    );
  }
  const gaps = commit === tip ? [] : ["commits of runbooks that are later than this moment are not looked at"];
  return { commit, gaps };
}

async function read({ repository, folder, link }: GitParts, commit: string, signal: AbortSignal): Promise<Shelved> {
  const blobs = await markdownBlobs(repository, commit, folder, signal);
  const changes = await lastChanges(repository, commit, folder, signal);
  const small = blobs.filter(({ bytes }) => bytes <= MAX_BYTES);
  const contents = await texts(repository, small, signal);
  const pages: Read[] = [];
  for (const { path, hash, bytes } of blobs) {
    const id = folder === "" ? path : path.slice(folder.length + 1);
    const source = contents.get(hash);
    pages.push(
      bytes > MAX_BYTES || source === undefined
        ? tooLarge(id, bytes)
        : await readMarkdown(id, source, link.replaceAll("{commit}", commit), changes?.byPath.get(path)),
    );
  }
  const ids = new Set(pages.flatMap(({ page }) => page?.id ?? []));
  const dated = new Set(changes?.byPath.keys());
  const undated = blobs.filter(({ path }) => !dated.has(path)).length;
  return { commit, read: pages, ids, gaps: historyGaps(changes, undated) };
}

function historyGaps(changes: LastChanges | undefined, undated: number): string[] {
  if (!changes) return ["when pages were last changed is not known: the repository's history is too long to walk"];
  if (changes.cutOff === 0 || undated === 0) return [];
  return [
    `when ${undated} of the pages were last changed is not known: the repository is a shallow clone, and its history ends before that (git fetch --unshallow)`,
  ];
}
