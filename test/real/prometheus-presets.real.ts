import { catalogFromDocuments } from "@oncall-copilot/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configSchema } from "../../servers/metrics/src/server.ts";
import type { SeriesFound } from "../../servers/metrics/src/store.ts";
import { openPrometheus } from "../../servers/metrics/src/stores/prometheus/open.ts";
import { component } from "../support/recording.ts";
import { installPrometheus } from "./prometheus/install.ts";
import type { Sample } from "./prometheus/openmetrics.ts";
import { type RunningPrometheus, startPrometheus } from "./prometheus/start.ts";

/** Epoch seconds. */
const NOW = Date.parse("2026-03-01T10:15:00Z") / 1000;
const SPAN = 1_800;
const SCRAPE = 15;

type Labels = Readonly<Record<string, string>>;
const samples = (name: string, labels: Labels, valueAt: (since: number) => number): Sample[] =>
  Array.from({ length: SPAN / SCRAPE + 1 }, (_, index) => {
    const since = index * SCRAPE;
    return { name, labels, at: NOW - SPAN + since, value: valueAt(since) };
  });
const counter = (name: string, labels: Labels, perSecond: number) =>
  samples(name, labels, (since) => 7 + perSecond * since);
const gauge = (name: string, labels: Labels, value: number) => samples(name, labels, () => value);

/** Nine of ten requests within 0.1 of a unit, all within one. */
const histogram = (name: string, labels: Labels, unit = 1) => [
  ...counter(`${name}_bucket`, { ...labels, le: String(unit / 10) }, 9),
  ...counter(`${name}_bucket`, { ...labels, le: String(unit) }, 10),
  ...counter(`${name}_bucket`, { ...labels, le: "+Inf" }, 10),
];

/** Three requests a second that succeed, and one that fails where `code` is the label of the status. */
const served = (name: string, labels: Labels, code: string) => [
  ...counter(name, { ...labels, [code]: "200" }, 3),
  ...counter(name, { ...labels, [code]: "503" }, 1),
];

const pod = (name: string) => ({ namespace: "shop", pod: name, container: "cart" });
const limits = (name: string, resource: string) => ({ ...pod(name), resource, unit: "x" });
const HTTP = "http_server_request_duration_seconds";
const ISTIO = { destination_canonical_service: "cart", reporter: "destination" };

const ESTATE: readonly Sample[] = [
  ...served("http_requests_total", { service: "cart" }, "code"),
  ...counter("http_requests_total", { service: "quiet", code: "200" }, 2),
  ...histogram("http_request_duration_seconds", { service: "cart" }),
  ...gauge("http_requests_in_flight", { service: "cart", pod: "a" }, 3),
  ...gauge("http_requests_in_flight", { service: "cart", pod: "b" }, 4),
  ...counter("process_cpu_seconds_total", { service: "cart" }, 0.5),
  ...gauge("process_resident_memory_bytes", { service: "cart" }, 1e8),
  ...gauge("process_open_fds", { service: "cart" }, 50),
  ...gauge("process_max_fds", { service: "cart" }, 100),
  ...served(`${HTTP}_count`, { job: "shop/cart" }, "http_response_status_code"),
  ...histogram(HTTP, { job: "shop/cart" }),
  ...gauge("http_server_active_requests", { job: "shop/cart" }, 5),
  ...served("http_client_request_duration_seconds_count", { job: "shop/cart" }, "http_response_status_code"),
  ...histogram("http_client_request_duration_seconds", { job: "shop/cart" }),
  ...histogram("db_client_operation_duration_seconds", { job: "shop/cart" }),
  ...served("istio_requests_total", ISTIO, "response_code"),
  ...served("istio_requests_total", { ...ISTIO, reporter: "source" }, "response_code"),
  ...histogram("istio_request_duration_milliseconds", ISTIO, 1000),
  ...served("nginx_ingress_controller_requests", { exported_service: "cart" }, "status"),
  ...histogram("nginx_ingress_controller_request_duration_seconds", { exported_service: "cart" }),
  ...counter("container_cpu_usage_seconds_total", pod("cart-1"), 0.4),
  ...counter("container_cpu_usage_seconds_total", pod("cart-2"), 0.1),
  ...["cart-1", "cart-2"].flatMap((name) => [
    ...gauge("kube_pod_container_resource_limits", limits(name, "cpu"), 0.5),
    ...gauge("kube_pod_container_resource_limits", limits(name, "memory"), 200),
  ]),
  ...counter("container_cpu_cfs_throttled_periods_total", pod("cart-1"), 1),
  ...counter("container_cpu_cfs_periods_total", pod("cart-1"), 10),
  ...gauge("container_memory_working_set_bytes", pod("cart-1"), 50),
  ...gauge("container_memory_working_set_bytes", pod("cart-2"), 150),
  ...samples("kube_pod_container_status_restarts_total", pod("cart-1"), (since) => (since < SPAN - 300 ? 2 : 4)),
  ...gauge("kube_deployment_status_replicas_unavailable", { namespace: "shop", deployment: "cart" }, 1),
  ...gauge("kube_horizontalpodautoscaler_status_desired_replicas", { horizontalpodautoscaler: "cart" }, 4),
  ...gauge("kube_horizontalpodautoscaler_spec_max_replicas", { horizontalpodautoscaler: "cart" }, 5),
];

/** What strangers might call a service, to get out of a label matcher or into another service's series. */
const HOSTILE = [
  "a|b",
  ".*",
  "x'} or up{a='",
  '"}',
  "back\\slash",
  "\\",
  "'",
  "new\nline",
  "$service",
  "$&",
  "(?i)CART",
  "ü😀",
];

let prometheus: RunningPrometheus;
beforeAll(async () => {
  await installPrometheus();
  const hostile = HOSTILE.flatMap((service, index) => gauge("named", { service }, index + 1));
  prometheus = await startPrometheus([...ESTATE, ...hostile]);
});
afterAll(() => prometheus?.stop());

async function read(services: readonly string[], env: Record<string, string>): Promise<SeriesFound> {
  const config = configSchema.parse({ ...env, ONCALL_METRICS_PROMETHEUS_SCRAPE_SECONDS: String(SCRAPE) });
  const catalog = catalogFromDocuments(
    services.map((name) => component(name)),
    "the test",
  );
  const { store, close } = openPrometheus(prometheus.url, config, catalog, () => NOW * 1000);
  const found = await store.series({
    ...{ services, from: (NOW - 900) * 1000, to: NOW * 1000, abort: new AbortController().signal },
  });
  await close();
  return found;
}

const USUAL = { requests_per_second: 4, error_ratio: 0.25, latency_p50_seconds: 0.0556, latency_p99_seconds: 0.91 };

describe("in a real Prometheus the preset", () => {
  it.each([
    ["prometheus-client", { ...USUAL, in_flight_requests: 7, cpu_cores: 0.5, memory_bytes: 1e8, open_fds_ratio: 0.5 }],
    [
      "otel",
      {
        ...{ ...USUAL, in_flight_requests: 5, client_error_ratio: 0.25 },
        ...{ client_latency_p99_seconds: 0.91, db_client_latency_p99_seconds: 0.91 },
      },
    ],
    ["istio", USUAL],
    ["ingress-nginx", USUAL],
    [
      "kubernetes",
      {
        ...{ cpu_ratio: 0.8, cpu_throttled_ratio: 0.1, memory_ratio: 0.75, container_restarts: 2 },
        ...{ unavailable_replicas: 1, hpa_usage_ratio: 0.8 },
      },
    ],
  ])("%s tells each of its signals rightly", async (preset, expected) => {
    const { series, gaps } = await read(["cart"], { ONCALL_METRICS_PRESETS: preset });
    expect(gaps).toEqual([]);
    const last = Object.fromEntries(series.map(({ signal, values }) => [signal, values.at(-1) ?? Number.NaN]));
    expect(Object.keys(last).sort()).toEqual(Object.keys(expected).sort());
    for (const [signal, value] of Object.entries(expected)) {
      expect(Math.abs((last[signal] ?? 0) / value - 1), `${signal}: ${last[signal]}`).toBeLessThan(0.03);
    }
  });

  it("prometheus-client tells no failures as zero, and not as a hole", async () => {
    const { series } = await read(["quiet"], { ONCALL_METRICS_PRESETS: "prometheus-client" });
    const errors = series.find(({ signal }) => signal === "error_ratio");
    expect(errors?.values.length).toBe(900 / SCRAPE);
    expect(new Set(errors?.values)).toEqual(new Set([0]));
  });
});

it("no name reaches another's series in a real Prometheus, whatever it is", async () => {
  const own = { ONCALL_METRICS_SIGNALS: JSON.stringify({ signals: { queue_depth: "max by($by)(named{$service})" } }) };
  const together = await read(HOSTILE, own);
  expect(together.gaps).toEqual([]);
  const told = new Map(together.series.map(({ service, values }) => [service, values.at(-1)]));
  expect(told).toEqual(new Map(HOSTILE.map((name, index) => [name, index + 1])));
  for (const [index, name] of HOSTILE.entries()) {
    const alone = await read([name, "nobody"], own);
    expect(alone.series.map(({ service, values }) => [service, values.at(-1)])).toEqual([[name, index + 1]]);
  }
});
