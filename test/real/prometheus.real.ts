import { join } from "node:path";
import { createLogger, loadCatalog } from "@oncall-copilot/core";
import { openRecording, type Recording } from "@oncall-copilot/core/recording";
import { defineServer, runCall, type ServerDefinition } from "@oncall-copilot/core/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readMetrics } from "../../servers/metrics/src/read-metrics.ts";
import { buildServer, configSchema } from "../../servers/metrics/src/server.ts";
import type { MetricsStore } from "../../servers/metrics/src/store.ts";
import { openPrometheus } from "../../servers/metrics/src/stores/prometheus/open.ts";
import { recordingStore } from "../../servers/metrics/src/stores/recording.ts";
import { KEY } from "../metrics/call.ts";
import { installPrometheus } from "./prometheus/install.ts";
import { samplesOf } from "./prometheus/openmetrics.ts";
import { type RunningPrometheus, startPrometheus } from "./prometheus/start.ts";

const RECORDINGS = join(import.meta.dirname, "../recordings");

beforeAll(installPrometheus);

async function call(server: ServerDefinition, args: object) {
  const [tool] = server.tools;
  if (!tool) throw new Error("the server has no tool");
  return runCall(server, tool, args, { key: KEY, log: createLogger("test", "silent") });
}

/** The names of all that an answer shows, in its order. */
function shown({ structured }: { structured: Record<string, unknown> }): string[] {
  const { suspects, more } = structured as unknown as {
    suspects: { service: string }[];
    more: { suspects: { service: string }[] } | null;
  };
  return [...suspects, ...(more?.suspects ?? [])].map(({ service }) => service);
}

describe.each(["bad-deployment-three-hops", "healthy-peak"])("the recording %s in a real Prometheus", (name) => {
  let recording: Recording;
  let prometheus: RunningPrometheus;
  let fromRecording: ServerDefinition;
  let fromPrometheus: ServerDefinition;
  let environment: Record<string, string>;

  beforeAll(async () => {
    recording = await openRecording(join(RECORDINGS, name));
    const samples = samplesOf(recording.path("metrics") ?? "");
    prometheus = await startPrometheus(samples);
    const signals = [...new Set(samples.map((sample) => sample.name))];
    environment = {
      ONCALL_METRICS_PROMETHEUS_URL: prometheus.url,
      ONCALL_CATALOG: recording.path("catalog") ?? "",
      ONCALL_AS_OF: new Date(recording.asOf).toISOString(),
      ONCALL_METRICS_PROMETHEUS_SCRAPE_SECONDS: "15",
      // A gauge a signal. The last sample only where there is one in this period: else each hole in the recording would be
      // filled for five minutes, as Prometheus does where a scrape fails.
      ONCALL_METRICS_SIGNALS: JSON.stringify({
        signals: Object.fromEntries(
          signals.map((signal) => [signal, `sum by($by)(last_over_time(${signal}{$service}[10s]))`]),
        ),
      }),
    };
    fromRecording = await buildServer(configSchema.parse({ ONCALL_RECORDING: recording.dir }));
    fromPrometheus = await buildServer(configSchema.parse(environment));
  });
  afterAll(async () => {
    await fromPrometheus?.close?.();
    await prometheus?.stop();
  });

  /** The same server, but its evidence links to the recording: then a whole answer can be compared, receipts included. */
  async function withTheRecordingsLinks(): Promise<ServerDefinition> {
    const config = configSchema.parse(environment);
    const catalog = await loadCatalog(environment["ONCALL_CATALOG"] ?? "");
    const { store } = openPrometheus(prometheus.url, config, catalog, () => recording.asOf);
    const { url, name: called } = recordingStore(recording);
    // A recording's series are found by their file's columns, so it looks for no label.
    const { lookedFor: _, ...named } = store;
    const linked: MetricsStore = { ...named, url, name: called };
    return defineServer({ ...fromPrometheus, tools: [readMetrics({ store: linked, catalog, clock: () => 0 })] });
  }

  it.each([
    { service: "storefront" },
    { service: "storefront", hops: 1 },
    { service: "storefront", signal: "error_ratio" },
    { service: "storefront", signal: "no_such_signal" },
    { service: "storefront", cursor: "after-4" },
    { service: "checkout", from: "-5m" },
    { service: "pricing", from: "-20m", to: "-3m", hops: 2 },
  ])("gives the same answer to %j, to the last byte of each receipt", async (args) => {
    const same = await withTheRecordingsLinks();
    const [expected, answer] = [await call(fromRecording, args), await call(same, args)];
    expect(expected.isError).toBe(false);
    expect(answer.structured).toEqual(expected.structured);
    expect(answer.text).toBe(expected.text);
  });

  it("suspects the same services in the same order when it links to Prometheus, as far as the longer links leave room", async () => {
    const [expected, answer] = [
      await call(fromRecording, { service: "storefront" }),
      await call(fromPrometheus, { service: "storefront" }),
    ];
    const names = shown(answer);
    expect(names.length).toBeGreaterThanOrEqual(2);
    expect(names).toEqual(shown(expected).filter((service) => names.includes(service)));
    expect(answer.text).toContain(`url="${prometheus.url}/graph?g0.expr=`);
  });

  it("links to a query that Prometheus answers with the very series", async () => {
    const answer = await call(fromPrometheus, { service: "storefront" });
    const [, href = ""] = /url="([^"]+)"/.exec(answer.text) ?? [];
    const link = new URL(href);
    const [query, time] = [link.searchParams.get("g0.expr") ?? "", link.searchParams.get("g0.end_input") ?? ""];
    const asked = new URLSearchParams({ query, time: `${time.replace(" ", "T")}Z` });
    const response = (await (await fetch(`${prometheus.url}/api/v1/query?${asked}`)).json()) as { status: string };
    expect(response.status).toBe("success");
    expect(query).toMatch(/^sum by\(service\)\(last_over_time\(\w+\{service='[\w-]+'\}\[10s\]\)\)$/);
  });
});
