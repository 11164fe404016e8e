import { execFile } from "node:child_process";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { scriptedTriage } from "../support/messages-api/scripted-triage.ts";
import { type MessagesApi, type Script, startMessagesApi } from "../support/messages-api/server.ts";
import { overloaded } from "../support/messages-api/turns.ts";

const ROOT = join(import.meta.dirname, "../..");
const CASE = "bad-deployment-three-hops";
const KEY = ["sk", "ant", "test", "0123456789abcdef"].join("-");

let api: MessagesApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

/** `npm run evals` on one committed recording, as a user runs it. */
function evals(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const words = ["--import", "tsx", "test/evals/main.ts", "--engine", "claude", "--only", CASE, "--json", ...args];
  const { ANTHROPIC_API_KEY: _, ANTHROPIC_BASE_URL: __, ...rest } = process.env;
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, words, { cwd: ROOT, env: { ...rest, ...env } }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

const fresh = async () => join(await mkdtemp(join(tmpdir(), "oncall-model-")), "run.ndjson");
/** The figures of a scoreboard, without what only a clock tells. */
const figures = (stdout: string) =>
  JSON.stringify(JSON.parse(stdout), (name, value) => (/seconds/.test(name) ? 0 : value));

async function recorded(script: Script = scriptedTriage({ culprit: "promotions" })) {
  api = await startMessagesApi({ script, key: KEY });
  const file = await fresh();
  const ran = await evals(["--record-model", file], { ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: api.url });
  return { file, ...ran };
}

describe("a kept run of the Claude engine", () => {
  it("gives the same figures again, without a key and without the model", async () => {
    const { file, code, stdout, stderr } = await recorded();
    expect(code, stderr).toBe(0);
    await api?.close();
    api = undefined;
    const again = await evals(["--replay-model", file]);
    expect(again.code, again.stderr).toBe(0);
    expect(figures(again.stdout)).toBe(figures(stdout));
    expect(again.stderr).toMatch(/(\d+) requests were answered from .*; 0 of them differ from the recorded ones/);
  });

  it("holds no key and no header, whatever the model's service answers", async () => {
    const model = scriptedTriage({ culprit: "promotions" });
    if (typeof model !== "function") throw new Error("the scripted model answers to what it is asked");
    let count = 0;
    const { file, code } = await recorded((view) => (++count === 1 ? overloaded() : model(view)));
    expect(code).toBe(0);
    const text = await readFile(file, "utf8");
    expect(text).not.toContain(KEY);
    expect(text).not.toMatch(/x-api-key|authorization/i);
    expect(text).not.toContain("overloaded_error");
  });

  it("says how many requests differ from what was asked then", async () => {
    const { file } = await recorded();
    const changed = (await readFile(file, "utf8")).replace(
      /"request_sha256":"[0-9a-f]{64}"/,
      `"request_sha256":"${"0".repeat(64)}"`,
    );
    await writeFile(file, changed);
    expect((await evals(["--replay-model", file])).stderr).toContain("1 of them differ from the recorded ones");
  });

  it("is not relied on when the engine asks more often than then", async () => {
    const { file } = await recorded();
    await writeFile(file, `${(await readFile(file, "utf8")).trimEnd().split("\n").slice(0, -1).join("\n")}\n`);
    const { code, stderr } = await evals(["--replay-model", file]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/asks more than when .* was recorded \(bad-deployment-three-hops\): record it anew/);
  });

  it.each([
    [["--replay-model", "/no/such/file"], /ENOENT/, 1],
    [["--record-model", "a", "--replay-model", "b"], /one of the two/, 2],
  ])("refuses %j", async (args, message, expected) => {
    const { code, stderr } = await evals(args);
    expect(stderr).toMatch(message);
    expect(code).toBe(expected);
  });

  it("names the line of a file that is none", async () => {
    const file = await fresh();
    await writeFile(file, `{"model_run":1,"evidence_key":"${"a".repeat(64)}"}\n{"case":1}\n`);
    expect((await evals(["--replay-model", file])).stderr).toContain("line 2: not what --record-model writes");
  });
});
