import { execFile } from "node:child_process";
import { briefly, CouldNotLook } from "@oncall-copilot/core";

/** Longest time and most output of one git process. */
const TIMEOUT_MS = 12_000;
const MOST_OUTPUT_BYTES = 64 * 1_048_576;

/** Git ended with another exit code than 0. */
export class GitError extends Error {
  override readonly name = "GitError";

  constructor(command: string, stderr: string) {
    super(`git ${command}: ${briefly(stderr.trim(), 300)}`);
  }
}

/** A repository's own configuration must not run anything here, and nothing is fetched: no hooks, no programs, no network. */
const SAFE = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.alternateRefsCommand=true",
  "core.quotePath=true",
  "color.ui=false",
  "log.showSignature=false",
  "log.mailmap=false",
  "i18n.logOutputEncoding=UTF-8",
].flatMap((setting) => ["-c", setting]);

/** The whole environment of a git process: nothing of the user's own configuration, credentials or agents. */
const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env["PATH"] ?? "/usr/bin:/bin",
  LC_ALL: "C",
  TZ: "UTC",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_ATTR_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_OPTIONAL_LOCKS: "0",
  // A partial clone fetches what it lacks with a program that its configuration names, and its `protocol.file.allow` goes
  // before any `protocol.allow` that is given here; older gits know only the first.
  GIT_ALLOW_PROTOCOL: "none",
  GIT_NO_LAZY_FETCH: "1",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_GRAFT_FILE: "/dev/null",
  GIT_LITERAL_PATHSPECS: "1",
});

/** Runs the real git on one repository, without a shell. Only commands that read are given to it. */
export function git(repository: string, args: readonly string[], signal: AbortSignal, input = ""): Promise<Buffer> {
  signal.throwIfAborted();
  const options = {
    encoding: "buffer" as const,
    env: environment(),
    maxBuffer: MOST_OUTPUT_BYTES,
    timeout: TIMEOUT_MS,
    killSignal: "SIGKILL" as const,
    signal,
    windowsHide: true,
  };
  return new Promise((resolve, reject) => {
    const child = execFile("git", ["--no-pager", "-C", repository, ...SAFE, ...args], options, (error, out, stderr) => {
      if (!error) resolve(out);
      else if (signal.aborted) reject(signal.reason);
      else reject(failure(error, args[0] ?? "", stderr.toString("utf8")));
    });
    child.stdin?.on("error", () => {}); // git may end before it has read all of its input
    child.stdin?.end(input);
  });
}

function failure(error: Error & { code?: unknown; killed?: boolean }, command: string, stderr: string): Error {
  if (error.code === "ENOENT") {
    return new CouldNotLook("not_configured", "git is not installed, or not on PATH; install git 2.31 or newer");
  }
  if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") {
    return new CouldNotLook("too_large", `git ${command} gave more than ${MOST_OUTPUT_BYTES} bytes`);
  }
  if (typeof error.code === "number") return new GitError(command, stderr);
  if (error.killed) return new CouldNotLook("timed_out", `git ${command} did not finish within ${TIMEOUT_MS / 1000} s`);
  return new CouldNotLook("internal", `git ${command} could not be run`, { cause: error });
}
