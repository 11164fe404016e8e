import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { scriptedTriage } from "../../support/messages-api/scripted-triage.ts";
import { answer, callTools } from "../../support/messages-api/turns.ts";
import { breakpoints } from "../../support/messages-api/validate.ts";
import { type RequestView, viewOf } from "../../support/messages-api/view.ts";
import { toolboxOf } from "./toolbox.ts";
import { brokenLogs, changes, metrics, reading, SHA } from "./tools.ts";
import { goodDraft, readAll, world } from "./world.ts";

const investigateThenAnswer = (view: RequestView) => (view.number === 1 ? callTools(readAll) : answer(goodDraft(view)));

describe("the claude engine", () => {
  it("asks the tools what the model asks for, and hands over the model's report", async () => {
    const { api, toolbox, run } = await world({ script: investigateThenAnswer });
    const result = await run();
    expect(api.problems).toEqual([]);
    expect(result.draft?.fix.commit).toBe(SHA);
    expect(result).toMatchObject({ model: "claude-opus-5-5", complete: true, note: null });
    const asked = toolbox.calls.map(({ tool, arguments: args }) => ({ name: tool, input: args }));
    expect(asked).toHaveLength(3);
    expect(asked).toEqual(expect.arrayContaining(readAll));
  });

  it("answers all calls of a turn in one message, each in its place", async () => {
    const { api, run } = await world({ script: investigateThenAnswer });
    await run();
    const last = api.requests.at(-1);
    const results = last ? viewOf(last, 2).results : [];
    expect(results.map(({ name, isError }) => ({ name, isError }))).toEqual([
      { name: "read_metrics", isError: false },
      { name: "read_logs", isError: false },
      { name: "read_changes", isError: false },
    ]);
    expect(results[1]?.text).toContain("412 lines in the window");
  });

  it("runs the calls of one turn at the same time", async () => {
    let running = 0;
    let most = 0;
    const slow = (name: string) =>
      reading(
        name,
        () => ["pricing: something"],
        async () => {
          most = Math.max(most, ++running);
          await sleep(50);
          running -= 1;
        },
      );
    const tools = ["read_metrics", "read_logs", "read_changes"].map(slow);
    const { run } = await world({
      toolbox: toolboxOf([{ name: "oncall-all", letter: "a", tools }]),
      script: [callTools(readAll), answer("nothing"), answer("nothing")],
    });
    await run();
    expect(most).toBe(3);
  });

  it("tells the model of an answer that could not be had, as an error that is a gap", async () => {
    const toolbox = toolboxOf([
      { name: "oncall-metrics", letter: "m", tools: [metrics()] },
      { name: "oncall-logs", letter: "l", tools: [brokenLogs()] },
      { name: "oncall-git", letter: "g", tools: [changes()] },
    ]);
    const { api, run } = await world({ toolbox, script: investigateThenAnswer });
    const result = await run();
    const last = api.requests.at(-1);
    const failed = last ? viewOf(last, 2).results[1] : undefined;
    expect(failed?.isError).toBe(true);
    expect(failed?.text).toContain("Could not look (unreachable)");
    expect(failed?.text).toContain("This is a gap");
    expect(toolbox.calls.find(({ tool }) => tool === "read_logs")?.outcome).toBe("could_not_look");
    expect(result.complete).toBe(true);
  });

  it("opens with the alert, its neighbourhood in the catalog and the present moment", async () => {
    const { api, run } = await world({ script: investigateThenAnswer });
    await run();
    const [first] = api.requests;
    const { opening } = viewOf(first ?? fail(), 1);
    expect(opening).toContain("The present moment is 2026-03-01T10:05:00.000Z");
    expect(opening).toMatch(
      /<evidence id="a[^>]+about="storefront" shows="unusual of=HighErrorRate [^>]+>\nalert HighErrorRate/,
    );
    expect(opening).toMatch(/"fingerprint":"[0-9a-f]+"/);
    expect(opening).toContain("- hop 2: pricing (service) -> pricing-db");
    expect(opening).toContain("- hop 3: pricing-db (resource, database)");
  });

  it("says what the model is at while it works", async () => {
    const { progress, run } = await world({ script: investigateThenAnswer });
    await run();
    expect(progress).toEqual([
      "the model is thinking (turn 1 of 12)",
      "the model is thinking (turn 2 of 12)",
      "the model is writing its report",
    ]);
  });

  it("sends strict tools and the report's schema, the same in every request", async () => {
    const { api, run } = await world({ script: investigateThenAnswer });
    await run();
    const [first, second] = api.requests;
    expect(first?.tools?.map(({ name, strict }) => ({ name, strict }))).toEqual([
      { name: "read_changes", strict: true },
      { name: "read_logs", strict: true },
      { name: "read_metrics", strict: true },
    ]);
    expect(first?.output_config?.format?.schema["required"]).toContain("diagnosis");
    expect(second?.tools).toEqual(first?.tools);
    expect(second?.output_config).toEqual(first?.output_config);
    expect(second?.system).toEqual(first?.system);
  });

  it("reads what it sent before from the prompt cache", async () => {
    const { api, run } = await world({
      script: (view) =>
        view.number <= 3
          ? callTools([{ name: "read_logs", input: { service: "pricing", from: `-${view.number}h` } }])
          : answer("x"),
    });
    const { requests, usage } = await run();
    const investigated = requests.filter(({ purpose }) => purpose === "investigate");
    expect(investigated[0]?.["cached_input_tokens"]).toBe(0);
    for (const [index, request] of investigated.entries()) {
      if (index === 0) continue;
      // All that the request before had sent is read again; only what was added is paid for.
      const before = investigated[index - 1];
      const sentBefore = Number(before?.["cached_input_tokens"]) + Number(before?.["input_tokens"]);
      expect(request["cached_input_tokens"]).toBe(sentBefore);
      expect(Number(request["input_tokens"])).toBeLessThan(sentBefore / 3);
    }
    expect(usage.cached_input_tokens).toBe(
      requests.reduce((sum, each) => sum + Number(each["cached_input_tokens"]), 0),
    );
    for (const request of api.requests) expect(breakpoints(request)).toBeLessThanOrEqual(4);
  });

  it("reads tools and system prompt from the cache even when the end forbids tools, which costs the messages' cache", async () => {
    const script = (view: RequestView) => (view.mayCall ? callTools(readAll) : answer(goodDraft(view)));
    const { run } = await world({ script, env: { ONCALL_CLAUDE_MAX_TURNS: "1" } });
    const { requests } = await run();
    const [first, last] = requests;
    expect(last?.["purpose"]).toBe("close");
    expect(Number(last?.["cached_input_tokens"])).toBeGreaterThan(Number(first?.["input_tokens"]) / 2);
    expect(Number(last?.["cached_input_tokens"])).toBeLessThan(Number(first?.["input_tokens"]));
  });

  it("finds the cache again after a turn of more parallel calls than a lookup goes back", async () => {
    const many = Array.from({ length: 24 }, (_, index) => ({
      name: "read_logs",
      input: { service: "pricing", from: `-${index + 1}m` },
    }));
    const { run } = await world({ script: [callTools(many), answer("x"), answer("x")] });
    const { requests } = await run();
    const sentBefore = Number(requests[0]?.["input_tokens"]);
    expect(requests[1]?.["cached_input_tokens"]).toBe(sentBefore);
  });

  it("keeps one record of each request, with its cost and nothing of what was said", async () => {
    const { run } = await world({ script: investigateThenAnswer });
    const { requests, usage } = await run();
    expect(requests).toHaveLength(2);
    expect(requests[0]).toEqual({
      purpose: "investigate",
      model: "claude-opus-5-5",
      stop_reason: "tool_use",
      input_tokens: expect.any(Number),
      output_tokens: expect.any(Number),
      cached_input_tokens: 0,
      seconds: expect.any(Number),
    });
    expect(usage.output_tokens).toBe(requests.reduce((sum, each) => sum + Number(each["output_tokens"]), 0));
  });

  it("takes model and effort from the configuration", async () => {
    const env = {
      ONCALL_CLAUDE_MODEL: "claude-haiku-5-5",
      ONCALL_CLAUDE_EFFORT: "low",
      ONCALL_CLAUDE_MAX_OUTPUT_TOKENS: "4000",
    };
    const { api, run } = await world({ script: investigateThenAnswer, env });
    const { model } = await run();
    expect(model).toBe("claude-haiku-5-5");
    expect(api.requests[0]).toMatchObject({
      model: "claude-haiku-5-5",
      max_tokens: 4000,
      output_config: { effort: "low" },
    });
  });

  it("lets a paused turn go on", async () => {
    const { api, run } = await world({
      script: (view) => {
        if (view.number === 1) return callTools(readAll);
        return view.number === 2 ? answer("Still at it.", { stop_reason: "pause_turn" }) : answer(goodDraft(view));
      },
    });
    const { complete, requests } = await run();
    expect(complete).toBe(true);
    expect(requests.map(({ purpose }) => purpose)).toEqual(["investigate", "investigate", "investigate"]);
    expect(api.problems).toEqual([]);
  });

  it("falls back to tools that are not strict when the model takes no such schemas", async () => {
    const { api, run } = await world({
      script: (view) => {
        if (view.number === 1)
          return {
            kind: "error",
            status: 400,
            type: "invalid_request_error",
            message: "The compiled grammar is too large",
          };
        return view.number === 2 ? callTools(readAll) : answer(goodDraft(view));
      },
    });
    expect((await run()).complete).toBe(true);
    expect(api.requests.map(({ tools }) => tools?.some(({ strict }) => strict))).toEqual([true, false, false]);
  });

  it("works with a model that triages by rote, from the first call to a report that holds", async () => {
    const { api, run, toolbox } = await world({ script: scriptedTriage() });
    const { draft, complete } = await run();
    expect(api.problems).toEqual([]);
    expect(complete).toBe(true);
    expect(draft).toMatchObject({ culprit: "pricing", family: "bad_deployment", fix: { kind: "revert", commit: SHA } });
    expect(
      toolbox.calls.some(({ tool, arguments: args }) => tool === "read_logs" && args["service"] === "pricing"),
    ).toBe(true);
  });
});

function fail(): never {
  throw new Error("no request came");
}
