import { describe, expect, it, onTestFinished } from "vitest";
import { startMessagesApi } from "../../support/messages-api/server.ts";
import { answer, callTools } from "../../support/messages-api/turns.ts";

const TOOL = {
  name: "read_logs",
  input_schema: { type: "object", properties: {}, additionalProperties: false },
  strict: true,
};
const text = (said: string, more: object = {}) => ({ type: "text", text: said, ...more });
const user = (...content: object[]) => ({ role: "user", content });
const BODY = { model: "m", max_tokens: 100, stream: true, system: "s", tools: [TOOL], messages: [user(text("hello"))] };

async function send(changes: object, headers: Record<string, string> = { "x-api-key": "k" }) {
  const api = await startMessagesApi({ script: [answer("fine"), answer("fine")], key: "k" });
  onTestFinished(() => api.close());
  const response = await fetch(`${api.url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json", "anthropic-version": "2026-10-21", ...headers },
    body: JSON.stringify({ ...BODY, ...changes }),
  });
  return { status: response.status, body: await response.text(), api };
}

const use = { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "read_logs", input: {} }] };
const result = (id: string) => ({ type: "tool_result", tool_use_id: id, content: "x" });
const mark = { cache_control: { type: "ephemeral" } };

describe("the scripted Messages API", () => {
  it("streams an answer in the events of the real one", async () => {
    const { status, body } = await send({});
    const events = [...body.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name);
    expect(status).toBe(200);
    expect([...new Set(events)]).toEqual([
      "message_start",
      "ping",
      "content_block_start",
      "content_block_delta",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ]);
  });

  it.each([
    ["no system prompt", { system: undefined }, /system/],
    ["no max_tokens", { max_tokens: undefined }, /max_tokens/],
    ["an unknown parameter", { temperature: 0 }, /temperature/],
    ["two user messages in a row", { messages: [user(text("a")), user(text("b"))] }, /alternate/],
    [
      "an assistant's message at the end",
      { messages: [user(text("a")), { role: "assistant", content: [text("{")] }] },
      /prefill/,
    ],
    ["an empty text", { messages: [user(text(""))] }, /non-empty/],
    ["a tool call without its result", { messages: [user(text("a")), use, user(text("b"))] }, /without `tool_result`/],
    [
      "a result of another call",
      { messages: [user(text("a")), use, user(result("t1"), result("t2"))] },
      /unexpected `tool_use_id`/,
    ],
    [
      "a result after other content",
      { messages: [user(text("a")), use, user(text("b"), result("t1"))] },
      /must come first/,
    ],
    ["a forced tool", { tool_choice: { type: "tool", name: "read_logs" } }, /not supported/],
    ["a tool choice without tools", { tools: undefined, tool_choice: { type: "none" } }, /only be specified/],
    [
      "strict tools that are open",
      { tools: [{ ...TOOL, input_schema: { type: "object", properties: {} } }] },
      /additionalProperties/,
    ],
    [
      "a keyword that strict mode has not",
      {
        tools: [{ ...TOOL, input_schema: { ...TOOL.input_schema, properties: { n: { type: "number", minimum: 1 } } } }],
      },
      /minimum/,
    ],
    [
      "five cache breakpoints",
      { messages: [user(...Array.from({ length: 5 }, () => text("a", mark)))] },
      /maximum of 4/,
    ],
    [
      "a report format with something optional",
      {
        output_config: {
          format: {
            type: "json_schema",
            schema: { type: "object", properties: { a: { type: "string" } }, additionalProperties: false },
          },
        },
      },
      /not required/,
    ],
    [
      "a thinking block of another conversation",
      {
        messages: [
          user(text("a")),
          { role: "assistant", content: [{ type: "thinking", thinking: "", signature: "x" }] },
          user(text("b")),
        ],
      },
      /thinking/,
    ],
  ])("refuses %s", async (_what, changes, message) => {
    const { status, body, api } = await send(changes);
    expect(status).toBe(400);
    expect(JSON.parse(body)).toMatchObject({ type: "error", error: { type: "invalid_request_error" } });
    expect(JSON.parse(body).error.message).toMatch(message);
    expect(api.problems).toHaveLength(1);
  });

  it("refuses a wrong key", async () => {
    const { status, body } = await send({}, { authorization: "Bearer wrong" });
    expect(status).toBe(401);
    expect(JSON.parse(body).error.type).toBe("authentication_error");
  });

  it("says when the script itself is wrong", async () => {
    const api = await startMessagesApi({ script: [callTools([{ name: "read_logs", input: {} }])] });
    onTestFinished(() => api.close());
    const ask = () =>
      fetch(`${api.url}/v1/messages`, {
        method: "POST",
        headers: { "x-api-key": "k", "anthropic-version": "2026-10-21" },
        body: JSON.stringify({ ...BODY, tool_choice: { type: "none" } }),
      });
    expect((await ask()).status).toBe(500);
    expect((await ask()).status).toBe(500);
    expect(api.problems).toEqual([
      "script: turn 1 asks for tools although it may not",
      "script: the script has no turn 2",
    ]);
  });
});
