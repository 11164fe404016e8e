import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Headless, openDoors } from "../support/alerts/headless.ts";
import { installDebian } from "./support/debian.ts";
import { type Running, startProgram } from "./support/process.ts";

const TOKEN = randomBytes(24).toString("base64url");
const STARTS = "2026-11-23T07:21:02.179Z";

let folder: string;
let doors: Headless;
const peers: Running[] = [];

/** A pair of Alertmanagers that do not know of each other, as in a partition: both deliver. */
beforeAll(async () => {
  await installDebian({ name: "prometheus-alertmanager", programs: ["prometheus-alertmanager"] });
  folder = await mkdtemp(join(tmpdir(), "oncall-door-"));
  doors = await openDoors({ env: { ONCALL_ALERT_TOKENS: TOKEN } });
  const config = join(folder, "alertmanager.yml");
  await writeFile(join(folder, "token"), TOKEN);
  await writeFile(
    config,
    `route: { receiver: oncall, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }
receivers:
  - name: oncall
    webhook_configs:
      - url: "${doors.url}/alerts/alertmanager"
        send_resolved: true
        http_config: { authorization: { credentials_file: ${join(folder, "token")} } }
`,
  );
  for (const name of ["a", "b"]) {
    peers.push(
      await startProgram({
        name: "Alertmanager",
        program: "prometheus-alertmanager",
        ready: "/-/ready",
        log: join(folder, `${name}.log`),
        args: (port) => [
          ...[`--config.file=${config}`, `--storage.path=${join(folder, name)}`, "--cluster.listen-address="],
          `--web.listen-address=127.0.0.1:${port}`,
        ],
      }),
    );
  }
});
afterAll(async () => {
  await Promise.all(peers.map((peer) => peer.stop()));
  await doors?.close();
  await rm(folder, { recursive: true, force: true });
});

const tell = (labels: Record<string, string>, endsAt?: string) =>
  Promise.all(
    peers.map((peer) =>
      fetch(`${peer.url}/api/v2/alerts`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify([
          { labels, annotations: { summary: "slow" }, startsAt: STARTS, ...(endsAt ? { endsAt } : {}) },
        ]),
      }),
    ),
  );
const delivered = async () => {
  const metrics = await (await fetch(`${doors.url}/metrics`)).text();
  return Number(/oncall_deliveries_total\{door="alertmanager",outcome="taken"\} (\d+)/.exec(metrics)?.[1] ?? 0);
};

it("what both of a pair of real Alertmanagers deliver is one case, which clears when both say so", async () => {
  const labels = { alertname: "StorefrontLatencyHigh", service: "storefront", severity: "page" };
  await tell(labels);
  await expect.poll(delivered, { timeout: 30_000 }).toBeGreaterThanOrEqual(2);
  const [only, ...others] = await doors.cases.list();
  expect(others).toEqual([]);
  expect(only).toMatchObject({
    service: "storefront",
    alert: { name: labels.alertname, started_at: Date.parse(STARTS) },
  });
  await tell(labels, new Date(Date.now() - 1_000).toISOString());
  await expect.poll(async () => (await doors.cases.alertsOf(only?.id ?? "")).firing, { timeout: 30_000 }).toBe(0);
  expect((await doors.cases.alertsOf(only?.id ?? "")).total).toBe(1);
});
