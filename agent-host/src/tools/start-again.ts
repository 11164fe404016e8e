import { StartTimeout } from "./mcp-connection.ts";

/** How long each try to start a server may take, in milliseconds: a machine in a storm is slow, and not broken. */
const TRIES_MS = [15_000, 30_000, 60_000] as const;

/** Starts a server, again when it was late. What ends by itself says why, and would only say so again. */
export async function startAgain<T>(
  start: (timeoutMs: number) => Promise<T>,
  tries: readonly number[] = TRIES_MS,
): Promise<T> {
  const [timeoutMs = 0, ...rest] = tries;
  try {
    return await start(timeoutMs);
  } catch (error) {
    if (!(error instanceof StartTimeout) || rest.length === 0) throw error;
    return startAgain(start, rest);
  }
}
