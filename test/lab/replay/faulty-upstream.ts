import path from "node:path";
import { run } from "../shell.ts";

/** Sets up the upstream of a recording as it was at a moment: main is at the newest commit that had been made by then. */
export async function faultyUpstream(recording: string, at: Date, upstream: string): Promise<string> {
  await run("git", ["clone", "--quiet", "--bare", "--branch", "main", path.join(recording, "repo.bundle"), upstream]);
  const git = (...args: string[]): Promise<string> => run("git", args, { cwd: upstream });
  const revision = await git("rev-list", "--first-parent", "--max-count=1", `--before=${at.toISOString()}`, "main");
  if (revision === "") throw new Error(`${recording}/repo.bundle holds no commit of before ${at.toISOString()}`);
  await git("update-ref", "refs/heads/main", revision);
  return revision;
}
