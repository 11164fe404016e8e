import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { expect, it } from "vitest";
import { prepareTriage, runTriage } from "../../../agent-host/src/app/run-triage.ts";
import { readSettings } from "../../../agent-host/src/app/settings.ts";
import { openSharedHost } from "../../../agent-host/src/app/shared-host.ts";
import { readAlert } from "../../../agent-host/src/intake/read-alert.ts";
import { PEAK } from "../../e2e/oncall.ts";
import { memoryPorts } from "./ports.ts";

it("answers six alerts at once with one set of servers, each with everything seen", async () => {
  const env = { PATH: process.env["PATH"], ONCALL_EVIDENCE_KEY: randomBytes(32).toString("hex") };
  const settings = readSettings(env, { recording: PEAK, engine: "rules" });
  const alert = await readAlert(join(PEAK, "alert.json"));
  const shared = openSharedHost(settings);
  const waited: string[] = [];
  const { ports } = await memoryPorts({
    shared,
    progress: (event) => {
      if (event.kind === "step" && "message" in event) waited.push(event.message);
    },
  });
  try {
    const six = await Promise.all(
      Array.from({ length: 6 }, async () => runTriage(await prepareTriage(alert, settings), ports)),
    );
    for (const run of six) {
      expect(run).toMatchObject({ kind: "report", report: { family: "no_fault" } });
      expect(run.kind === "report" && run.report.gaps.filter(({ tool }) => tool === null)).toEqual([]);
    }
    expect(waited).toContain("waiting for its turn: 4 triages are ahead");
    expect(shared.pool.size).toBe(5);
  } finally {
    await shared.close();
  }
  expect(shared.pool.size).toBe(0);
}, 280_000);
