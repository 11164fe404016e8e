import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { devNull } from "node:os";
import { resolve } from "node:path";
import { CouldNotLook } from "../../outcome.ts";
import { briefly } from "../../redact/brief.ts";

const TIMEOUT_MS = 15_000;
const MAX_BYTES = 32 * 1_048_576;
/** Most characters of what git said on stderr that go into a message. */
const MAX_SAID = 500;

/** Git ended with an exit code that the caller may know how to read. */
export class GitError extends Error {
  override readonly name = "GitError";
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;

  constructor(code: number, command: string, stderr: string, stdout: Buffer) {
    const said = briefly(stderr.trim(), MAX_SAID);
    super(`git ${command} ended with ${code}${said && `: ${said}`}`);
    this.code = code;
    this.stdout = stdout;
    this.stderr = stderr;
  }
}

export interface GitOptions {
  readonly signal: AbortSignal;
  /** The repository itself, or a folder to look for one in. Commands that need none are given neither. */
  readonly gitDir?: string | undefined;
  readonly folder?: string;
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  /** Lets this process read other repositories and bundles on this machine; no other protocol is ever allowed. */
  readonly fetches?: boolean;
  /** Settings besides the safe ones, such as `log.mailmap=false`. */
  readonly settings?: readonly string[];
  /** Longest time, and most output in bytes, of this process. */
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  /** What to try when either is passed. */
  readonly tryNext?: readonly string[];
}

/**
 * A repository's own configuration must not run anything here: no hooks, no monitors, no signature programs, no external
 * diffs (each call adds `--no-ext-diff --no-textconv` where it applies). What it may read from is in the environment, since
 * a repository's `protocol.file.allow` goes before any `protocol.allow` that is given here.
 */
const SAFE = [
  `core.hooksPath=${devNull}`,
  "core.fsmonitor=false",
  "core.alternateRefsCommand=true",
  "core.quotePath=true",
  "color.ui=false",
  "log.showSignature=false",
  "commit.gpgSign=false",
  "i18n.logOutputEncoding=UTF-8",
  "gc.auto=0",
  "maintenance.auto=false",
  // Git 2.43 to 2.45 read the attributes of a bare repository's newest commit; a name that is no tree stands for an empty one.
  "attr.tree=oncall-no-attributes",
];

/** The whole environment of a git process: nothing of the user's own configuration, credentials or agents. */
function environment({ env, fetches, gitDir }: GitOptions): NodeJS.ProcessEnv {
  return {
    // Attributes are read from the index too; whoever needs one names their own.
    ...(gitDir === undefined ? {} : { GIT_INDEX_FILE: resolve(gitDir, "oncall-no-index") }),
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    LC_ALL: "C",
    TZ: "UTC",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: devNull,
    GIT_ATTR_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
    // A partial clone fetches what it lacks with a program that its configuration names; older gits know only the first.
    GIT_ALLOW_PROTOCOL: fetches ? "file" : "none",
    GIT_NO_LAZY_FETCH: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_GRAFT_FILE: devNull,
    GIT_LITERAL_PATHSPECS: "1",
    ...env,
  };
}

/** Runs the real git, without a shell. Throws GitError for its exit codes, and CouldNotLook when it could not do its work. */
export function runGit(args: readonly string[], options: GitOptions): Promise<Buffer> {
  const { signal, gitDir, folder, settings = [], timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES } = options;
  const all = [
    "--no-pager",
    ...(gitDir === undefined ? [] : [`--git-dir=${resolve(gitDir)}`]),
    ...(folder === undefined ? [] : ["-C", resolve(folder)]),
    ...[...SAFE, ...settings].flatMap((setting) => ["-c", setting]),
    ...args,
  ];
  const running = {
    encoding: "buffer" as const,
    env: environment(options),
    maxBuffer: maxBytes,
    timeout: timeoutMs,
    killSignal: "SIGKILL" as const,
    // Started inside of a checkout, git would heed the attributes that it commits, and `-diff` among them hides a change.
    ...(gitDir === undefined || !existsSync(gitDir) ? {} : { cwd: gitDir }),
    signal,
    windowsHide: true,
  };
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = execFile("git", all, running, (error, stdout, stderr) => {
      if (!error) resolve(stdout);
      else if (signal.aborted) reject(signal.reason);
      else if (typeof error.code === "number")
        reject(new GitError(error.code, args[0] ?? "", stderr.toString("utf8"), stdout));
      else reject(withoutAnswer(error, args[0] ?? "", { timeoutMs, maxBytes, tryNext: options.tryNext ?? [] }));
    });
    child.stdin?.on("error", () => {}); // git may end before it has read all of its input
    child.stdin?.end(options.input ?? "");
  });
}

interface Limits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly tryNext: readonly string[];
}

function withoutAnswer(
  error: Error & { code?: unknown; killed?: boolean },
  command: string,
  { timeoutMs, maxBytes, tryNext }: Limits,
): CouldNotLook {
  if (error.code === "ENOENT") {
    return new CouldNotLook("not_configured", "git is not installed, or not on PATH; install git 2.31 or newer");
  }
  if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") {
    return new CouldNotLook("too_large", `git ${command} gave more than ${maxBytes} bytes`, { tryNext });
  }
  if (error.killed) {
    return new CouldNotLook("timed_out", `git ${command} did not finish within ${timeoutMs / 1000} s`, { tryNext });
  }
  return new CouldNotLook("internal", `git ${command} could not be run`, { cause: error });
}
