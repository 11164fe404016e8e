import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { endProcesses, ServerProcess, serverEnvironment, startHttp } from "../support/mcp/process.ts";
import { discoverServers } from "../support/mcp/servers.ts";
import { type Fixture, makeFixture } from "./fixture.ts";
import { messageOf, toolCall } from "./http-request.ts";
import { buildProbe, type Probe } from "./probe/build.ts";

let probe: Probe;
let fixture: Fixture;
beforeAll(async () => {
  [probe, fixture] = await Promise.all([buildProbe(), makeFixture()]);
});
afterEach(endProcesses);
afterAll(() => Promise.all([probe.remove(), fixture.remove()]));

const isSlow = (server: ServerProcess) => server.stderr.includes("slow: started") || undefined;

/** How a server ends after `act`. One that does not end is stopped by the time limit of its test. */
async function endAfter(server: ServerProcess, act: () => void) {
  act();
  const { code, signal } = await server.ended;
  return { code, signal };
}

describe.each(discoverServers())("$name over stdio", (server) => {
  const start = () => new ServerProcess(server.bin, { ONCALL_RECORDING: fixture.dir });

  it("ends with code 0 when stdin ends, before a client said hello and after", async () => {
    for (const hello of [false, true]) {
      const running = start();
      if (hello) await running.initialize();
      const { code } = await endAfter(running, () => running.endStdin());
      expect(code, running.stderr).toBe(0);
    }
  });

  it.each(["SIGTERM", "SIGINT"] as const)("ends with code 0 on %s", async (signal) => {
    const running = start();
    await running.initialize();
    const { code } = await endAfter(running, () => running.child.kill(signal));
    expect(code).toBe(0);
  });

  it("writes nothing but the protocol to stdout, whatever rubbish comes in, and goes on serving", async () => {
    const running = start();
    await running.initialize();
    const rubbish = [
      "not json",
      "{}",
      "[]",
      "null",
      '{"jsonrpc":"2.0","id":7}',
      '{"jsonrpc":"1.0"}',
      "\u0000\u0001",
      "",
    ];
    for (const line of rubbish) running.write(`${line}\n`);
    running.send({ id: 1, method: "no/such/method" });
    running.send({ method: "notifications/no_such_notification" });
    running.call(2, "no_such_tool");
    running.send({ id: 3, method: "tools/list", params: {} });
    const { result } = await running.answer(3);
    expect(result?.["tools"]).toEqual(expect.arrayContaining([expect.objectContaining({ name: expect.any(String) })]));
    expect((await running.answer(1)).error?.code).toBe(-32601);
    expect((await running.answer(2)).error?.code).toBe(-32602);
    running.endStdin();
    expect((await running.ended).code).toBe(0);
    for (const message of running.messages) expect(message.jsonrpc).toBe("2.0");
  });
});

describe("a call in flight over stdio", () => {
  it("is still answered when stdin ends right behind it", async () => {
    const server = new ServerProcess(probe.bin);
    await server.initialize();
    server.call(1, "slow", { ms: 400 });
    server.endStdin();
    expect((await server.ended).code).toBe(0);
    expect(server.answered(1)?.result).toMatchObject({ structuredContent: { outcome: "found" } });
    expect(server.stderr).toContain("backends let go");
  });

  it.each(["SIGTERM", "SIGINT"] as const)("is still answered after %s", async (signal) => {
    const server = new ServerProcess(probe.bin);
    await server.initialize();
    server.call(1, "slow", { ms: 600 });
    await server.until(() => isSlow(server), "the tool's start");
    server.child.kill(signal);
    expect((await server.ended).code).toBe(0);
    expect(server.answered(1)?.result).toMatchObject({ structuredContent: { outcome: "found" } });
  });

  it.each(["slow", "deaf"])("is cancelled after a grace when it takes too long, and says so: %s", async (tool) => {
    const server = new ServerProcess(probe.bin);
    await server.initialize();
    server.call(1, tool, { ms: 60_000 });
    await server.until(() => server.stderr.includes(`${tool}: started`) || undefined, "the tool's start");
    const { code } = await endAfter(server, () => server.endStdin());
    expect(code).toBe(0);
    expect(server.answered(1)?.result).toMatchObject({
      structuredContent: { outcome: "could_not_look", reason: "cancelled" },
    });
  });
});

describe("a client that is gone", () => {
  it("and closed its end of stdout ends the server, without a crash", async () => {
    const server = new ServerProcess(probe.bin);
    await server.initialize();
    server.child.stdout?.destroy();
    const { code } = await endAfter(server, () => {
      for (let id = 1; id <= 20; id++) server.call(id, "echo");
    });
    expect(server.stderr).not.toMatch(/Unhandled|EPIPE|\n {4}at /);
    expect(code).toBe(0);
  });

  it("and was killed leaves no orphan", async () => {
    const script = `
      const { spawn } = require("node:child_process");
      const server = spawn(process.execPath, [${JSON.stringify(probe.bin)}], { stdio: ["pipe", "pipe", "ignore"] });
      process.stdout.write(server.pid + "\\n");
      setInterval(() => {}, 1000);
    `;
    const client = spawn(process.execPath, ["-e", script], {
      env: serverEnvironment({}),
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [chunk] = (await once(client.stdout, "data")) as [Buffer];
    const pid = Number(chunk.toString());
    await sleep(500);
    expect(isAlive(pid)).toBe(true);
    client.kill("SIGKILL");
    await once(client, "close");
    for (let waited = 0; isAlive(pid) && waited < 30_000; waited += 50) await sleep(50);
    expect(isAlive(pid)).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("a tool that prints", () => {
  it("does not reach stdout: what it prints is on stderr", async () => {
    const server = new ServerProcess(probe.bin);
    await server.initialize();
    server.call(1, "chatty");
    expect((await server.answer(1)).result).toMatchObject({ structuredContent: { said: "printed" } });
    server.endStdin();
    await server.ended;
    for (const message of server.messages) expect(message.jsonrpc).toBe("2.0");
    for (const printed of ["console.log", "console.info", "stdout.write"]) {
      expect(server.stderr).toContain(`${printed} of a vendor`);
      expect(server.lines.join("\n")).not.toContain(printed);
    }
  });
});

describe("a server over HTTP", () => {
  it.each(["SIGTERM", "SIGINT"] as const)(
    "answers the call in flight after %s, and ends with code 0",
    async (signal) => {
      const { server, url } = await startHttp(probe.bin);
      const call = fetch(url, toolCall(1, "slow", { ms: 600 }));
      await server.until(() => isSlow(server), "the tool's start");
      const { code } = await endAfter(server, () => server.child.kill(signal));
      expect(code).toBe(0);
      expect(await messageOf(await call)).toMatchObject({ result: { structuredContent: { outcome: "found" } } });
      expect(server.stderr).toContain("backends let go");
    },
  );

  it("takes no new call while it ends", async () => {
    const { server, url } = await startHttp(probe.bin);
    const call = fetch(url, toolCall(1, "slow", { ms: 1_000 }));
    await server.until(() => isSlow(server), "the tool's start");
    server.child.kill("SIGTERM");
    await sleep(200);
    await expect(fetch(url, toolCall(2, "echo"))).rejects.toThrow();
    expect((await call).status).toBe(200);
    await server.ended;
  });

  it("goes on when stdin ends: it is no one's child", async () => {
    const { server, url } = await startHttp(probe.bin);
    server.endStdin();
    await sleep(200);
    expect((await fetch(url, toolCall(1, "echo"))).status).toBe(200);
  });
});
