import { CouldNotLook } from "@oncall-copilot/core";
import type { ChangedFile, Commit, CommitNote } from "../../store.ts";
import { BoundedCache } from "./bounded-cache.ts";
import type { GitHub } from "./client.ts";
import { changedFiles, sectionsOf } from "./diff-sections.ts";
import type { RepoName } from "./name.ts";
import { GitHubRefusal } from "./refusal.ts";
import { CommitFiles, type ListedCommit } from "./shapes.ts";
import type { TreeReader } from "./trees.ts";

/** What a commit changes, which never changes. */
interface Changes {
  readonly files: readonly ChangedFile[];
  /** Against the first parent, with three lines around each change; undefined when GitHub finds it too large. */
  readonly diff: string | undefined;
}

/** Kept within the process: characters of diffs. */
const MAX_KEPT = 48 * 1_048_576;
/** GitHub lists no more files of a commit than these many pages have. */
const MAX_FILE_PAGES = 10;
const FILES_A_PAGE = 300;

/** A commit in the port's terms. */
export function noteOf({ sha, parents, commit }: ListedCommit): CommitNote {
  const [subject = "", ...body] = commit.message.trimEnd().split("\n");
  const authored = Date.parse(commit.author?.date ?? "");
  const committed = Date.parse(commit.committer?.date ?? "");
  return {
    sha,
    parents: parents.map((parent) => parent.sha),
    author: commit.author?.name ?? "unknown",
    authoredAt: Number.isNaN(authored) ? committed : authored,
    committedAt: Number.isNaN(committed) ? authored : committed,
    subject,
    body: body.join("\n").trim(),
  };
}

/** Reads what commits of one repository change: one request a commit, and each but once. */
export class CommitReader {
  readonly #github: GitHub;
  readonly #name: RepoName;
  readonly #trees: TreeReader;
  readonly #kept = new BoundedCache<Changes>(MAX_KEPT);

  constructor(github: GitHub, name: RepoName, trees: TreeReader) {
    this.#github = github;
    this.#name = name;
    this.#trees = trees;
  }

  async withFiles(note: CommitNote, signal: AbortSignal): Promise<Commit> {
    const { files } = await this.#changes(note, signal);
    return { ...note, files };
  }

  /** The whole diff. Throws `CouldNotLook` with `too_large` when GitHub does not give it. */
  async diff(note: CommitNote, signal: AbortSignal): Promise<string> {
    const { diff } = await this.#changes(note, signal);
    if (diff !== undefined) return diff;
    const { name } = this.#github.names;
    throw new CouldNotLook("too_large", `${name} finds the diff of ${note.sha.slice(0, 12)} too large to give it`);
  }

  async #changes(note: CommitNote, signal: AbortSignal): Promise<Changes> {
    const known = this.#kept.get(note.sha);
    if (known) return known;
    const changes = await this.#read(note, signal);
    this.#kept.set(note.sha, changes, (changes.diff?.length ?? 0) + 200 * (1 + changes.files.length));
    return changes;
  }

  async #read(note: CommitNote, signal: AbortSignal): Promise<Changes> {
    const [first] = note.parents;
    try {
      // A merge is told against its first parent, which only a comparison promises.
      const diff = await this.#github.text(
        note.parents.length > 1
          ? {
              route: "GET /repos/{owner}/{repo}/compare/{basehead}",
              params: { ...this.#name, basehead: `${first}...${note.sha}` },
            }
          : { route: "GET /repos/{owner}/{repo}/commits/{ref}", params: { ...this.#name, ref: note.sha } },
        signal,
      );
      const linesOf = (path: string) => this.#trees.lines(path, note.sha, signal);
      return { diff, files: await changedFiles(sectionsOf(diff), linesOf) };
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      return { diff: undefined, files: await this.#listed(note, signal) };
    }
  }

  /** The files without the diff, for a commit whose diff is too large. */
  async #listed(note: CommitNote, signal: AbortSignal): Promise<readonly ChangedFile[]> {
    const files: ChangedFile[] = [];
    for (let page = 1; page <= MAX_FILE_PAGES; page++) {
      const { data } = await this.#github.ask(
        {
          route: "GET /repos/{owner}/{repo}/commits/{ref}",
          params: { ...this.#name, ref: note.sha, per_page: FILES_A_PAGE, page },
          shape: CommitFiles,
        },
        signal,
      );
      for (const { filename, previous_filename: from, status, additions: added, deletions: removed } of data.files) {
        if (status === "renamed" && from !== undefined) {
          files.push({ path: from, status: "D", mode: "000000", added: 0, removed });
          files.push({ path: filename, status: "A", mode: "100644", added, removed: 0 });
          continue;
        }
        const letter = status === "added" || status === "copied" ? "A" : status === "removed" ? "D" : "M";
        const mode = letter === "D" ? "000000" : "100644";
        files.push({ path: filename, status: letter, mode, added, removed });
      }
      if (data.files.length < FILES_A_PAGE) break;
    }
    return files;
  }
}

/** 406 with words about it; an answer longer than is read; or a status beyond 500, since GitHub gives up on what takes too long. */
const isTooLarge = (error: unknown) =>
  error instanceof CouldNotLook &&
  (error.reason === "too_large" ||
    (error instanceof GitHubRefusal &&
      (error.status >= 500 || /diff|too[ _]large|exceeded/i.test(error.said)) &&
      error.reason !== "rate_limited"));
