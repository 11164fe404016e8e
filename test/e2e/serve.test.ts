import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { alertmanagerBody } from "../support/recording.ts";
import { DEPLOYMENT, environment, oncall } from "./oncall.ts";

const BIN = join(import.meta.dirname, "../../agent-host/bin/oncall.cjs");
const TOKEN = randomBytes(24).toString("base64url");

/** `oncall serve` as a process of its own, on a free port. */
async function start(more: NodeJS.ProcessEnv = {}) {
  const cases = join(await mkdtemp(join(tmpdir(), "oncall-serve-")), "cases.db");
  const env = await environment({
    ONCALL_ALERT_TOKENS: TOKEN,
    ONCALL_LISTEN: "0",
    ONCALL_CASES: cases,
    ONCALL_WORK_DIR: `${cases}.work`,
    ...more,
  });
  const child = spawn(
    process.execPath,
    [BIN, "serve", "--recording", DEPLOYMENT, "--engine", "rules", "--transport", "in-process"],
    { env },
  );
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  await expect.poll(() => said, { timeout: 50_000 }).toContain("listening on http://127.0.0.1:");
  const url = /listening on (\S+)/.exec(said)?.[1] ?? "";
  return { url, ended, stop: () => child.kill("SIGTERM") };
}

describe("oncall serve", () => {
  it("takes an alert in, looks at it until it is settled, counts both, and ends well when it is asked to", async () => {
    const serving = await start();
    const answer = await fetch(`${serving.url}/alerts/alertmanager`, {
      method: "POST",
      body: JSON.stringify(alertmanagerBody()),
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(answer.status).toBe(202);
    expect((await fetch(`${serving.url}/readyz`)).status).toBe(200);
    expect(await (await fetch(`${serving.url}/metrics`)).text()).toContain(
      'oncall_alerts_total{door="alertmanager",outcome="new"} 1',
    );
    const metrics = async () => (await fetch(`${serving.url}/metrics`)).text();
    await expect.poll(metrics, { timeout: 50_000 }).toContain('oncall_cases{state="settled"} 1');
    expect(await metrics()).toMatch(/oncall_triage_seconds_count\{engine="rules",outcome="\w+"\} \d/);
    serving.stop();
    expect(await serving.ended).toBe(0);
  });

  it("does not start without a credential for any door, and says which there are", async () => {
    const { code, stderr } = await oncall(["serve", "--recording", DEPLOYMENT], await environment());
    expect(code).toBe(2);
    expect(stderr).toContain("ONCALL_ALERT_TOKENS");
    expect(stderr).toContain("ONCALL_PAGERDUTY_SECRETS");
  });
});
