import type { Octokit } from "@octokit/rest";
import type { FetchLike } from "@oncall-copilot/core/backend";
import type { Pace } from "./pace.ts";

/** A pause that GitHub asks for and that is slept rather than told, in seconds. */
const LONGEST_PAUSE = 2;

/**
 * The transport below has tried again already where that is safe, and its failures reach Octokit as status 500; so what is left
 * for the retry plugin is a write that met a conflict or a passing failure: once, after a second.
 */
const RETRY = { retries: 1, doNotRetry: [400, 401, 403, 404, 406, 410, 422, 429, 451, 500] };

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export interface OctokitOptions {
  readonly baseUrl: string;
  readonly fetch: FetchLike;
  readonly writes: Pace;
  readonly notifications: Pace;
}

async function load() {
  const [{ Octokit }, { retry }, { throttling }] = await Promise.all([
    import("@octokit/rest"),
    import("@octokit/plugin-retry"),
    import("@octokit/plugin-throttling"),
  ]);
  return Octokit.plugin(retry, throttling);
}
let loading: ReturnType<typeof load> | undefined;

/** A client for one call, over that call's transport. It sends no credential of its own. */
export async function octokitFor({ baseUrl, fetch, writes, notifications }: OctokitOptions): Promise<Octokit> {
  loading ??= load();
  const Client = await loading;
  const soon = (seconds: number, _: unknown, __: unknown, count: number) => seconds <= LONGEST_PAUSE && count < 1;
  return new Client({
    baseUrl,
    userAgent: "oncall-copilot",
    log: silent,
    request: { fetch, log: silent },
    retry: RETRY,
    // The plugin's types ask for all of a Bottleneck group; it calls no more than what a pace has.
    throttle: {
      ...{ onRateLimit: soon, onSecondaryRateLimit: soon },
      ...{ write: writes as never, notifications: notifications as never },
    },
  });
}
