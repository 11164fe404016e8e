import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { endProcesses, type Message, ServerProcess, startHttp } from "../support/mcp/process.ts";
import { post, toolCall } from "./http-request.ts";
import { buildProbe, type Probe } from "./probe/build.ts";

let probe: Probe;
beforeAll(async () => {
  probe = await buildProbe();
});
afterEach(endProcesses);
afterAll(() => probe.remove());

async function started(env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  const server = new ServerProcess(probe.bin, env);
  await server.initialize();
  return server;
}

/** Calls and gives the answer's text and data. */
async function called(server: ServerProcess, id: number, tool: string, args: Readonly<Record<string, unknown>> = {}) {
  server.call(id, tool, args);
  const { result, error } = await server.answer(id);
  const content = (result?.["content"] ?? []) as { text: string }[];
  return {
    error,
    text: content.map(({ text }) => text).join("\n"),
    structured: (result?.["structuredContent"] ?? {}) as Record<string, unknown>,
  };
}

describe("arguments", () => {
  it("are taken as meant: the text of a number, a truth value or a list for the thing itself", async () => {
    const server = await started();
    const given = { count: "5", flag: "true", words: '["a"]' };
    const { structured } = await called(server, 1, "echo", given);
    expect(JSON.parse(String(structured["said"]))).toEqual({ count: 5, flag: true, words: ["a"] });
    const plain = await called(server, 2, "echo", { count: 5, flag: true, words: ["a"] });
    expect(plain.structured).toEqual(structured);
  });

  it.each([
    ["five", /^count: takes a number, not "five"$/],
    ["10", /^count: takes a number of at most 9, not 10$/],
    [0, /^count: takes a number of at least 1, not 0$/],
    [2.5, /^count: takes a whole number, not 2\.5$/],
    [["a", "b"], /^count: takes a number, not a list$/],
  ])("that are not what they should be are refused with what would be right: %s", async (count, reason) => {
    const { structured } = await called(await started(), 1, "echo", { count });
    expect(structured["outcome"]).toBe("bad_request");
    expect(structured["message"]).toMatch(reason);
  });

  it("may be left out as null or altogether", async () => {
    const server = await started();
    server.send({ id: 1, method: "tools/call", params: { name: "echo" } });
    expect((await server.answer(1)).result).toMatchObject({ structuredContent: { said: "{}" } });
    expect((await called(server, 2, "echo", { count: null })).structured["said"]).toBe("{}");
  });

  it("of an unknown tool are answered by the tools there are", async () => {
    const { error } = await called(await started(), 1, "read_everything");
    expect(error?.message).toContain('unknown tool "read_everything"; this server has echo, slow,');
  });
});

describe("cancellation over stdio", () => {
  it("reaches the tool, is not answered, and leaves nothing to wait for at the end", async () => {
    const server = await started();
    server.call(1, "slow", { ms: 60_000 });
    await server.until(() => server.stderr.includes("slow: started") || undefined, "the tool's start");
    server.send({ method: "notifications/cancelled", params: { requestId: 1, reason: "changed my mind" } });
    await server.until(() => server.stderr.includes("slow: told to stop") || undefined, "the tool's stop");
    expect((await called(server, 2, "echo")).structured["outcome"]).toBe("found");
    server.endStdin();
    expect(await server.ended).toMatchObject({ code: 0 });
    expect(server.messages.filter(({ id }) => id === 1)).toEqual([]);
  });

  it("of a call that is over, or never was, does no harm", async () => {
    const server = await started();
    await called(server, 1, "echo");
    for (const requestId of [1, 99, "none"]) server.send({ method: "notifications/cancelled", params: { requestId } });
    expect((await called(server, 2, "echo")).structured["outcome"]).toBe("found");
  });
});

describe("cancellation over HTTP", () => {
  it("is the client's hanging up, and reaches the tool", async () => {
    const { server, url } = await startHttp(probe.bin);
    const hangUp = new AbortController();
    const call = fetch(url, { ...toolCall(1, "slow", { ms: 60_000 }), signal: hangUp.signal });
    await server.until(() => server.stderr.includes("slow: started") || undefined, "the tool's start");
    hangUp.abort();
    await expect(call.then((response) => response.text())).rejects.toThrow(/abort/);
    await server.until(() => server.stderr.includes("slow: told to stop") || undefined, "the tool's stop");
  });
});

describe("the deadline", () => {
  it.each(["slow", "deaf"])("ends a call whether or not the tool listens: %s", async (tool) => {
    const server = await started({ ONCALL_TIMEOUT_SECONDS: "0.3" });
    const { structured, text } = await called(server, 1, tool, { ms: 4_000 });
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "timed_out" });
    expect(text).toContain(`${tool} did not finish within 0.3 s`);
    expect(text).toContain("a shorter window");
  });
});

describe("a tool that crashes", () => {
  it("tells the client a reference and neither stack, path, host nor credential", async () => {
    const server = await started();
    const { structured, text } = await called(server, 1, "crash");
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "internal" });
    const seen = server.lines.join("\n");
    for (const secret of ["hunter2", "postgres", "db.internal", "/srv", "TypeError", "    at ", ".cjs"]) {
      expect(seen).not.toContain(secret);
    }
    const reference = /under ([0-9a-f]{8})/.exec(text)?.[1] ?? "no reference";
    const logged = await server.until(
      () => server.stderr.split("\n").find((line) => line.includes(reference)),
      "the log line",
    );
    expect(JSON.parse(logged)).toMatchObject({ "tool.name": "crash", "service.name": "oncall-probe", reference });
    expect(logged).toContain("TypeError");
    expect(server.stderr).not.toContain("hunter2");
  });

  it("does not take the server with it", async () => {
    const server = await started();
    await called(server, 1, "crash");
    expect((await called(server, 2, "echo")).structured["outcome"]).toBe("found");
  });
});

describe("an answer that is too large", () => {
  it("is not sent and not cut, but refused with what would make it smaller", async () => {
    const { structured } = await called(await started(), 1, "large");
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "too_large" });
    expect(structured["try_next"]).toContain("a shorter window");
  });
});

describe("progress", () => {
  const STEPS = ["one", "two", "three"].map((message, index) => ({ progressToken: "t", progress: index + 1, message }));
  const asked = { name: "steps", arguments: {}, _meta: { progressToken: "t" } };

  it("is told over stdio, counting up and before the answer, to whoever asks for it", async () => {
    const server = await started();
    server.send({ id: 1, method: "tools/call", params: asked });
    await server.answer(1);
    const [, ...messages] = server.messages;
    expect(messages.map(({ method }) => method)).toEqual([...STEPS.map(() => "notifications/progress"), undefined]);
    expect(messages.slice(0, -1).map(({ params }) => params)).toEqual(STEPS);
  });

  it("is told over HTTP in the stream that ends with the answer", async () => {
    const { url } = await startHttp(probe.bin);
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: asked });
    const stream = await (await fetch(url, post(body))).text();
    const messages = [...stream.matchAll(/^data: (.+)$/gm)].map(([, data]) => JSON.parse(data ?? "") as Message);
    expect(messages.map(({ params }) => params)).toEqual([...STEPS, undefined]);
    expect(messages.at(-1)).toMatchObject({ id: 1, result: { structuredContent: { said: "stepped" } } });
  });

  it("is not told to whoever does not", async () => {
    const server = await started();
    await called(server, 1, "steps");
    expect(server.messages.filter(({ method }) => method !== undefined)).toEqual([]);
  });
});
