import { type GitOptions, runGit } from "@oncall-copilot/core/backend";

export type RunOptions = Pick<GitOptions, "signal" | "input" | "env" | "fetches">;

/** Runs git on one repository. `gitDir` undefined is for commands that need none. */
export const git = (gitDir: string | undefined, args: readonly string[], options: RunOptions): Promise<Buffer> =>
  runGit(args, { ...options, gitDir, tryNext: ["a shorter window"] });

/** Output as text, without the last newline. */
export async function gitText(gitDir: string | undefined, args: readonly string[], options: RunOptions) {
  return (await git(gitDir, args, options)).toString("utf8").replace(/\n$/, "");
}
