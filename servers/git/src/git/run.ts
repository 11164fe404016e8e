import { execFile } from "node:child_process";
import { briefly, CouldNotLook } from "@oncall-copilot/core";

/** Longest time and most output of one git process. */
const TIMEOUT_MS = 15_000;
const MOST_OUTPUT_BYTES = 32 * 1024 * 1024;

/** Git ended with an exit code that the caller may know how to read. */
export class GitError extends Error {
  override readonly name = "GitError";
  readonly code: number;
  readonly stdout: Buffer;

  constructor(code: number, command: string, stderr: string, stdout: Buffer) {
    super(`git ${command} ended with ${code}: ${briefly(stderr.trim(), 500)}`);
    this.code = code;
    this.stdout = stdout;
  }
}

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  /** Lets this process read other repositories and bundles on this machine; no other protocol is ever allowed. */
  readonly fetches?: boolean;
}

/**
 * A repository's own configuration must not run anything here: no hooks, no monitors, no signature programs, no external
 * diffs (each call adds `--no-ext-diff --no-textconv` where it applies). What it may read from is in the environment, since
 * a repository's `protocol.file.allow` goes before any `protocol.allow` that is given here.
 */
const SAFE = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.alternateRefsCommand=true",
  "core.quotePath=true",
  "color.ui=false",
  "log.showSignature=false",
  "commit.gpgSign=false",
  "i18n.logOutputEncoding=UTF-8",
  "gc.auto=0",
  "maintenance.auto=false",
];

/** The whole environment of a git process: nothing of the user's own configuration, credentials or agents. */
function environment({ env, fetches }: RunOptions): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    LC_ALL: "C",
    TZ: "UTC",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
    // A partial clone fetches what it lacks with a program that its configuration names; older gits know only the first.
    GIT_ALLOW_PROTOCOL: fetches ? "file" : "none",
    GIT_NO_LAZY_FETCH: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_GRAFT_FILE: "/dev/null",
    GIT_LITERAL_PATHSPECS: "1",
    ...env,
  };
}

/** Runs the real git on one repository, without a shell. `gitDir` undefined is for commands that need none. */
export function git(gitDir: string | undefined, args: readonly string[], options: RunOptions): Promise<Buffer> {
  const all = [
    "--no-pager",
    ...(gitDir === undefined ? [] : [`--git-dir=${gitDir}`]),
    ...SAFE.flatMap((setting) => ["-c", setting]),
    ...args,
  ];
  options.signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = execFile(
      "git",
      all,
      {
        encoding: "buffer",
        env: environment(options),
        maxBuffer: MOST_OUTPUT_BYTES,
        timeout: TIMEOUT_MS,
        killSignal: "SIGKILL",
        signal: options.signal,
        windowsHide: true,
      },
      (error, stdout, stderr) => {
        if (!error) resolve(stdout);
        else if (options.signal.aborted) reject(options.signal.reason);
        else reject(failure(error, args[0] ?? "", stderr.toString("utf8"), stdout));
      },
    );
    child.stdin?.on("error", () => {}); // git may end before it has read all of its input
    child.stdin?.end(options.input ?? "");
  });
}

function failure(error: Error & { code?: unknown; killed?: boolean }, command: string, stderr: string, stdout: Buffer) {
  if (error.code === "ENOENT") {
    return new CouldNotLook("not_configured", "git is not installed, or not on PATH; install git 2.31 or newer");
  }
  if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") {
    return new CouldNotLook("too_large", `git ${command} gave more than ${MOST_OUTPUT_BYTES} bytes`, {
      tryNext: ["a shorter window"],
    });
  }
  if (typeof error.code === "number") return new GitError(error.code, command, stderr, stdout);
  if (error.killed) {
    return new CouldNotLook("timed_out", `git ${command} did not finish within ${TIMEOUT_MS / 1000} s`, {
      tryNext: ["a shorter window"],
    });
  }
  return new CouldNotLook("internal", `git ${command} could not be run`, { cause: error });
}

/** Output as text, without the last newline. */
export async function gitText(gitDir: string | undefined, args: readonly string[], options: RunOptions) {
  return (await git(gitDir, args, options)).toString("utf8").replace(/\n$/, "");
}
