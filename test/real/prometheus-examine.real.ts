import { join } from "node:path";
import type { Finding } from "@oncall-copilot/core/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildServer, configSchema } from "../../servers/metrics/src/server.ts";
import { cleanupRecordings, writeRecording } from "../support/recording.ts";
import { installPrometheus } from "./prometheus/install.ts";
import type { Sample } from "./prometheus/openmetrics.ts";
import { type RunningPrometheus, startPrometheus } from "./prometheus/start.ts";

beforeAll(installPrometheus);
afterAll(cleanupRecordings);

/** Epoch seconds. */
const NOW = Date.parse("2026-03-01T10:15:00Z") / 1000;
const SAMPLES: readonly Sample[] = Array.from({ length: 20 }, (_, index) => ({
  ...{ name: "process_resident_memory_bytes", labels: { service: "checkout" }, at: NOW - index * 30, value: 1e8 },
}));

async function examine({ url }: RunningPrometheus): Promise<readonly Finding[]> {
  const folder = await writeRecording();
  const server = await buildServer(
    configSchema.parse({
      ...{ ONCALL_METRICS_PROMETHEUS_URL: url, ONCALL_CATALOG: join(folder, "catalog.yaml") },
      ONCALL_AS_OF: new Date(NOW * 1000).toISOString(),
    }),
  );
  const findings = await server.examine?.({ signal: new AbortController().signal, service: undefined, mayWake: true });
  await server.close?.();
  return findings ?? [];
}

const FLAGS = ["--web.enable-admin-api", "--web.enable-lifecycle", "--web.enable-remote-write-receiver"];

describe("a check-up of a real Prometheus", () => {
  let plain: RunningPrometheus;
  let open: RunningPrometheus;
  beforeAll(async () => {
    [plain, open] = [await startPrometheus(SAMPLES), await startPrometheus(SAMPLES, { flags: FLAGS })];
  });
  afterAll(() => Promise.all([plain?.stop(), open?.stop()]));

  it("finds nothing to say of one that can only answer", async () => {
    const findings = await examine(plain);
    expect(findings.map(({ check, status }) => `${check} ${status}`)).toEqual([
      ...["reachable ok", "authenticated ok", "data ok", "privilege ok"],
    ]);
    expect(findings[2]?.message).toMatch(/^checkout's newest sample \(memory_bytes\) is 0 s old; 1 of 4 have signals$/);
  });

  it("warns of one that could be written to and ended, and leaves it as it was", async () => {
    const findings = await examine(open);
    expect(findings.at(-1)).toMatchObject({
      ...{ check: "privilege", status: "warning" },
      message: "this credential could also delete series, reload and end it, write samples",
    });
    expect((await fetch(`${open.url}/-/ready`)).status).toBe(200);
    const asked = `query=process_resident_memory_bytes&time=${NOW}`;
    const kept = (await (await fetch(`${open.url}/api/v1/query?${asked}`)).json()) as { data: { result: unknown[] } };
    expect(kept.data.result).toHaveLength(1);
  });
});
