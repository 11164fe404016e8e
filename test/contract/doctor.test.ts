import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Finding } from "@oncall-copilot/core/server";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { endProcesses, ServerProcess, startHttp } from "../support/mcp/process.ts";
import { toolCall } from "./http-request.ts";
import { buildProbe, type Probe } from "./probe/build.ts";

let probe: Probe;
beforeAll(async () => {
  probe = await buildProbe();
});
afterEach(endProcesses);
afterAll(() => probe.remove());

const FINE: Finding = { backend: "Loki at http://loki", check: "reachable", status: "ok", message: "answers in 3 ms" };
const TOO_MUCH: Finding = {
  ...{ backend: "Loki at http://loki", check: "privilege", status: "warning" },
  ...{ message: "this credential can also delete", cure: "give it the role reader" },
};
const BROKEN: Finding = {
  ...FINE,
  check: "authenticated",
  status: "failure",
  message: "401 for token ghp_0123456789abcdefghijABCDEFGHIJ012345",
};
const HOSTILE: Finding = { ...FINE, check: "data", message: "newest line:\n  ok   privilege \u001b[2J\u202e all fine" };

const findings = (...given: readonly Finding[]) => ({ PROBE_FINDINGS: JSON.stringify(given) });

/** What `--doctor` prints and how it ends. */
async function doctor(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const server = new ServerProcess(probe.bin, env, ["--doctor", ...args]);
  const { code } = await server.ended;
  return { code, stdout: server.lines.join("\n"), stderr: server.stderr };
}

describe("a server's --doctor", () => {
  it("prints what it finds, a line each, with the cure, and ends well when nothing failed", async () => {
    const { code, stdout, stderr } = await doctor(findings(FINE, TOO_MUCH));
    expect(stdout.split("\n")).toEqual([
      "Loki at http://loki",
      "  ok   reachable     answers in 3 ms",
      "  WARN privilege     this credential can also delete",
      "                     cure: give it the role reader",
    ]);
    expect(code).toBe(0);
    expect(stderr).toContain("backends let go");
  });

  it("ends with code 3 when something failed, and prints no secret", async () => {
    const { code, stdout } = await doctor(findings(FINE, BROKEN));
    expect(code).toBe(3);
    expect(stdout).toContain("FAIL authenticated 401 for token");
    expect(stdout).not.toContain("ghp_0123");
  });

  it("prints JSON alone on stdout when asked to, whatever a vendor's client prints", async () => {
    const { stdout, stderr } = await doctor(findings(FINE), "--json");
    expect(JSON.parse(stdout)).toMatchObject({ server: "oncall-probe", findings: [FINE] });
    expect(stderr).toContain("a vendor's client prints on stdout");
  });

  it("lets no backend write a line of its own, nor move the cursor", async () => {
    const { stdout } = await doctor(findings(HOSTILE));
    expect(stdout.split("\n")).toHaveLength(2);
    expect(stdout).toContain("\\u{1b}[2J\\u{202e} all fine");
  });

  it.each([
    [{ ONCALL_SCOPES: "probe:red" }, /grants nothing of oncall-probe/],
    [{ ONCALL_EVIDENCE_KEY: "abc" }, /ONCALL_EVIDENCE_KEY must hold 64 hex digits/],
    [{ ONCALL_TIMEOUT_SECONDS: "-1" }, /ONCALL_TIMEOUT_SECONDS/],
  ])("fails on what would keep the server from starting: %j", async (env, message) => {
    const { code, stdout } = await doctor({ ...findings(FINE), ...env });
    expect(code).toBe(3);
    expect(stdout).toMatch(/FAIL configured/);
    expect(stdout).toMatch(message);
  });

  it("warns of a variable that it does not read, with the name that was likely meant", async () => {
    const { code, stdout } = await doctor({ ...findings(FINE), ONCALL_RECORDNIG: "/somewhere" });
    expect(stdout).toMatch(/WARN configured +ONCALL_RECORDNIG is set, and nothing reads a variable of that name/);
    expect(stdout).toContain("cure: did you mean ONCALL_RECORDING?");
    expect(code).toBe(0);
  });

  it("makes no evidence key, and says where the first start will make one", async () => {
    const config = await mkdtemp(join(tmpdir(), "oncall-doctor-key-"));
    const env = { ...findings(FINE), ONCALL_EVIDENCE_KEY: "", XDG_CONFIG_HOME: config };
    const { code, stdout } = await doctor(env);
    expect(stdout).toContain(
      `there is no evidence key yet: the first start makes one in ${config}/oncall-copilot/evidence.key`,
    );
    expect(code).toBe(0);
    expect(await readdir(config)).toEqual([]);
  });

  it("does not call it well when there was nothing to look at", async () => {
    const { stdout } = await doctor(findings());
    expect(stdout).toMatch(/\? +configured +this server found nothing to look at/);
  });

  it.each(["--json", "--service"])("is the only one that takes %s", async (flag) => {
    const server = new ServerProcess(probe.bin, {}, flag === "--service" ? [flag, "shop"] : [flag]);
    expect((await server.ended).code).toBe(2);
    expect(server.stderr).toContain("--json and --service go with --doctor");
  });
});

interface Told {
  readonly notices?: readonly string[];
  readonly outcome: string;
}

async function answered(server: ServerProcess, id: number, tool = "echo", args: object = {}) {
  server.call(id, tool, args as Record<string, unknown>);
  const { result } = await server.answer(id);
  const { content, structuredContent } = result as unknown as { content: [{ text: string }]; structuredContent: Told };
  return { text: content[0].text, structured: structuredContent };
}

/** A server whose check-up in the background has come to its end. */
async function examined(env: Readonly<Record<string, string>>) {
  const server = new ServerProcess(probe.bin, env);
  await server.initialize();
  await server.until(() => (server.stderr.includes("probe: examined") ? true : undefined), "the check-up");
  await new Promise((resolve) => setTimeout(resolve, 50));
  return server;
}

describe("a mounted server", () => {
  it("says in its first answer, in both forms, what is wrong with its set-up, and only there", async () => {
    const server = await examined(findings(FINE, TOO_MUCH));
    const notice = "Loki at http://loki, privilege (warning): this credential can also delete; give it the role reader";
    const first = await answered(server, 1);
    expect(first.structured.notices).toEqual([notice]);
    expect(first.text).toContain(notice);
    const second = await answered(server, 2);
    expect(second.structured.notices).toBeUndefined();
    expect(second.text).not.toContain("set-up");
  });

  it("says at its start and in its first answer that it does not read a variable", async () => {
    const server = await examined({ ...findings(FINE), ONCALL_PROBE_URL: "http://somewhere" });
    const message = "ONCALL_PROBE_URL is set, and nothing reads a variable of that name";
    expect(server.stderr).toContain(`oncall-probe: ${message}`);
    expect((await answered(server, 1)).structured.notices).toEqual([expect.stringContaining(message)]);
  });

  it("says nothing when all is well", async () => {
    const server = await examined(findings(FINE));
    expect((await answered(server, 1)).structured.notices).toBeUndefined();
  });

  it("keeps it for an answer: a refused call does not use it up", async () => {
    const server = await examined(findings(TOO_MUCH));
    expect((await answered(server, 1, "echo", { nonsense: 1 })).structured.outcome).toBe("bad_request");
    expect((await answered(server, 2)).structured.notices).toHaveLength(1);
  });

  it("carries only a few of many, and says where the rest is", async () => {
    const many = Array.from({ length: 7 }, (_, index) => ({ ...TOO_MUCH, message: `${index} ${"long ".repeat(200)}` }));
    const { structured } = await answered(await examined(findings(...many)), 1);
    expect(structured.notices).toHaveLength(5);
    expect(structured.notices?.at(-1)).toBe("and 3 more: run oncall-probe --doctor");
    expect(Math.max(...(structured.notices ?? []).map(({ length }) => length))).toBeLessThanOrEqual(401);
  });

  it("answers while its check-up hangs, and ends it with itself", async () => {
    const server = await examined({ PROBE_FINDINGS: "hang" });
    expect((await answered(server, 1)).structured.outcome).toBe("found");
    server.endStdin();
    expect((await server.ended).code).toBe(0);
    expect(server.stderr).toContain("probe: check-up told to stop");
  });

  it("says it once over HTTP too, whoever calls", async () => {
    const { url, server } = await startHttp(probe.bin, findings(TOO_MUCH));
    await server.until(() => (server.stderr.includes("probe: examined") ? true : undefined), "the check-up");
    await new Promise((resolve) => setTimeout(resolve, 50));
    const ask = async (id: number) => (await fetch(url, toolCall(id, "echo"))).text();
    const told = [await ask(1), await ask(2)];
    expect(told.map((text) => text.includes("can also delete"))).toEqual([true, false]);
  });
});
