import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { createLogger, EvidenceKey, Secret } from "../../core/src/index.ts";
import { defineTool, type HttpServing, type ServerDefinition, serveHttp } from "../../core/src/server/index.ts";

const TOKEN = randomBytes(32).toString("hex");
const open: HttpServing[] = [];
afterEach(async () => {
  for (const serving of open.splice(0)) await serving.close();
});

const tool = (name: string, scope: `x:${"read" | "propose" | "decide"}`) =>
  defineTool({
    ...{ name, scope, title: name, description: name, readOnly: scope === "x:read" },
    ...{ input: z.strictObject({}), output: z.strictObject({ said: z.string() }), text: () => name },
    run: async () => ({ outcome: "found" as const, data: { said: name }, summary: name, evidence: [], gaps: [] }),
  });

const definition = (...tools: ReturnType<typeof tool>[]): ServerDefinition => ({
  ...{ name: "oncall-x", version: "0", letter: "x", instructions: "", tools, now: () => 0 },
});

async function serve(server: ServerDefinition, token?: string, requestMs?: number): Promise<HttpServing> {
  const serving = await serveHttp(server, {
    ...{ key: new EvidenceKey(randomBytes(32)), log: createLogger("x", "silent"), host: "127.0.0.1", port: 0 },
    ...(token === undefined ? {} : { token: new Secret(token) }),
    ...(requestMs === undefined ? {} : { requestMs }),
  });
  open.push(serving);
  return serving;
}

async function toolsOf({ url }: HttpServing, token?: string): Promise<string[]> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      ...{ "content-type": "application/json", accept: "application/json, text/event-stream" },
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
  });
  return [...(await response.text()).matchAll(/"name":"(\w+)"/g)].map(([, name = ""]) => name);
}

const ALL = [tool("look", "x:read"), tool("propose", "x:propose"), tool("decide", "x:decide")] as const;

describe("a caller of whom nothing is known", () => {
  it("is offered what reads, and nothing that proposes or decides", async () => {
    expect(await toolsOf(await serve(definition(...ALL)))).toEqual(["look"]);
  });

  it("finds no server at all where everything proposes or decides", async () => {
    await expect(serve(definition(...ALL.slice(1)))).rejects.toThrow(/nothing without ONCALL_HTTP_TOKEN/);
  });

  it("is another than one who holds the token", async () => {
    expect(await toolsOf(await serve(definition(...ALL), TOKEN), TOKEN)).toEqual(["look", "propose", "decide"]);
  });
});

describe("a token", () => {
  it.each(["x", "hunter2", "a".repeat(64), "0123456789abcdef", randomBytes(15).toString("hex"), "1".repeat(200)])(
    "that could be guessed is refused at the start, and the error says how to make one: %s",
    async (token) => {
      await expect(serve(definition(...ALL), token)).rejects.toThrow(
        /at least 128 random bits; `openssl rand -hex 32`/,
      );
    },
  );

  it.each([randomBytes(16).toString("hex"), randomBytes(16).toString("base64"), randomBytes(24).toString("base64url")])(
    "of 128 bits is taken",
    async (token) => {
      expect(await toolsOf(await serve(definition(...ALL), token), token)).toContain("look");
    },
  );
});

describe("a request that never arrives as a whole", () => {
  it.each([
    ["its head", "POST /mcp HTTP/1.1\r\nhost: localhost\r\n"],
    ["its body", 'POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-length: 500\r\n\r\n{"jsonrpc"'],
  ])("is ended by the server: half of %s", async (_, sent) => {
    const { url } = await serve(definition(...ALL), undefined, 200);
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk.toString("utf8");
    });
    const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    socket.write(sent);
    await ended;
    expect(answer).toContain(" 408 ");
  });
});
