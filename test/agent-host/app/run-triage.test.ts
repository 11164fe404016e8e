import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { expect, it } from "vitest";
import { prepareTriage, runTriage } from "../../../agent-host/src/app/run-triage.ts";
import { readSettings } from "../../../agent-host/src/app/settings.ts";
import { readAlert } from "../../../agent-host/src/intake/read-alert.ts";
import { openSealedReport } from "../../../agent-host/src/verify/seal.ts";
import { EvidenceKey } from "../../../core/src/evidence/receipt.ts";
import { DEPLOYMENT, PEAK } from "../../e2e/oncall.ts";
import { memoryPorts } from "./ports.ts";

const hex = randomBytes(32).toString("hex");
const key = new EvidenceKey(Buffer.from(hex, "hex"));
const ENV = { ONCALL_EVIDENCE_KEY: hex, ONCALL_TRANSPORT: "in-process" };

const prepared = async (recording: string, change: (text: string) => string = (text) => text) => {
  const { incident, raw } = await readAlert(join(recording, "alert.json"));
  const alert = { incident: JSON.parse(change(JSON.stringify(incident))) as typeof incident, raw };
  return prepareTriage(alert, readSettings(ENV, { recording, engine: "rules" }));
};

it("brings an alert to a sealed report that any door can send and keep", async () => {
  const { ports, told, sent, kept } = await memoryPorts();
  const run = await runTriage(await prepared(DEPLOYMENT), ports);
  expect(run).toMatchObject({ kind: "report", report: { culprit: { name: "promotions" } } });
  expect(sent).toEqual(kept);
  expect(openSealedReport(kept[0]?.json ?? "", key)).toMatchObject({ intact: true, report: { service: "storefront" } });
  expect(told[0]).toBe("alert_received");
  expect(told.slice(-3)).toEqual(["message", "kept", "report_made"]);
}, 200_000);

it("asks nothing and sends nothing for an alert that is resolved", async () => {
  const { ports, told } = await memoryPorts();
  const resolved = await prepared(PEAK, (text) => text.replace('"firing"', '"resolved"'));
  expect(await runTriage(resolved, ports)).toEqual({ kind: "resolved" });
  expect(told).toEqual(["alert_received"]);
});

it("has the message out before the report is kept, and says in the trail that it could not be kept", async () => {
  const full = new Error("ENOSPC: no space left on device");
  const { ports, told, sent } = await memoryPorts({ reports: { keep: () => Promise.reject(full) } });
  await expect(runTriage(await prepared(PEAK), ports)).rejects.toThrow("ENOSPC");
  expect(sent).toHaveLength(1);
  expect(told.slice(-2)).toEqual(["message", "failed"]);
}, 200_000);

it("sends the message and proposes nothing when the trail cannot be written, and says both", async () => {
  const full = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
  const { ports, sent } = await memoryPorts({ audit: { append: () => Promise.reject(full), head: () => "" } });
  await runTriage(await prepared(DEPLOYMENT), ports);
  expect(sent[0]?.report).toMatchObject({
    culprit: { name: "promotions" },
    pull_request: null,
    cut: [{ what: "pull request", why: expect.stringContaining("the audit log cannot be written (ENOSPC)") }],
    gaps: expect.arrayContaining([expect.objectContaining({ server: "host", why: "it cannot be written (ENOSPC)" })]),
  });
}, 200_000);

it("is told before anything is begun that there is no catalog to look in", async () => {
  const alert = await readAlert(join(PEAK, "alert.json"));
  await expect(prepareTriage(alert, readSettings({ ONCALL_ENGINE: "rules" }))).rejects.toThrow("set ONCALL_CATALOG");
});
