/** Real git on the double's bare repositories, in GitHub's terms. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Json } from "./description.ts";

const ENV = {
  ...{ PATH: process.env.PATH, HOME: "/nonexistent", GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
  ...{ TZ: "UTC", LC_ALL: "C", GIT_NO_REPLACE_OBJECTS: "1" },
};

interface Options {
  readonly env?: object;
  readonly input?: string | Buffer;
}

export function bare(dir: string, args: readonly string[], options: Options = {}): string {
  return run(dir, args, options).toString("utf8");
}

/** A file's bytes, whatever they say. */
export function bytesOf(dir: string, blob: string): Buffer {
  return remember(`blob ${blob}`, () => run(dir, ["cat-file", "blob", blob]));
}

function run(dir: string, args: readonly string[], options: Options = {}): Buffer {
  const all = [`--git-dir=${dir}`, "-c", "safe.directory=*", ...args];
  const { env, input = "" } = options;
  return execFileSync("git", all, {
    ...{ env: { ...ENV, ...env }, input, maxBuffer: 256 * 1_048_576, stdio: ["pipe", "pipe", "pipe"] },
  });
}

/** Objects are named for what they hold, so whatever was read of one holds for every repository that has it. */
const remembered = new Map<string, unknown>();

export function remember<T>(key: string, read: () => T): T {
  if (!remembered.has(key)) remembered.set(key, read());
  return remembered.get(key) as T;
}

const present = new Set<string>();

/** Whether a repository has an object: what is there stays. */
export function has(dir: string, sha: string): boolean {
  const key = `${dir} ${sha}`;
  if (!present.has(key) && tried(dir, ["cat-file", "-e", sha]) !== undefined) present.add(key);
  return present.has(key);
}

/** The output, or undefined when git says no. */
export function tried(dir: string, args: readonly string[]): string | undefined {
  try {
    return bare(dir, args).trim();
  } catch {
    return undefined;
  }
}

const FORMAT = ["%H", "%P", "%T", "%an", "%ae", "%at", "%cn", "%ce", "%ct", "%B"].join("%x1f");

const moment = (seconds: string | undefined) => new Date(Number(seconds) * 1000).toISOString().replace(".000Z", "Z");

export interface GitFacts {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly tree: string;
  readonly author: { readonly name: string; readonly email: string; readonly date: string };
  readonly committer: { readonly name: string; readonly email: string; readonly date: string };
  readonly message: string;
}

export function log(dir: string, args: readonly string[]): GitFacts[] {
  const output = bare(dir, ["log", "-z", `--format=tformat:${FORMAT}`, ...args]);
  return output
    .split("\0")
    .filter((record) => record !== "")
    .map((record) => {
      const [sha = "", parents = "", tree = "", an = "", ae = "", at, cn = "", ce = "", ct, message = ""] =
        record.split("\x1f");
      return {
        ...{ sha, tree, parents: parents === "" ? [] : parents.split(" "), message: message.replace(/\n+$/, "") },
        author: { name: an, email: ae, date: moment(at) },
        committer: { name: cn, email: ce, date: moment(ct) },
      };
    });
}

/** A commit by its id or by whatever names it; undefined when there is none. */
export function commitAt(dir: string, revision: string): GitFacts | undefined {
  if (/^[0-9a-f]{40}$/.test(revision)) {
    if (!has(dir, revision)) return undefined;
    return remember(`commit ${revision}`, () => log(dir, ["--no-walk", revision])[0]);
  }
  const sha = tried(dir, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`]);
  return sha === undefined || sha === "" ? undefined : log(dir, ["--no-walk", sha])[0];
}

/** The raw diff as GitHub gives it: renames are found, three lines around each change. */
export function diffOf(dir: string, from: string | undefined, to: string): string {
  const range = from === undefined ? ["--root", to] : [from, to];
  return remember(`diff ${range}`, () => bare(dir, ["diff-tree", "-r", "-p", "-M", "--no-commit-id", ...range]));
}

/** The files of a commit, as its JSON lists them. */
export function filesOf(dir: string, { sha, parents }: GitFacts): Json[] {
  const range = parents[0] === undefined ? ["--root", sha] : [parents[0], sha];
  const names = bare(dir, ["diff-tree", "-r", "-M", "--no-commit-id", "--name-status", ...range]);
  const numbers = bare(dir, ["diff-tree", "-r", "--no-renames", "--no-commit-id", "--numstat", ...range]);
  const counts = new Map(
    numbers
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const [added = "", removed = "", path = ""] = line.split("\t");
        return [path, [Number(added) || 0, Number(removed) || 0] as const];
      }),
  );
  const statuses: Readonly<Record<string, string>> = {
    A: "added",
    D: "removed",
    M: "modified",
    R: "renamed",
    T: "changed",
  };
  return names
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [letter = "", first = "", second] = line.split("\t");
      const filename = second ?? first;
      const [additions, deletions] = counts.get(filename) ?? [0, 0];
      return {
        ...{
          sha: null,
          filename,
          status: statuses[letter[0] ?? ""],
          additions,
          deletions,
          changes: additions + deletions,
        },
        ...{
          blob_url: "https://github.test/b",
          raw_url: "https://github.test/r",
          contents_url: "https://github.test/c",
        },
        ...(second === undefined ? {} : { previous_filename: first }),
      };
    });
}

export interface TreeEntry {
  readonly path: string;
  readonly mode: string;
  readonly type?: string;
  readonly sha?: string | null;
  readonly content?: string;
}

/** Makes a tree out of another and some entries, as POST /git/trees does. */
export function writeTree(dir: string, baseTree: string | undefined, entries: readonly TreeEntry[]): string {
  const folder = mkdtempSync(join(tmpdir(), "oncall-github-index-"));
  try {
    const env = { GIT_INDEX_FILE: join(folder, "index") };
    if (baseTree !== undefined) bare(dir, ["read-tree", baseTree], { env });
    const lines = entries.map(({ path, mode, sha, content }) => {
      if (sha === null) return `0 ${"0".repeat(40)}\t${path}\0`;
      const blob = content === undefined ? sha : bare(dir, ["hash-object", "-w", "--stdin"], { input: content }).trim();
      return `${mode} ${blob}\t${path}\0`;
    });
    bare(dir, ["update-index", "-z", "--index-info"], { env, input: lines.join("") });
    return bare(dir, ["write-tree"], { env }).trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function writeCommit(dir: string, made: Omit<GitFacts, "sha">): string {
  const env = {
    ...{ GIT_AUTHOR_NAME: made.author.name, GIT_AUTHOR_EMAIL: made.author.email, GIT_AUTHOR_DATE: made.author.date },
    ...{ GIT_COMMITTER_NAME: made.committer.name, GIT_COMMITTER_EMAIL: made.committer.email },
    GIT_COMMITTER_DATE: made.committer.date,
  };
  const parents = made.parents.flatMap((parent) => ["-p", parent]);
  return bare(dir, ["commit-tree", made.tree, ...parents, "-F", "-"], { env, input: made.message }).trim();
}
