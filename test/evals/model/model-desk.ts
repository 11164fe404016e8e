import { randomBytes } from "node:crypto";
import { type Gateway, startGateway } from "./gateway.ts";
import { type Exchange, readModelRun, writeModelRun } from "./model-run.ts";

/** Where the runs of one evaluation get their model from, instead of straight from the environment. */
export interface ModelDesk {
  /** What the triage's environment gets on top. */
  readonly env: Readonly<Record<string, string>>;
  /** The evidence key of every case; undefined: one of its own each. */
  readonly evidenceKey: Buffer | undefined;
  /** Says which recording is run next. */
  begin(recording: string): void;
  /** Ends it, and says in words what is to be known of the model's part. Throws when the run cannot be relied on. */
  end(): Promise<readonly string[]>;
}

/** The model that the environment names, asked directly. */
export const NO_DESK: ModelDesk = { env: {}, evidenceKey: undefined, begin: () => {}, end: async () => [] };

/** Passes every request on to the real Messages API, and keeps it with its answer in a file. */
export async function recordModel(file: string, env: NodeJS.ProcessEnv): Promise<ModelDesk> {
  const upstream = (env["ANTHROPIC_BASE_URL"] || "https://api.anthropic.com").replace(/\/+$/, "");
  const key = randomBytes(32);
  const exchanges: Exchange[] = [];
  let name = "";
  const gateway = await startGateway(async ({ path, headers, body, sha256 }) => {
    const passed = Object.entries(headers).filter(([header]) =>
      /^(?:anthropic-|x-api-key$|authorization$|content-type$)/.test(header),
    );
    const response = await fetch(`${upstream}${path}`, { method: "POST", headers: passed as [string, string][], body });
    const answer = {
      status: response.status,
      content_type: response.headers.get("content-type") ?? "application/json",
      body: await response.text(),
    };
    // What the SDK asks again because of (overload, limits) would only slow a replay down.
    if (response.status < 429) exchanges.push({ case: name, request_sha256: sha256, ...answer });
    return answer;
  });
  return desk(
    gateway,
    key,
    {},
    (recording) => (name = recording),
    async () => {
      await writeModelRun(file, { evidenceKey: key.toString("hex"), exchanges });
      return [`${exchanges.length} exchanges with the model are written to ${file}`];
    },
  );
}

/**
 * Answers from a kept run, exchange by exchange. Where the engine asks otherwise than it did then, the answer is the recorded one all
 * the same and the difference is counted: verification sees to it that nothing false gets through, and the figures tell the rest.
 * When it asks more often, the run cannot be relied on.
 */
export async function replayModel(file: string): Promise<ModelDesk> {
  const { evidenceKey, exchanges } = await readModelRun(file);
  const left = groupByCase(exchanges);
  const beyond = new Set<string>();
  let [name, asked, differing] = ["", 0, 0];
  const gateway = await startGateway(async ({ sha256 }) => {
    asked++;
    const next = left.get(name)?.shift();
    if (next === undefined) {
      beyond.add(name);
      throw new Error(`${file} has no answer left for ${name}`);
    }
    if (next.request_sha256 !== sha256) differing++;
    return next;
  });
  // The key is no key: nothing but the gateway gets it.
  const env = { ANTHROPIC_API_KEY: "replay" };
  return desk(
    gateway,
    Buffer.from(evidenceKey, "hex"),
    env,
    (recording) => (name = recording),
    async () => {
      if (beyond.size > 0) {
        throw new Error(
          `the engine asks more than when ${file} was recorded (${[...beyond].join(", ")}): record it anew`,
        );
      }
      return [`${asked} requests were answered from ${file}; ${differing} of them differ from the recorded ones`];
    },
  );
}

function groupByCase(exchanges: readonly Exchange[]): Map<string, Exchange[]> {
  const groups = new Map<string, Exchange[]>();
  for (const one of exchanges) groups.set(one.case, [...(groups.get(one.case) ?? []), one]);
  return groups;
}

function desk(
  gateway: Gateway,
  evidenceKey: Buffer,
  env: Readonly<Record<string, string>>,
  begin: ModelDesk["begin"],
  finish: () => Promise<readonly string[]>,
): ModelDesk {
  return {
    env: { ...env, ANTHROPIC_BASE_URL: gateway.url, ONCALL_CLAUDE_PROVIDER: "anthropic" },
    evidenceKey,
    begin,
    end: () => finish().finally(() => gateway.close()),
  };
}
