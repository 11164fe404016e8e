import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GitError, runGit } from "../../backend/git/run-git.ts";
import { CouldNotLook } from "../../outcome.ts";
import type { FileProblems } from "./problems.ts";

/** What the other files may refer to. */
export interface Upstream {
  /** Where they are, for a message: `repo.bundle`. */
  readonly name: string;
  /** Full ids of every commit that `main` reaches. */
  readonly commits: ReadonlySet<string>;
}

/** `repo.bundle`. It is fetched for good: `git bundle verify` reads no more than the header. */
export async function checkRepository(path: string, problems: FileProblems): Promise<Upstream | undefined> {
  const work = await mkdtemp(join(tmpdir(), "oncall-check-"));
  try {
    await git(work, "init", "--quiet", "--bare", ".");
    const heads = await git(work, "bundle", "list-heads", path);
    if (!/ refs\/heads\/main$/m.test(heads)) {
      const had = [...heads.matchAll(/ (\S+)$/gm)].map(([, name]) => name).join(", ");
      problems.error(
        `has no branch main (it has ${had || "nothing"}); make it with: git bundle create repo.bundle main`,
      );
      return undefined;
    }
    await git(work, "fetch", "--quiet", "--no-tags", path, "refs/heads/main:refs/heads/main");
    const commits = await git(work, "rev-list", "refs/heads/main");
    return { name: problems.file, commits: new Set(commits.split("\n").filter((id) => id !== "")) };
  } catch (error) {
    report(error, problems);
    return undefined;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function report(error: unknown, problems: FileProblems): void {
  if (error instanceof CouldNotLook) {
    problems.warning(`could not be checked: ${error.message}`);
    return;
  }
  if (!(error instanceof GitError)) throw error;
  const { stderr } = error;
  const why = stderr.split("\n").find((line) => /^(?:fatal|error):/.test(line)) ?? stderr.split("\n")[0] ?? "";
  const shallow = /prerequisite/.test(stderr) ? "it must hold the whole history" : "it must be a whole bundle";
  problems.error(`git cannot read it (${why.slice(0, 200)}); ${shallow}: git bundle create repo.bundle main`);
}

async function git(folder: string, ...args: readonly string[]): Promise<string> {
  const limits = { timeoutMs: 60_000, maxBytes: 64 * 1_048_576 };
  const { signal } = new AbortController();
  const settings = ["transfer.fsckObjects=true"];
  return (await runGit(args, { folder, signal, fetches: true, settings, ...limits })).toString("utf8");
}
