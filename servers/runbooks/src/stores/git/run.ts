import { runGit } from "@oncall-copilot/core/backend";

/** Longest time and most output of one git process. */
const LIMITS = { timeoutMs: 12_000, maxBytes: 64 * 1_048_576 } as const;

/** Runs git on the repository that a folder is in, a bare one too. Only commands that read are given to it. */
export const git = (repository: string, args: readonly string[], signal: AbortSignal, input = ""): Promise<Buffer> =>
  runGit(args, { ...LIMITS, folder: repository, signal, input, settings: ["log.mailmap=false"] });
