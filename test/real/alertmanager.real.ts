import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alertFingerprint, incidentFromPayload } from "@oncall-copilot/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { DEPLOYMENT, environment, freshOut, oncall, readReport } from "../e2e/oncall.ts";
import { type Received, sendJson, startServer, type TestServer } from "../support/http/server.ts";
import { installDebian } from "./support/debian.ts";
import { type Running, startProgram } from "./support/process.ts";

/** Labels of an alert as a rule would give them, and one that strangers can write into. */
const LABELS = { alertname: "StorefrontLatencyHigh", service: "storefront", severity: "page" };
const ANNOTATIONS = {
  summary: 'p99 is 2.9 s\n"quoted" <b>and</b> \u001b[2J told',
  runbook_url: "https://wiki.example/x",
};
const STARTS = "2026-11-23T07:21:02.179Z";

let folder: string;
let receiver: TestServer;
let alertmanager: Running;
const deliveries: Received[] = [];

beforeAll(async () => {
  await installDebian({ name: "prometheus-alertmanager", programs: ["prometheus-alertmanager"] });
  folder = await mkdtemp(join(tmpdir(), "oncall-alertmanager-"));
  receiver = await startServer((request, response) => {
    deliveries.push(request);
    sendJson(response, 200, {});
  });
  const config = join(folder, "alertmanager.yml");
  await writeFile(
    config,
    `route: { receiver: oncall, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }
receivers: [{ name: oncall, webhook_configs: [{ url: "${receiver.url}/alerts", send_resolved: true }] }]
`,
  );
  alertmanager = await startProgram({
    ...{ name: "Alertmanager", program: "prometheus-alertmanager", ready: "/-/ready", log: join(folder, "log") },
    args: (port) => [
      ...[`--config.file=${config}`, `--storage.path=${join(folder, "data")}`, "--cluster.listen-address="],
      `--web.listen-address=127.0.0.1:${port}`,
    ],
  });
});
afterAll(async () => {
  await alertmanager?.stop();
  await receiver?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Has Alertmanager told of an alert, and waits for what it delivers. */
async function delivered(labels: Readonly<Record<string, string>>, endsAt?: string): Promise<string> {
  const before = deliveries.length;
  const alert = { labels, annotations: ANNOTATIONS, startsAt: STARTS, ...(endsAt ? { endsAt } : {}) };
  const told = await fetch(`${alertmanager.url}/api/v2/alerts`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify([alert]),
  });
  expect(told.status).toBe(200);
  await expect.poll(() => deliveries.length, { timeout: 20_000 }).toBeGreaterThan(before);
  return deliveries.at(-1)?.body ?? "";
}

it("what a real Alertmanager delivers becomes the incident that it tells of", async () => {
  const incident = incidentFromPayload(JSON.parse(await delivered(LABELS)));
  expect(incident).toMatchObject({
    alert: LABELS.alertname,
    service: "storefront",
    severity: "page",
    started_at: STARTS,
  });
  expect(incident.fingerprint).toBe(alertFingerprint({ alert: LABELS.alertname, service: "storefront" }));
});

it("and is triaged from standard input, with nothing of its text left to steer a terminal", async () => {
  const body = await delivered({ ...LABELS, instance: "b" });
  const file = join(folder, "alert.json");
  await writeFile(file, body);
  const out = await freshOut();
  const { code, stdout } = await oncall(
    ["triage", file, "--recording", DEPLOYMENT, "--out", out, "--quiet"],
    await environment(),
  );
  expect(code).toBe(0);
  expect((await readReport(out)).outcome).toBe("root_cause_identified");
  expect(stdout).not.toContain("\u001b[2J");
});

it("a resolved one is not triaged", async () => {
  const alone = { ...LABELS, alertname: "StorefrontErrors" };
  await delivered(alone);
  const body = await delivered(alone, new Date(Date.now() - 1_000).toISOString());
  const file = join(folder, "resolved.json");
  await writeFile(file, body);
  const { code, stdout, stderr } = await oncall(["triage", file, "--recording", DEPLOYMENT], await environment());
  expect(JSON.parse(body)).toMatchObject({ status: "resolved" });
  expect(`${stdout}${stderr}`).toContain("StorefrontErrors is resolved: there is nothing to triage");
  expect(code).toBe(0);
});
