import { catalogFromDocuments } from "@oncall-copilot/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configSchema } from "../../servers/metrics/src/server.ts";
import { openPrometheus } from "../../servers/metrics/src/stores/prometheus/open.ts";
import { closeServers, startServer } from "../support/http/server.ts";
import { component } from "../support/recording.ts";
import { installPrometheus } from "./prometheus/install.ts";
import { CONTENT_TYPE, type NativeHistogram, scraped } from "./prometheus/native-histogram.ts";
import { type RunningPrometheus, startPrometheus } from "./prometheus/start.ts";

const NAMES = [
  "http_server_request_duration_seconds",
  "http_client_request_duration_seconds",
  "db_client_operation_duration_seconds",
];

/** Ten requests a second: nine of ten in the bucket up to 1/16 s, one up to 1 s; the slow ones of a tenth of them fail. */
function histograms(seconds: number): NativeHistogram[] {
  const one = (name: string, status: string, requests: number): NativeHistogram => ({
    ...{ name, labels: { job: "shop/cart", http_response_status_code: status } },
    ...{ count: requests, sum: requests / 10, buckets: { [-4]: 0.9 * requests, 0: 0.1 * requests } },
  });
  return NAMES.flatMap((name) => [one(name, "200", 90 * seconds), one(name, "503", 10 * seconds)]);
}

let prometheus: RunningPrometheus;
beforeAll(async () => {
  await installPrometheus();
  const began = Date.now();
  const target = await startServer((_, response) => {
    const body = scraped(histograms(1 + Math.floor((Date.now() - began) / 1000)));
    response.writeHead(200, { "content-type": CONTENT_TYPE }).end(body);
  });
  prometheus = await startPrometheus([], {
    flags: ["--enable-feature=native-histograms"],
    config: `scrape_configs:\n- job_name: test\n  honor_labels: true\n  scrape_interval: 1s\n  static_configs:\n  - targets: ["${new URL(target.url).host}"]\n`,
  });
});
afterAll(async () => {
  await prometheus?.stop();
  await closeServers();
});

describe("in a real Prometheus the preset otel-native", () => {
  it("tells each of its signals rightly, out of native histograms alone", async () => {
    const read = async () => {
      const env = { ONCALL_METRICS_PRESETS: "otel,otel-native", ONCALL_METRICS_PROMETHEUS_SCRAPE_SECONDS: "2" };
      const catalog = catalogFromDocuments([component("cart")], "the test");
      const { store, close } = openPrometheus(prometheus.url, configSchema.parse(env), catalog, Date.now);
      const query = { services: ["cart"], from: Date.now() - 60_000, to: Date.now() };
      const found = await store.series({ ...query, abort: new AbortController().signal });
      await close();
      return found;
    };
    const enough = async () => (await read()).series.find(({ signal }) => signal === "error_ratio")?.times.length ?? 0;
    await expect.poll(enough, { timeout: 60_000, interval: 1_000 }).toBeGreaterThan(6);
    const { series, gaps } = await read();
    expect(gaps).toEqual([]);
    const last = Object.fromEntries(series.map(({ signal, values }) => [signal, values.at(-1) ?? Number.NaN]));
    // Between 1/32 s and 1/16 s five ninths of the way up, and between 0.5 s and 1 s nine tenths.
    const [p50, p99] = [(1 + 5 / 9) / 32, 0.95];
    const expected = {
      ...{ requests_per_second: 100, error_ratio: 0.1, latency_p50_seconds: p50, latency_p99_seconds: p99 },
      ...{ client_error_ratio: 0.1, client_latency_p99_seconds: p99, db_client_latency_p99_seconds: p99 },
    };
    expect(Object.keys(last).sort()).toEqual(Object.keys(expected).sort());
    for (const [signal, value] of Object.entries(expected)) {
      expect(Math.abs((last[signal] ?? 0) / value - 1), `${signal}: ${last[signal]}`).toBeLessThan(0.15);
    }
  });
});
