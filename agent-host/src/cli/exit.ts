/** Exit codes of the `oncall` command. */
export const EXIT = {
  /** Done; a report was made, or everything checked out. */
  ok: 0,
  /** It failed for a reason of its own. */
  failed: 1,
  /** Wrong arguments, configuration or alert. */
  usage: 2,
  /** What was to be checked does not check out. */
  problems: 3,
  /** A report was made, but neither metrics, logs nor changes could be seen. */
  blocked: 4,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Wrong arguments. The message says what would be right. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
