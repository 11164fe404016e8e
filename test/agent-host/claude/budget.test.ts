import { describe, expect, it } from "vitest";
import { answer, callTools, hang, type MessageTurn } from "../../support/messages-api/turns.ts";
import { type RequestView, viewOf } from "../../support/messages-api/view.ts";
import { toolboxOf } from "./toolbox.ts";
import { changes, logs, metrics, reading } from "./tools.ts";
import { goodDraft, readAll, world } from "./world.ts";

/** Never has enough: asks on as long as it may, then answers. */
const insatiable =
  (options: Partial<MessageTurn> = {}) =>
  (view: RequestView) => {
    if (!view.mayCall) return answer(goodDraft(view));
    const more = { name: "read_logs", input: { service: "pricing", from: `-${view.number}h` } };
    return callTools(view.number === 1 ? readAll : [more], options);
  };

describe("a spent budget", () => {
  it("of turns ends in one last request without tools, and a report of what is known", async () => {
    const { api, run } = await world({ script: insatiable(), env: { ONCALL_CLAUDE_MAX_TURNS: "3" } });
    const result = await run();
    expect(result).toMatchObject({ complete: false, note: "the budget of 3 turns is spent" });
    expect(result.draft?.culprit).toBe("pricing");
    expect(result.requests.map(({ purpose }) => purpose)).toEqual([
      "investigate",
      "investigate",
      "investigate",
      "close",
    ]);
    const last = viewOf(api.requests[3] ?? nothing(), 4);
    expect(last.body.tool_choice).toEqual({ type: "none" });
    expect(last.said).toContain("Stop here: the budget of 3 turns is spent.");
    expect(api.problems).toEqual([]);
  });

  it("of tokens ends in a report, within what was kept back", async () => {
    const script = insatiable({ usage: { input_tokens: 1_000, output_tokens: 2_000 } });
    const { run } = await world({ script, env: { ONCALL_CLAUDE_MAX_TOKENS: "40000" } });
    const { complete, note, draft, usage } = await run();
    expect(complete).toBe(false);
    expect(note).toBe("the budget of 40000 tokens is spent");
    expect(draft?.culprit).toBe("pricing");
    expect(usage.input_tokens + usage.output_tokens).toBeLessThanOrEqual(40_000);
  });

  it("never allows a request more output than what is left", async () => {
    const script = insatiable({ usage: { input_tokens: 1_000, output_tokens: 5_000 } });
    const { api, run } = await world({ script, env: { ONCALL_CLAUDE_MAX_TOKENS: "20000" } });
    await run();
    const limits = api.requests.map(({ max_tokens }) => max_tokens);
    expect(limits[0]).toBe(16_000);
    expect(limits.at(-1)).toBeLessThan(10_000);
  });

  it("of tokens that is overrun leaves no report, and says so", async () => {
    const script = insatiable({ usage: { input_tokens: 30_000, output_tokens: 5_000 } });
    const { run } = await world({ script, env: { ONCALL_CLAUDE_MAX_TOKENS: "20000" } });
    expect(await run()).toMatchObject({
      draft: null,
      complete: false,
      note: "the budget of 20000 tokens is spent; no report could be had within what was left",
    });
  });

  it("of seconds stops a model that thinks on, and still asks for the report", async () => {
    const { api, run } = await world({
      script: (view) => (view.number === 2 ? hang() : insatiable()(view)),
      env: { ONCALL_CLAUDE_MAX_SECONDS: "2.5" },
    });
    const { complete, note, draft } = await run();
    expect(complete).toBe(false);
    expect(note).toBe("the budget of 2.5 seconds is spent");
    expect(draft?.culprit).toBe("pricing");
    expect(api.problems).toEqual([]);
  });

  it("of seconds stops a tool that does not answer, which is told to the model and the reader", async () => {
    const stuck = reading(
      "read_logs",
      () => [],
      (_input, { signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        }),
    );
    const toolbox = toolboxOf([
      { name: "oncall-metrics", letter: "m", tools: [metrics()] },
      { name: "oncall-logs", letter: "l", tools: [stuck] },
      { name: "oncall-git", letter: "g", tools: [changes()] },
    ]);
    const { api, run } = await world({ toolbox, script: insatiable(), env: { ONCALL_CLAUDE_MAX_SECONDS: "2" } });
    const { note, draft } = await run();
    expect(note).toBe("the budget of 2 seconds is spent; the time ran out on read_logs");
    expect(draft?.culprit).toBe("pricing");
    const last = viewOf(api.requests.at(-1) ?? nothing(), 2);
    expect(last.results[1]?.text).toContain("the time ran out before it answered. This is a gap.");
  });

  it("of seconds lets a report that is being written come to its end", async () => {
    const { run } = await world({
      // The first two seconds are for working; the report begins within them and ends after them.
      script: (view) =>
        view.number === 1 ? callTools(readAll) : answer(goodDraft(view), { delayMs: 1_500, paceMs: 18 }),
      env: { ONCALL_CLAUDE_MAX_SECONDS: "3" },
    });
    const { complete, requests } = await run();
    expect(requests.map(({ purpose }) => purpose)).toEqual(["investigate", "investigate"]);
    expect(Number(requests[1]?.["seconds"])).toBeGreaterThan(2.1);
    expect(complete).toBe(true);
  });

  it("of seconds that nothing is left of ends without a report, in time", async () => {
    const { run } = await world({
      script: (view) => (view.number === 1 ? callTools(readAll) : hang()),
      env: { ONCALL_CLAUDE_MAX_SECONDS: "1" },
    });
    expect(await run()).toMatchObject({ draft: null, complete: false });
  });

  it("leaves a report that does not hold to the verifier, when nothing is left to repair it", async () => {
    const { run } = await world({
      script: (view) =>
        view.number === 1
          ? callTools(readAll)
          : answer(
              { ...goodDraft(view), claims: [{ text: "Errors rose 99x.", supports: [], contradicts: [] }] },
              { usage: { input_tokens: 19_000 } },
            ),
      env: { ONCALL_CLAUDE_MAX_TOKENS: "20000" },
    });
    const { draft, complete, note } = await run();
    expect(draft?.claims[0]?.text).toBe("Errors rose 99x.");
    expect(complete).toBe(false);
    expect(note).toBe("no budget was left to repair the report");
  });

  it("is spent by answers that are cut off, none of whose calls is run", async () => {
    const cut = (view: RequestView) =>
      view.mayCall
        ? callTools([{ name: "read_logs", input: { service: "pric" } }], { stop_reason: "max_tokens" })
        : answer(abstain());
    const { api, toolbox, run } = await world({ script: cut });
    const { note, draft } = await run();
    expect(toolbox.calls).toEqual([]);
    expect(note).toBe("its answers were cut off twice");
    expect(draft?.family).toBe("other");
    expect(api.problems).toEqual([]);
    expect(viewOf(api.requests[1] ?? nothing(), 2).said).toContain("was cut off, so it was dropped");
  });
});

describe("a turn within the budget", () => {
  it("uses no more than the toolbox of tools it was given", async () => {
    const { run } = await world({
      toolbox: toolboxOf([{ name: "oncall-all", letter: "a", tools: [metrics(), logs(), changes()] }]),
      script: insatiable(),
      env: { ONCALL_CLAUDE_MAX_TURNS: "1" },
    });
    expect((await run()).requests).toHaveLength(2);
  });
});

function abstain() {
  const nothing = { text: "Nothing is known.", supports: [], contradicts: [] };
  return {
    family: "other",
    culprit: null,
    diagnosis: nothing,
    claims: [],
    ruled_out: [],
    suspects: [],
    runbook: null,
    fix: { kind: "none", service: null, commit: null, edits: [], title: "", why: "Nothing is known.", verify: "" },
  };
}

function nothing(): never {
  throw new Error("no such request came");
}
