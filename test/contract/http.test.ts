import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { endProcesses, ServerProcess, startHttp } from "../support/mcp/process.ts";
import { messageOf, post, toolCall } from "./http-request.ts";
import { buildProbe, type Probe } from "./probe/build.ts";

const TOKEN = "correct-horse-battery-staple";

let probe: Probe;
beforeAll(async () => {
  probe = await buildProbe();
});
afterEach(endProcesses);
afterAll(() => probe.remove());

/** A refusal is a JSON-RPC error in a JSON body, never an HTML page and never with a stack. */
async function refusal(response: Response): Promise<{ status: number; message: string }> {
  expect(response.headers.get("content-type")).toMatch(/^application\/json/);
  const { jsonrpc, error, id } = (await response.json()) as Record<string, unknown>;
  expect({ jsonrpc, id }).toEqual({ jsonrpc: "2.0", id: null });
  const { message } = error as { message: string };
  expect(message).not.toMatch(/\n|\.[cm]?js|node:/);
  return { status: response.status, message };
}

/** With any Host header, which fetch does not let a test choose. */
function postWithHost(url: URL, host: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const { body, headers } = toolCall(1, "echo");
    const sent = request(
      url,
      { method: "POST", headers: { ...(headers as Record<string, string>), host } },
      (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => {
          text += chunk.toString("utf8");
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

describe("Streamable HTTP", () => {
  it("is stateless: a call needs no session and no hello, and the server gives no session out", async () => {
    const { url } = await startHttp(probe.bin);
    for (const id of [1, 2]) {
      const response = await fetch(url, toolCall(id, "echo", { count: id }));
      expect(response.headers.get("mcp-session-id")).toBeNull();
      expect(await messageOf(response)).toMatchObject({
        id,
        result: { structuredContent: { said: `{"count":${id}}` } },
      });
    }
  });

  it("loses nothing in a restart: the next call works, also with a session id of before", async () => {
    const first = await startHttp(probe.bin);
    await fetch(first.url, toolCall(1, "echo"));
    first.server.child.kill("SIGTERM");
    await first.server.ended;
    const { url } = await startHttp(probe.bin, {}, `127.0.0.1:${first.url.port}`);
    const call = toolCall(2, "echo");
    const response = await fetch(url, { ...call, headers: { ...call.headers, "mcp-session-id": "of-before" } });
    expect(await messageOf(response)).toMatchObject({ result: { structuredContent: { outcome: "found" } } });
  });

  it("answers several calls at once", async () => {
    const { url } = await startHttp(probe.bin);
    const calls = [1, 2, 3, 4].map((id) => fetch(url, toolCall(id, "slow", { ms: 700 })).then(messageOf));
    const answers = await Promise.all(calls);
    expect(answers.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  });
});

describe("who may call", () => {
  it.each(["https://evil.example", "http://127.0.0.1.evil.example", "null", "nonsense"])(
    "is no web page from elsewhere: Origin %s",
    async (origin) => {
      const { url } = await startHttp(probe.bin);
      const refused = await refusal(await fetch(url, post("{}", { origin })));
      expect(refused.status).toBe(403);
      expect(refused.message).toContain("is not allowed");
    },
  );

  it.each(["http://localhost:6274", "http://127.0.0.1:8080", "http://[::1]:8080"])(
    "may be a page on this machine: Origin %s",
    async (origin) => {
      const { url } = await startHttp(probe.bin);
      const call = toolCall(1, "echo");
      expect((await fetch(url, { ...call, headers: { ...call.headers, origin } })).status).toBe(200);
    },
  );

  it("is no one who reached loopback by another name (DNS rebinding)", async () => {
    const { url } = await startHttp(probe.bin);
    for (const host of ["evil.example", `evil.example:${url.port}`, "localhost.evil.example"]) {
      const { status, body } = await postWithHost(url, host);
      expect(status, host).toBe(403);
      expect(JSON.parse(body)).toMatchObject({ error: { message: "the Host header must be a loopback name" } });
    }
    for (const host of ["localhost", `127.0.0.1:${url.port}`, "[::1]:80"]) {
      expect((await postWithHost(url, host)).status, host).toBe(200);
    }
  });

  it("is whoever holds the token, when there is one", async () => {
    const { url, server } = await startHttp(probe.bin, { ONCALL_HTTP_TOKEN: TOKEN });
    const call = toolCall(1, "echo");
    const as = (authorization?: string) =>
      fetch(url, { ...call, headers: { ...call.headers, ...(authorization === undefined ? {} : { authorization }) } });
    for (const wrong of [undefined, "", "Bearer", "Bearer wrong", `Basic ${TOKEN}`, `Bearer ${TOKEN} `.repeat(2)]) {
      const response = await as(wrong);
      expect(response.headers.get("www-authenticate"), wrong).toBe("Bearer");
      expect((await refusal(response)).status, wrong).toBe(401);
    }
    expect((await as(`Bearer ${TOKEN}`)).status).toBe(200);
    expect(server.stderr).not.toContain(TOKEN);
  });

  it("is no one beyond loopback unless there is a token", async () => {
    const bare = new ServerProcess(probe.bin, {}, ["--http", "0.0.0.0:0"]);
    expect((await bare.ended).code).toBe(2);
    expect(bare.stderr).toContain("listening beyond loopback needs ONCALL_HTTP_TOKEN");
    const { url } = await startHttp(probe.bin, { ONCALL_HTTP_TOKEN: TOKEN }, "0.0.0.0:0");
    const reached = new URL(`http://127.0.0.1:${url.port}/mcp`);
    expect((await fetch(reached, toolCall(1, "echo"))).status).toBe(401);
  });
});

describe("what may be sent", () => {
  it.each(["GET", "PUT", "DELETE"])("is not %s: there are no sessions to stream or to end", async (method) => {
    const { url } = await startHttp(probe.bin);
    const response = await fetch(url, { method, headers: { accept: "text/event-stream" } });
    expect(response.headers.get("allow")).toBe("POST");
    expect((await refusal(response)).status).toBe(405);
  });

  it("goes to /mcp only", async () => {
    const { url } = await startHttp(probe.bin);
    expect(await refusal(await fetch(new URL("/", url), toolCall(1, "echo")))).toEqual({
      status: 404,
      message: "the MCP endpoint is /mcp",
    });
  });

  it.each(["", "{", "not json"])("is JSON: %j is refused", async (body) => {
    const { url } = await startHttp(probe.bin);
    expect(await refusal(await fetch(url, post(body)))).toEqual({ status: 400, message: "the body is not JSON" });
  });

  it.each(["{}", "null", '{"jsonrpc":"2.0"}'])("is JSON-RPC: %s is refused", async (body) => {
    const { url } = await startHttp(probe.bin);
    expect((await refusal(await fetch(url, post(body)))).status).toBe(400);
  });

  it("is at most one MiB, whether or not its length is told beforehand", async () => {
    const { url } = await startHttp(probe.bin);
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: { x: "x".repeat(8_000_000) } });
    expect((await refusal(await fetch(url, post(body)))).status).toBe(413);
    const parts = new ReadableStream({
      start(controller) {
        for (let at = 0; at < body.length; at += 65_536) controller.enqueue(Buffer.from(body.slice(at, at + 65_536)));
        controller.close();
      },
    });
    const streamed = { ...post(""), body: parts, duplex: "half" } as RequestInit;
    expect((await refusal(await fetch(url, streamed))).status).toBe(413);
  });

  it("is let in for a while after a refusal, so that whoever sends a lot can read why, and no longer", async () => {
    const { url } = await startHttp(probe.bin, { ONCALL_HTTP_TOKEN: TOKEN });
    expect((await refusal(await fetch(url, post("x".repeat(8_000_000))))).status).toBe(401);
    const endless = new ReadableStream({
      async pull(controller) {
        controller.enqueue(Buffer.alloc(1_000));
        await sleep(20);
      },
    });
    const sent = await fetch(url, { ...post(""), body: endless, duplex: "half" } as RequestInit);
    expect(sent.status).toBe(401);
    await sent.text();
  });

  it("may be as large as a proposal with its evidence", async () => {
    const { url } = await startHttp(probe.bin);
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping", params: { x: "x".repeat(1_000_000) } });
    expect((await fetch(url, post(body))).status).toBe(200);
  });
});

describe("an address", () => {
  it.each(["nonsense", "127.0.0.1:99999", "127.0.0.1:"])(
    "that is none is refused at the start: %s",
    async (address) => {
      const server = new ServerProcess(probe.bin, {}, ["--http", address]);
      expect((await server.ended).code).toBe(2);
      expect(server.stderr).toContain("--http takes [HOST:]PORT");
    },
  );

  it("that is taken is refused at the start, and says so", async () => {
    const { url } = await startHttp(probe.bin);
    const second = new ServerProcess(probe.bin, {}, ["--http", `127.0.0.1:${url.port}`]);
    expect((await second.ended).code).toBe(2);
    expect(second.stderr).toContain("EADDRINUSE");
    expect(second.stderr).not.toContain("    at ");
  });

  it.each(["0", "localhost:0", "[::1]:0"])("may be %s", async (address) => {
    const { url } = await startHttp(probe.bin, {}, address);
    expect((await fetch(url, toolCall(1, "echo"))).status).toBe(200);
  });
});
