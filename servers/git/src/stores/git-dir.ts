import { realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { CouldNotLook } from "@oncall-copilot/core";
import { GitError } from "@oncall-copilot/core/backend";
import { gitText } from "../git/run.ts";

/**
 * Git refuses repositories of other users lest their configuration runs something. Ours is to be read by a user who does
 * not own it, and nothing that it configures runs: see `git/run.ts`.
 */
export const TRUSTED = "safe.directory=*";

/** The repository folder (`.git`, or the folder itself when bare) of a path, with all links resolved. */
export async function findGitDir(path: string, variable: string, signal: AbortSignal): Promise<string> {
  try {
    const place = await realpath(path).catch(() => path);
    const args = ["-c", TRUSTED, "-C", place, "rev-parse", "--path-format=absolute", "--git-common-dir"];
    return await realpath(await gitText(undefined, args, { signal, env: { GIT_CEILING_DIRECTORIES: dirname(place) } }));
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new CouldNotLook("not_configured", `what ${variable} names is not a git repository`, { cause: error });
  }
}
