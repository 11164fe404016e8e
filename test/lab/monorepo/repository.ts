import { cp, mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import type { Random } from "../random.ts";
import { run } from "../shell.ts";
import { applyEdits, type Change, type Edit } from "./edit.ts";
import { PEOPLE, type Person } from "./people.ts";

/** A working clone and the bare upstream it pushes to, where the deployer looks. */
export interface Repository {
  readonly upstream: string;
  readonly clone: string;
  /** Commits a change to main as of a moment, squashed or merged, and gives the revision that main is at then. */
  commit(change: Change, at: Date): Promise<string>;
  push(): Promise<void>;
}

export async function createRepository(
  directory: string,
  firstPullRequest: number,
  random: Random,
): Promise<Repository> {
  const upstream = path.join(directory, "upstream.git");
  const clone = path.join(directory, "clone");
  await run("git", ["init", "--quiet", "--bare", "--initial-branch=main", upstream]);
  await mkdir(clone, { recursive: true });
  const git = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> =>
    run("git", args, { cwd: clone, env: { ...ISOLATED, ...env } });
  await git(["init", "--quiet", "--initial-branch=main"]);
  await git(["remote", "add", "origin", upstream]);
  let pullRequest = firstPullRequest;

  return {
    upstream,
    clone,
    async commit(change, at) {
      const author = PEOPLE[change.author];
      pullRequest += random.integer(1, 4);
      if (change.branch === undefined) {
        await applyEdits(clone, change.edits);
        await git(["add", "--all"]);
        await git(["commit", "--quiet", "-m", withNumber(change.message, pullRequest)], identity(author, at));
      } else {
        const written = new Date(at.getTime() - random.integer(20, 600) * 60_000);
        await git(["switch", "--quiet", "--create", change.branch]);
        await applyEdits(clone, change.edits);
        await git(["add", "--all"]);
        await git(["commit", "--quiet", "-m", change.message], identity(author, written));
        await git(["switch", "--quiet", "main"]);
        const title = change.message.split("\n")[0] ?? "";
        const message = `Merge pull request #${pullRequest} from northwind/${change.branch}\n\n${title}`;
        await git(["merge", "--quiet", "--no-ff", "-m", message, change.branch], identity(author, at));
        await git(["branch", "--quiet", "--delete", change.branch]);
      }
      return git(["rev-parse", "HEAD"]);
    },
    async push() {
      await git(["push", "--quiet", "origin", "main"]);
    },
  };
}

/** A person's own configuration must not leak into the history, nor their hooks run. */
const ISOLATED = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };

function identity(person: Person, at: Date): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: person.name,
    GIT_AUTHOR_EMAIL: person.email,
    GIT_AUTHOR_DATE: at.toISOString(),
    GIT_COMMITTER_NAME: person.name,
    GIT_COMMITTER_EMAIL: person.email,
    GIT_COMMITTER_DATE: at.toISOString(),
  };
}

function withNumber(message: string, pullRequest: number): string {
  const [title = "", ...rest] = message.split("\n");
  return [`${title} (#${pullRequest})`, ...rest].join("\n");
}

/** Reads a tree of files into edits that add them, for the commits that brought each service in. */
export async function additions(root: string, files: readonly string[]): Promise<readonly Edit[]> {
  return Promise.all(files.map(async (file) => ({ path: file, add: await readFile(path.join(root, file), "utf8") })));
}

export async function copyTree(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await cp(from, to, { recursive: true });
}
