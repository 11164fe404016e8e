import { type CatalogEntry, CouldNotLook } from "@oncall-copilot/core";
import { GitError } from "@oncall-copilot/core/backend";
import { LOG_FILES, LOG_FORMAT, parseLog } from "../git/log.ts";
import { FULL_ID, OBJECT_ID } from "../git/object-id.ts";
import { git, gitText } from "../git/run.ts";
import type { Commit, FileNote, FileVersion, Listing, Repository } from "../store.ts";
import { linesChangedLater } from "./lines-changed-later.ts";
import { cutHistoryGaps, shallowBoundary, UNSHALLOW } from "./shallow.ts";

/** Most commits one question looks at, and most bytes of a file or diff that are read. */
const MAX_COMMITS = 500;
const MAX_PATHS = 50_000;
const MAX_MAINLINE = 5_000;
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** A day's grace for committers' clocks that run behind, when git stops walking at the first commit too old. */
const CLOCK_SLACK_MS = 86_400_000;

const FIRST_PARENT = ["--first-parent", "--diff-merges=first-parent"];
const seconds = (ms: number) => Math.floor(ms / 1000);

export interface LocalRepositoryOptions {
  readonly gitDir: string;
  readonly branch: string;
  readonly id: string;
  readonly name: string;
  readonly fullName?: string;
  holds?(entry: CatalogEntry): boolean;
  url(place: string): string;
  /** The present moment in epoch milliseconds: no commit with a later time is ever given. */
  now(): number;
}

/** A repository on this machine, read with the real git. Nothing here writes. */
export class LocalRepository implements Repository {
  readonly id: string;
  readonly name: string;
  readonly branch: string;
  readonly gitDir: string;
  readonly fullName?: string;
  readonly holds: (entry: CatalogEntry) => boolean;
  readonly #url: (place: string) => string;
  readonly #now: () => number;
  #line: { readonly head: string; readonly ids: Promise<ReadonlySet<string>> } | undefined;

  constructor(options: LocalRepositoryOptions) {
    this.id = options.id;
    this.name = options.name;
    this.branch = options.branch;
    this.gitDir = options.gitDir;
    if (options.fullName !== undefined) this.fullName = options.fullName;
    this.holds = (entry) => options.holds?.(entry) ?? true;
    this.#url = (place) => options.url(place);
    this.#now = () => options.now();
  }

  url(place: string): string {
    return this.#url(place);
  }

  async head(asOf: number, signal: AbortSignal): Promise<string> {
    const ref = `refs/heads/${this.branch}`;
    const tip = await this.#resolve(ref, signal);
    if (tip === undefined) {
      throw new CouldNotLook("not_configured", `${this.name} has no branch ${this.branch}; set ONCALL_GIT_BRANCH`);
    }
    const args = ["rev-list", "--max-count=1", "--first-parent", `--min-age=${seconds(asOf)}`, "--end-of-options", tip];
    const head = await gitText(this.gitDir, args, { signal });
    if (head === "") {
      const cut = (await shallowBoundary(this.gitDir)).size > 0;
      const why = cut ? `: it is a shallow clone, and its history begins later; ${UNSHALLOW}` : "";
      const message = `${this.name} has no commit from before ${new Date(asOf).toISOString()}${why}`;
      throw new CouldNotLook("not_recorded", message, cut ? { tryNext: [UNSHALLOW] } : {});
    }
    return head;
  }

  async landed(head: string, window: { from: number; to: number }, signal: AbortSignal): Promise<Listing<Commit>> {
    const age = `--max-age=${seconds(window.from - CLOCK_SLACK_MS)}`;
    const { items, more } = await this.#log([...FIRST_PARENT, age, `--min-age=${seconds(window.to)}`], [head], signal);
    const within = items.filter(({ committedAt: at }) => at >= window.from && at <= window.to);
    const cut = await shallowBoundary(this.gitDir);
    if (cut.size === 0) return { items: within, more };
    const ends = await this.#ends(cut, signal);
    // What a commit at the end of a cut history changed is not known: it is told as a gap, and not as a change.
    const known = within.filter(({ sha }) => !cut.has(sha));
    return { items: known, more, gaps: cutHistoryGaps(this.name, ends, window.from) };
  }

  /** The commits at which a cut history ends, as far as they are there. */
  async #ends(cut: ReadonlySet<string>, signal: AbortSignal): Promise<readonly Commit[]> {
    const { items } = await this.#log(["--no-walk", "--ignore-missing"], [...cut].slice(0, MAX_COMMITS), signal);
    return items;
  }

  async between(base: string, tip: string, signal: AbortSignal): Promise<Listing<Commit>> {
    const { items, more } = await this.#log([...FIRST_PARENT, this.#upToNow()], [tip, `^${base}`], signal);
    const cut = await shallowBoundary(this.gitDir);
    return { items: items.filter(({ sha }) => !cut.has(sha)), more };
  }

  merged(merge: Commit, signal: AbortSignal): Promise<Listing<Commit>> {
    const [first, ...others] = merge.parents;
    if (first === undefined || others.length === 0) return Promise.resolve({ items: [], more: false });
    return this.#log(["--no-merges", this.#upToNow()], [...others, `^${first}`], signal);
  }

  async identify(id: string, head: string, signal: AbortSignal): Promise<string | undefined> {
    if (!OBJECT_ID.test(id)) return undefined;
    if ((await this.#mainline(head, signal)).has(id)) return id;
    const sha = await this.#resolve(id, signal);
    return sha !== undefined && (await this.#isAncestor(sha, head, signal)) ? sha : undefined;
  }

  async commit(id: string, head: string, signal: AbortSignal): Promise<Commit | undefined> {
    const sha = await this.identify(id, head, signal);
    if (sha === undefined) return undefined;
    const { items } = await this.#log(["--no-walk", "--diff-merges=first-parent"], [sha], signal);
    const [commit] = items;
    return commit && commit.committedAt <= this.#now() ? commit : undefined;
  }

  async changedSince(base: string, head: string, path: string, signal: AbortSignal): Promise<Listing<Commit>> {
    const cut = await shallowBoundary(this.gitDir);
    const later = await linesChangedLater(this.gitDir, { base, head, path }, signal);
    const shas = later.filter((sha) => !cut.has(sha));
    if (shas.length === 0) return this.#log(["--no-merges", this.#upToNow()], [head, `^${base}`], signal, [path]);
    return this.#log(["--no-walk=sorted"], shas, signal);
  }

  async diff(
    commit: Commit,
    { contextLines, path }: { contextLines: number; path?: string | undefined },
    signal: AbortSignal,
  ): Promise<string> {
    const [parent] = commit.parents;
    if (parent === undefined && (await shallowBoundary(this.gitDir)).has(commit.sha)) {
      const what = `what ${commit.sha} changed is not known: ${this.name} is a shallow clone that begins there`;
      throw new CouldNotLook("not_recorded", `${what}; ${UNSHALLOW}`, { tryNext: [UNSHALLOW] });
    }
    const from = parent === undefined ? ["--root", commit.sha] : [parent, commit.sha];
    const format = ["-r", "-p", "-M", `--unified=${contextLines}`, "--no-commit-id", "--no-ext-diff", "--no-textconv"];
    const paths = path === undefined ? [] : [path];
    const diff = await git(this.gitDir, ["diff-tree", ...format, ...from, "--", ...paths], { signal });
    return diff.toString("utf8");
  }

  async file(path: string, revision: string, signal: AbortSignal): Promise<FileVersion | undefined> {
    const listed = await git(this.gitDir, ["ls-tree", "-z", "-l", "--full-tree", revision, "--", path], { signal });
    const entry = /^(\d{6}) (\w+) (\w+) +(\d+|-)\t([^\0]+)\0$/.exec(listed.toString("utf8"));
    const [, mode = "", type, blob = "", size, name] = entry ?? [];
    if (name !== path || (type !== "blob" && type !== "commit")) return undefined;
    if (type === "commit") return { content: Buffer.alloc(0), mode };
    if (Number(size) > MAX_FILE_BYTES) {
      throw new CouldNotLook("too_large", `the file has ${size} bytes, more than the ${MAX_FILE_BYTES} that are read`);
    }
    return { content: await git(this.gitDir, ["cat-file", "blob", blob], { signal }), mode };
  }

  async files(folder: string, revision: string, signal: AbortSignal): Promise<Listing<FileNote>> {
    const below = folder === "" ? "" : `${folder}/`;
    const args = ["ls-tree", "-r", "-z", "-l", "--full-tree", revision, "--", ...(below === "" ? [] : [below])];
    const all = (await git(this.gitDir, args, { signal })).toString("utf8").split("\0").slice(0, -1);
    const items = all.slice(0, MAX_PATHS).flatMap((line) => {
      const [, mode = "", size, path = ""] = /^(\d{6}) \w+ \w+ +(\d+|-)\t(.+)$/s.exec(line) ?? [];
      return path.startsWith(below) && path !== below ? [{ path, mode, bytes: size === "-" ? 0 : Number(size) }] : [];
    });
    return { items, more: all.length > MAX_PATHS };
  }

  async paths(revision: string, signal: AbortSignal): Promise<Listing<string>> {
    const args = ["ls-tree", "-r", "-z", "--name-only", "--full-tree", revision];
    const all = (await git(this.gitDir, args, { signal })).toString("utf8").split("\0").slice(0, -1);
    return { items: all.slice(0, MAX_PATHS), more: all.length > MAX_PATHS };
  }

  async #log(
    options: readonly string[],
    revisions: readonly string[],
    signal: AbortSignal,
    paths: readonly string[] = [],
  ): Promise<Listing<Commit>> {
    const args = ["log", ...LOG_FORMAT, ...LOG_FILES, `--max-count=${MAX_COMMITS + 1}`, ...options];
    const output = await git(this.gitDir, [...args, ...revisions, "--", ...paths], { signal });
    const cut = await shallowBoundary(this.gitDir);
    const commits = parseLog(output).map((one) => (cut.has(one.sha) ? { ...one, files: [] } : one));
    return { items: commits.slice(0, MAX_COMMITS), more: commits.length > MAX_COMMITS };
  }

  /** The newest commits of the branch itself: most revisions that are deployed are among them, so asked for once. */
  #mainline(head: string, signal: AbortSignal): Promise<ReadonlySet<string>> {
    if (this.#line?.head === head) return this.#line.ids;
    const args = ["rev-list", "--first-parent", `--max-count=${MAX_MAINLINE}`, head];
    const ids = gitText(this.gitDir, args, { signal }).then((text) => new Set(text.split("\n")));
    this.#line = { head, ids };
    ids.catch(() => {
      this.#line = undefined;
    });
    return ids;
  }

  #upToNow(): string {
    return `--min-age=${seconds(this.#now())}`;
  }

  /** The full id of a commit, from a full ref name or an id that {@link OBJECT_ID} has let through. */
  async #resolve(revision: string, signal: AbortSignal): Promise<string | undefined> {
    try {
      const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`];
      const sha = await gitText(this.gitDir, args, { signal });
      return FULL_ID.test(sha) ? sha : undefined;
    } catch (error) {
      if (error instanceof GitError) return undefined;
      throw error;
    }
  }

  async #isAncestor(sha: string, head: string, signal: AbortSignal): Promise<boolean> {
    try {
      await git(this.gitDir, ["merge-base", "--is-ancestor", sha, head], { signal });
      return true;
    } catch (error) {
      if (error instanceof GitError && error.code === 1) return false;
      throw error;
    }
  }
}
