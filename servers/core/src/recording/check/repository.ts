import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { FileProblems } from "./problems.ts";

/** What the other files may refer to. */
export interface Upstream {
  /** Full ids of every commit that `main` reaches. */
  readonly commits: ReadonlySet<string>;
}

const run = promisify(execFile);
const TIMEOUT_MS = 60_000;
const MOST_OUTPUT = 64 * 1024 * 1024;

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
    await git(
      work,
      "-c",
      "transfer.fsckObjects=true",
      "fetch",
      "--quiet",
      "--no-tags",
      path,
      "refs/heads/main:refs/heads/main",
    );
    const commits = await git(work, "rev-list", "refs/heads/main");
    return { commits: new Set(commits.split("\n").filter((id) => id !== "")) };
  } catch (error) {
    report(error, problems);
    return undefined;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function report(error: unknown, problems: FileProblems): void {
  const { code, stderr = "" } = error as { code?: unknown; stderr?: string };
  if (code === "ENOENT") {
    problems.warning("could not be checked, because git is not installed");
    return;
  }
  const why = stderr.split("\n").find((line) => /^(?:fatal|error):/.test(line)) ?? stderr.split("\n")[0] ?? "";
  const shallow = /prerequisite/.test(stderr) ? "it must hold the whole history" : "it must be a whole bundle";
  problems.error(`git cannot read it (${why.slice(0, 200)}); ${shallow}: git bundle create repo.bundle main`);
}

/** Runs git without anybody's configuration, so that the answer does not depend on who asks. */
async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run("git", args, {
    cwd,
    timeout: TIMEOUT_MS,
    maxBuffer: MOST_OUTPUT,
    env: {
      PATH: process.env.PATH,
      GIT_CONFIG_GLOBAL: devNull,
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_TERMINAL_PROMPT: "0",
      LC_ALL: "C",
    },
  });
  return stdout;
}
