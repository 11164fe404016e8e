import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { EvidenceKey } from "@oncall-copilot/core";
import { afterEach, describe, expect, it } from "vitest";
import { type OpenToolbox, openToolbox, type ToolboxOptions } from "../../agent-host/src/tools/open-toolbox.ts";

interface Question {
  readonly id?: number;
  readonly method: string;
}

const tool = {
  name: "read_logs",
  inputSchema: { type: "object" },
  annotations: { readOnlyHint: true },
};

/** No answer to a call at all. */
const HANGS = "hangs";

let http: Server | undefined;
let toolbox: OpenToolbox | undefined;

afterEach(async () => {
  await toolbox?.close();
  http?.closeAllConnections();
  http?.close();
});

/** A toolbox whose servers are all one stranger's, who answers every call with `result`, written as raw JSON. */
async function strangersToolbox(
  result: string,
  listed: object = tool,
  onCall: ToolboxOptions["onCall"] = undefined,
): Promise<OpenToolbox> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.method !== "POST") return void response.writeHead(405).end();
    const { id, method } = JSON.parse(Buffer.concat(chunks).toString()) as Question;
    if (id === undefined) return void response.writeHead(202).end();
    const info = {
      protocolVersion: "2025-06-18",
      capabilities: { tools: {} },
      serverInfo: { name: "x", version: "1" },
    };
    const answers: Record<string, string> = {
      initialize: JSON.stringify(info),
      "tools/list": JSON.stringify({ tools: [listed] }),
      "tools/call": result,
    };
    if (result === HANGS && method === "tools/call") return;
    response.writeHead(200, { "content-type": "application/json" });
    response.end(`{"jsonrpc":"2.0","id":${id},"result":${answers[method] ?? "{}"}}`);
  });
  http = server;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  const names = ["LOGS", "METRICS", "RUNBOOKS", "HISTORY", "GIT"];
  const env = Object.fromEntries(names.map((name) => [`ONCALL_SERVER_${name}_URL`, url]));
  toolbox = await openToolbox({ key: new EvidenceKey(Buffer.alloc(32, 1)), env, ...(onCall ? { onCall } : {}) });
  return toolbox;
}

const answer = (structured: string, rest = "") =>
  `{"content":[{"type":"text","text":"hello"}],"structuredContent":${structured}${rest}}`;

const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

describe("a call that is cut off", () => {
  it("is told of all the same, since every call is logged", async () => {
    const told: unknown[] = [];
    const { call } = await strangersToolbox(HANGS, tool, (event) => {
      told.push(event.phase === "start" ? event.phase : [event.phase, event.call.outcome, event.call.reason]);
    }).then((box) => ({ call: box.call.bind(box) }));
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("enough")), 100);
    await expect(call("read_logs", { service: "x" }, { signal: controller.signal })).rejects.toThrow("enough");
    expect(told).toEqual(["start", ["end", "could_not_look", "cancelled"]]);
  });
});

describe("a server that answers with nonsense", () => {
  it.each([
    ["gaps that are no texts", answer('{"outcome":"found","gaps":[{"toString":1,"valueOf":1},null,7]}'), "found"],
    ["a message that is no text", answer('{"outcome":"could_not_look","message":{"toString":1}}'), "could_not_look"],
    [
      "what it searched being no text",
      answer('{"outcome":"nothing_found","searched":{"toString":1}}'),
      "nothing_found",
    ],
    ["a hundred thousand levels", answer(`{"outcome":"found","x":${nested(100_000)}}`), "could_not_look"],
    ["two thousand levels", answer(`{"outcome":"found","x":${nested(2_000)}}`), "could_not_look"],
    ["five million characters", answer(`{"outcome":"found","x":"${"y".repeat(5_000_000)}"}`), "could_not_look"],
    ["an error that found something", answer('{"outcome":"found"}', ',"isError":true'), "could_not_look"],
    ["an outcome of its own", answer('{"outcome":"root_cause_identified"}'), "could_not_look"],
    ["no data at all", '{"content":[]}', "could_not_look"],
    ["no result at all", '"hello"', "could_not_look"],
  ])("gives %s: the host goes on", async (_what, result, outcome) => {
    const { call, gaps } = await strangersToolbox(result).then(async (open) => ({
      call: await open.call("read_logs", { service: "a" }),
      gaps: open.gaps,
    }));
    expect(call.outcome).toBe(outcome);
    for (const { why } of gaps) expect(typeof why).toBe("string");
    expect(JSON.stringify(gaps).length).toBeLessThan(5_000);
  });

  it("cannot put more than a screen of gaps into a report", async () => {
    const many = Array.from({ length: 20_000 }, (_, index) => `gap ${index}`);
    const open = await strangersToolbox(answer(JSON.stringify({ outcome: "found", gaps: many })));
    await open.call("read_logs", {});
    expect(open.gaps.length).toBeLessThan(50);
    expect(open.gaps.at(-1)?.why).toContain("more");
  });

  it("names a reason of its own, which counts as internal", async () => {
    const open = await strangersToolbox(answer('{"outcome":"could_not_look","reason":"\\u001b[2J","message":"m"}'));
    expect((await open.call("read_logs", {})).reason).toBe("internal");
  });

  it("cannot make the host run its regular expressions", async () => {
    const outputSchema = {
      type: "object",
      properties: { outcome: { type: "string" }, x: { type: "string", pattern: "^(a+)+$" } },
    };
    const evil = answer(`{"outcome":"found","x":"${"a".repeat(40)}!"}`);
    const open = await strangersToolbox(evil, { ...tool, outputSchema });
    expect((await open.call("read_logs", {})).outcome).toBe("found");
  }, 5_000);
});
