import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { createClaudeEngine, readClaudeConfig } from "../../../agent-host/src/engines/claude/claude-engine.ts";
import { EngineUnavailable } from "../../../agent-host/src/engines/engine.ts";
import {
  answer,
  callTools,
  hang,
  invalid,
  overloaded,
  rateLimited,
  serverError,
  type Turn,
} from "../../support/messages-api/turns.ts";
import type { RequestView } from "../../support/messages-api/view.ts";
import { toolboxOf } from "./toolbox.ts";
import { reading } from "./tools.ts";
import { API_KEY, goodDraft, readAll, world } from "./world.ts";

const caught = (run: () => Promise<unknown>): Promise<unknown> =>
  run().then(
    () => {
      throw new Error("it did not throw");
    },
    (error: unknown) => error,
  );

/** A port of loopback on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

const everyTime = (turn: Turn) => () => turn;
const afterTheFirst = (turn: Turn) => (view: RequestView) => (view.number === 1 ? callTools(readAll) : turn);

describe("a model's service that fails", () => {
  it("is asked six times when it is overloaded, and then another engine takes over", async () => {
    const { api, run } = await world({ script: everyTime(overloaded()) });
    const error = await caught(run);
    expect(error).toBeInstanceOf(EngineUnavailable);
    expect(error).toMatchObject({ passing: true });
    expect(String(error)).toMatch(/the Messages API at 127\.0\.0\.1:\d+ answered 529 overloaded_error: Overloaded/);
    expect(api.received).toHaveLength(6);
  });

  it.each([
    ["a rate limit", { kind: "error", status: 429, type: "rate_limit_error", message: "slower" }],
    ["a gateway's 502", { kind: "error", status: 502, type: "api_error", message: "bad gateway" }],
    ["a timeout of the API", { kind: "error", status: 504, type: "timeout_error", message: "timed out" }],
  ] satisfies [string, Turn][])(
    "is asked again in the middle after %s, with the conversation kept",
    async (_what, error) => {
      const { api, progress, run } = await world({
        script: (view) => [callTools(readAll), error][view.number - 1] ?? answer(goodDraft(view)),
      });
      expect(await run()).toMatchObject({ complete: true, draft: { culprit: "pricing" } });
      expect(api.received).toHaveLength(3);
      expect(api.received[2]?.body).toEqual(api.received[1]?.body);
      expect(progress).toContainEqual(expect.stringMatching(/^the model did not answer; asking again in 0\.\d s$/));
    },
  );

  it("is asked again in the middle when its socket was closed, with the conversation kept", async () => {
    const { api, run } = await world({
      script: (view) =>
        [callTools(readAll), { ...answer("."), breaks: { after: 0, by: "connection" as const } }][view.number - 1] ??
        answer(goodDraft(view)),
    });
    expect(await run()).toMatchObject({ complete: true, draft: { culprit: "pricing" } });
    expect(api.received[2]?.body).toEqual(api.received[1]?.body);
  });

  it("is asked no more when it says that another try is of no use", async () => {
    const { api, run } = await world({
      script: everyTime({ ...serverError(), headers: { "x-should-retry": "false" } }),
    });
    expect(await caught(run)).toMatchObject({ name: "EngineUnavailable", passing: false });
    expect(api.received).toHaveLength(1);
  });

  it("is asked again when it was overloaded only once", async () => {
    const { run } = await world({
      script: (view) => [overloaded(), callTools(readAll), serverError()][view.number - 1] ?? answer(goodDraft(view)),
    });
    expect(await run()).toMatchObject({ complete: true });
  });

  it("is waited for as long as Retry-After says", async () => {
    const { progress, run } = await world({
      script: (view) => [rateLimited(1), callTools(readAll)][view.number - 1] ?? answer(goodDraft(view)),
    });
    expect(await run()).toMatchObject({ complete: true });
    expect(progress).toContain("the model did not answer; asking again in 1.0 s");
  });

  it("hands over at once when it wants to be left alone for longer than the engineer may wait, and says until when", async () => {
    const { api, run } = await world({ script: everyTime(rateLimited(3_600)) });
    const error = (await caught(run)) as EngineUnavailable;
    expect(error).toMatchObject({ name: "EngineUnavailable", passing: true, retryAfterMs: 3_600_000 });
    expect(api.received).toHaveLength(1);
  });

  it("hands over to another engine when it dies in the middle, since there is no report yet", async () => {
    const { run } = await world({ script: afterTheFirst(serverError()) });
    expect(await caught(run)).toBeInstanceOf(EngineUnavailable);
  });

  it.each(["connection", "overloaded_error"] as const)(
    "is asked again when its answer breaks off by %s",
    async (by) => {
      const { api, run } = await world({
        script: (view) => {
          if (view.number === 1) return callTools(readAll);
          const whole = answer(goodDraft(view));
          return view.number === 2 ? { ...whole, breaks: { after: 1, by } } : whole;
        },
      });
      const { complete, requests } = await run();
      expect(complete).toBe(true);
      expect(requests.map(({ failed = false }) => failed)).toEqual([false, true, false]);
      expect(api.problems).toEqual([]);
    },
  );

  it("hands over when its answers break off again and again", async () => {
    const { api, run } = await world({
      script: everyTime(callTools(readAll, { breaks: { after: 1, by: "overloaded_error" } })),
    });
    const error = await caught(run);
    expect(error).toBeInstanceOf(EngineUnavailable);
    expect(String(error)).toContain("overloaded; try again later");
    expect(api.received).toHaveLength(3);
  });

  it("hands over when nothing listens there, and names the network's error", async () => {
    const port = await closedPort();
    const { run } = await world({ script: [], env: { ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}` } });
    const error = await caught(run);
    expect(error).toBeInstanceOf(EngineUnavailable);
    expect(String(error)).toContain(`the Messages API at 127.0.0.1:${port} could not be asked: ECONNREFUSED`);
  });

  it("names no password that its address carries", async () => {
    const { run } = await world({ script: [], env: { ANTHROPIC_BASE_URL: "http://gateway:hunter2@127.0.0.1:9" } });
    const error = await caught(run);
    expect(error).toBeInstanceOf(EngineUnavailable);
    expect(String(error)).not.toContain("hunter2");
  });

  it("hands over when the key is wrong, and is asked only once", async () => {
    const { api, run } = await world({ script: [], env: { ANTHROPIC_API_KEY: "sk-ant-wrong-0123456789abcdef" } });
    const error = await caught(run);
    expect(error).toBeInstanceOf(EngineUnavailable);
    expect(String(error)).toContain("401 authentication_error");
    expect(String(error)).toContain("check the API key");
    expect(api.received).toHaveLength(1);
  });

  it("hands over when it knows no such model", async () => {
    const gone: Turn = { kind: "error", status: 404, type: "not_found_error", message: "model: claude-nope" };
    const { run } = await world({ script: everyTime(gone), env: { ONCALL_CLAUDE_MODEL: "claude-nope" } });
    expect(String(await caught(run))).toContain("404 not_found_error: model: claude-nope (check ONCALL_CLAUDE_MODEL)");
  });

  it("hands over when the model refuses", async () => {
    const { run } = await world({ script: everyTime(answer("No.", { stop_reason: "refusal" })) });
    const error = await caught(run);
    expect(error).toBeInstanceOf(EngineUnavailable);
    expect(String(error)).toContain("the model refused to answer (cyber)");
  });

  it("hands over when the model's context window is full", async () => {
    const { run } = await world({ script: everyTime(answer("…", { stop_reason: "model_context_window_exceeded" })) });
    expect(await caught(run)).toBeInstanceOf(EngineUnavailable);
  });
});

describe("a secret", () => {
  it.each([
    ["an error of the API", everyTime(invalid(`bad header: Bearer ${API_KEY}`))],
    ["an error in the middle", afterTheFirst(invalid(`you sent ${API_KEY}`))],
    [
      "an error of a gateway that echoes other credentials",
      everyTime(invalid("upstream said no to AKIAIOSFODNN7EXAMPLE password=hunter2secret")),
    ],
  ])("is in no message thrown for %s", async (_what, script) => {
    const { run } = await world({ script });
    const error = (await caught(run)) as Error;
    const everything = `${error.message} ${error.stack} ${JSON.stringify(error, Object.getOwnPropertyNames(error))}`;
    expect(error).toBeInstanceOf(EngineUnavailable);
    expect(everything).not.toContain(API_KEY);
    expect(everything).not.toContain("hunter2secret");
  });

  it("that looks like none is taken out of what a gateway echoes, too", async () => {
    const key = "correct horse battery staple";
    const { run } = await world({ key, script: everyTime(invalid(`unknown caller: ${key}`)) });
    expect(String(await caught(run))).toContain("unknown caller: ***");
  });

  it("is in no note, record or word of progress, nor in what the model is sent", async () => {
    const { api, progress, run } = await world({
      script: (view) => (view.number === 1 ? callTools(readAll) : answer(goodDraft(view))),
    });
    const result = await run();
    expect(JSON.stringify([result, progress, api.received.map(({ body }) => body)])).not.toContain(API_KEY);
    expect(api.received[0]?.headers.authorization).toBe(`Bearer ${API_KEY}`);
  });
});

describe("an abort", () => {
  it("stops a request in flight, and is thrown as it was given", async () => {
    const controller = new AbortController();
    const reason = new Error("the engineer pressed Ctrl-C");
    const { run } = await world({
      script: () => {
        setTimeout(() => controller.abort(reason), 20);
        return hang();
      },
      signal: controller.signal,
    });
    expect(await caught(run)).toBe(reason);
  });

  it("stops an answer in flight, and does not take it for one that broke off", async () => {
    const controller = new AbortController();
    const { api, progress, run } = await world({
      script: () => {
        setTimeout(() => controller.abort(), 100);
        return callTools(readAll, { paceMs: 40 });
      },
      signal: controller.signal,
    });
    expect(await caught(run)).toMatchObject({ name: "AbortError" });
    expect(progress).toEqual(["the model is thinking (turn 1 of 12)"]);
    expect(api.received).toHaveLength(1);
  });

  it("stops a tool in flight", async () => {
    const controller = new AbortController();
    let stopped = false;
    const stuck = reading(
      "read_logs",
      () => [],
      (_input, { signal }) => {
        controller.abort();
        stopped = signal.aborted;
        return new Promise(() => {});
      },
    );
    const { api, run } = await world({
      toolbox: toolboxOf([{ name: "oncall-logs", letter: "l", tools: [stuck] }]),
      script: [callTools([{ name: "read_logs", input: { service: "pricing" } }])],
      signal: controller.signal,
    });
    expect(await caught(run)).toMatchObject({ name: "AbortError" });
    expect(stopped).toBe(true);
    expect(api.received).toHaveLength(1);
  });

  it("before the start asks nothing", async () => {
    const { api, run } = await world({ script: [], signal: AbortSignal.abort() });
    expect(await caught(run)).toMatchObject({ name: "AbortError" });
    expect(api.received).toEqual([]);
  });

  it("stops the wait before another try", async () => {
    const controller = new AbortController();
    const { run } = await world({
      script: () => {
        setTimeout(() => controller.abort(), 20);
        return rateLimited(600);
      },
      env: { ONCALL_CLAUDE_RETRY_SECONDS: "600" },
      signal: controller.signal,
    });
    expect(await caught(run)).toMatchObject({ name: "AbortError" });
  });
});

describe("Bedrock", () => {
  it("is asked when the configuration says so, with its own address, model and key", async () => {
    const { api, investigation } = await world({ script: [] });
    const env = {
      ONCALL_CLAUDE_PROVIDER: "bedrock",
      AWS_REGION: "eu-central-1",
      AWS_BEARER_TOKEN_BEDROCK: "bedrock-key-0123456789",
      ANTHROPIC_BEDROCK_BASE_URL: api.url,
    };
    const engine = createClaudeEngine(readClaudeConfig(env));
    const error = await caught(() => engine.investigate(investigation));
    expect(error).toBeInstanceOf(EngineUnavailable);
    expect(String(error)).toContain("Amazon Bedrock in eu-central-1 answered 404");
    expect(api.received[0]?.path).toBe("/model/global.anthropic.claude-opus-5-5/invoke-with-response-stream");
    expect(api.received[0]?.headers.authorization).toBe("Bearer bedrock-key-0123456789");
  });
});
