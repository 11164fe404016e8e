import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { followIncident } from "../../../../agent-host/src/app/follow-incident.ts";
import { Carry } from "../../../../agent-host/src/app/looks/carry.ts";
import type { CarryStore } from "../../../../agent-host/src/app/looks/carry-store.ts";
import { replayClock } from "../../../../agent-host/src/app/looks/clock.ts";
import { prepareTriage, runTriage } from "../../../../agent-host/src/app/run-triage.ts";
import { readSettings } from "../../../../agent-host/src/app/settings.ts";
import { renderTerminal } from "../../../../agent-host/src/deliver/terminal.ts";
import { readAlert } from "../../../../agent-host/src/intake/read-alert.ts";
import { ROOT } from "../../../support/mcp/servers.ts";
import { startMessagesApi } from "../../../support/messages-api/server.ts";
import { overloaded } from "../../../support/messages-api/turns.ts";
import { memoryPorts } from "../ports.ts";

/** A fix by edits: no commit whose own witness could settle it at the first look. */
const CAPACITY = join(ROOT, "test/recordings/undersized-hpa-max");
const ENV = { ONCALL_EVIDENCE_KEY: randomBytes(32).toString("hex"), ONCALL_TRANSPORT: "in-process" };
const alert = await readAlert(join(CAPACITY, "alert.json"));
const alertAt = Date.parse(alert.incident.started_at);
const plus = (seconds: number) => alertAt + seconds * 1000;
const plain = (_style: string, text: string) => text;

/** What each look asked, tool by tool. */
function asking() {
  const looks: string[][] = [];
  const progress = (event: { kind: string; call?: { tool: string } }) => {
    if (event.call && "outcome" in event.call) looks.at(-1)?.push(event.call.tool);
  };
  return { looks, progress };
}

/** A carry store as between machines: what goes through it is text. */
function textStore(): CarryStore & { readonly texts: string[] } {
  const texts: string[] = [];
  return {
    texts,
    load: async () => (texts.length === 0 ? null : Carry.parse(JSON.parse(texts.at(-1) ?? ""))),
    save: async (carry) => {
      texts.push(JSON.stringify(carry));
    },
  };
}

describe("an incident that is followed from ten seconds after its alert", () => {
  it("is first told as not settled, with what is known and what would decide it, and gets its draft when it is settled", async () => {
    const settings = readSettings(ENV, { recording: CAPACITY, engine: "rules" });
    const { ports, sent } = await memoryPorts();
    const run = await followIncident(alert, settings, ports, replayClock(plus(10)));
    const reports = sent.map(({ report }) => report);
    const [first, last] = [reports[0], reports.at(-1)];
    expect(reports.length).toBeGreaterThan(1);
    expect(first?.settled).toMatchObject({ final: false, next_look_at: new Date(plus(30)).toISOString() });
    expect(first?.pull_request).toBeNull();
    const message = first ? renderTerminal(first, plain) : "";
    expect(message.split("\n", 1)[0]).toMatch(/^NOT SETTLED YET: /);
    expect(message).toContain("Looked at 10 s after the alert; looks again at ");
    expect(message).toMatch(/Known so far\n {2}- /);
    expect(message).toMatch(/What would decide it\n {2}- /);
    expect(last?.settled).toEqual({ final: true, next_look_at: null, would_decide: [] });
    expect(last?.pull_request).not.toBeNull();
    expect(last?.culprit?.name).toBe("pricing");
    expect(run).toMatchObject({ kind: "report", nextLookAt: null });
  }, 300_000);
});

describe("a later look in another process", () => {
  it("goes on from text, asks for no runbook or history again, and cites them all the same", async () => {
    const settings = readSettings(ENV, { recording: CAPACITY, engine: "rules" });
    const carries = textStore();
    const woken: number[] = [];
    const wakeUp = { wakeAt: async (_incident: string, at: number) => void woken.push(at) };
    const { looks, progress } = asking();
    const { ports, sent } = await memoryPorts({ progress: progress as never });
    for (const seconds of [10, 30]) {
      looks.push([]);
      const prepared = await prepareTriage(alert, { ...settings, asOf: plus(seconds) });
      await runTriage(prepared, { ...ports, looks: { carries, wakeUp } });
    }
    expect(woken[0]).toBe(plus(30));
    expect(looks[0]).toEqual(expect.arrayContaining(["read_runbook", "query_history", "read_metrics"]));
    expect(looks[1]).not.toContain("read_runbook");
    expect(looks[1]).not.toContain("query_history");
    expect(looks[1]).toContain("read_metrics");
    const [first, second] = sent.map(({ report }) => report);
    expect(second?.runbook).toEqual(first?.runbook);
    expect(second?.similar).toEqual(first?.similar);
    expect(Carry.parse(JSON.parse(carries.texts.at(-1) ?? "")).looks.map(({ number }) => number)).toEqual([1, 2]);
  }, 300_000);
});

describe("a model that stays away", () => {
  it("is said on the first line, opens no draft by the rules, and is tried again later without asking anybody else", async () => {
    const api = await startMessagesApi({ script: () => overloaded() });
    onTestFinished(() => api.close());
    const env = { ...ENV, ANTHROPIC_API_KEY: "sk-ant-test", ANTHROPIC_BASE_URL: api.url };
    const settings = readSettings(env, { recording: CAPACITY });
    const carries = textStore();
    const woken: number[] = [];
    const wakeUp = { wakeAt: async (_incident: string, at: number) => void woken.push(at) };
    const { ports, sent, told } = await memoryPorts();
    const look = async (seconds: number) =>
      runTriage(await prepareTriage(alert, { ...settings, asOf: plus(seconds) }), {
        ...ports,
        looks: { carries, wakeUp },
      });
    expect(await look(300)).toMatchObject({ kind: "report", nextLookAt: plus(360) });
    const [made] = sent;
    expect(made?.report.engine).toMatchObject({ name: "rules", instead_of: "claude" });
    expect(made?.report.pull_request).toBeNull();
    const [line = ""] = made ? renderTerminal(made.report, plain).split("\n", 1) : [];
    expect(line).toMatch(/^NOT SETTLED YET: .*; NO MODEL LOOKED /);
    const toldBefore = told.filter((what) => what === "message").length;
    expect(await look(360)).toEqual({ kind: "unchanged", nextLookAt: plus(480) });
    expect(told.filter((what) => what === "message")).toHaveLength(toldBefore);
    expect(woken).toEqual([plus(360), plus(480)]);
  }, 300_000);
});
