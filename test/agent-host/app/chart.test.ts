import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EvidenceKey, type Report } from "@oncall-copilot/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openChartSource } from "../../../agent-host/src/app/open-chart.ts";
import { readSettings } from "../../../agent-host/src/app/settings.ts";
import { drawChart } from "../../../agent-host/src/deliver/chart/draw-chart.ts";
import { ROOT } from "../../support/mcp/servers.ts";
import { caseOf, reportOfRecording } from "../slack/views.ts";

const RECORDING = "bad-deployment-three-hops";
let folder: string;
let report: Report;
let charts: ReturnType<typeof openChartSource>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "oncall-chart-"));
  report = await reportOfRecording(RECORDING, folder);
  const env = { PATH: process.env["PATH"], HOME: folder };
  const settings = readSettings(env, { recording: join(ROOT, "test/recordings", RECORDING), transport: "in-process" });
  charts = openChartSource({ settings, key: new EvidenceKey(Buffer.alloc(32)) });
}, 120_000);
afterAll(async () => {
  await charts.close();
  await rm(folder, { recursive: true, force: true });
});

const { signal } = new AbortController();
const viewOf = (of: Report | null) => {
  const alert = { ...caseOf().alert, started_at: Date.parse(report.incident.started_at) };
  const alerts = { total: 1, firing: 1, services: [], alerts: [] };
  return { case: caseOf({ alert }), alerts, report: of };
};

it("the picture shows the signal that decided it, with the change and the alert marked on it, and can be drawn", async () => {
  const data = await charts.source(viewOf(report), signal);
  expect(data?.points.length).toBeGreaterThan(20);
  expect(data?.title).toBe(`${data?.signal} of promotions`);
  const live = report.candidates.find(({ verdict }) => verdict === "kept");
  expect(data?.marks).toEqual([
    { at: Date.parse(live?.live_at ?? ""), label: `${live?.sha.slice(0, 7)} of promotions live` },
    { at: Date.parse(report.incident.started_at), label: "alert" },
  ]);
  const times = data?.points.map(({ at }) => at) ?? [];
  expect(times.every((at, index) => at > (times[index - 1] ?? 0))).toBe(true);
  expect(Math.min(...times)).toBeLessThan(Date.parse(live?.live_at ?? ""));
  if (data) expect((await drawChart(data)).length).toBeGreaterThan(5_000);
}, 60_000);

it("there is none without a report, and none where no signal decided it", async () => {
  expect(await charts.source(viewOf(null), signal)).toBeNull();
  expect(await charts.source(viewOf({ ...report, diagnosis: null }), signal)).toBeNull();
}, 60_000);
