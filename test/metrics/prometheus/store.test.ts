import { afterAll, afterEach, describe, expect, it } from "vitest";
import { closeServers, startServer } from "../../support/http/server.ts";
import { cleanupRecordings, component } from "../../support/recording.ts";
import { answering, ask, askedIn, metricsServer, NOW, ONE_SIGNAL, type PretendRow } from "./pretend.ts";

afterEach(closeServers);
afterAll(cleanupRecordings);

const wave = (level: number) => (at: number) => level * (1 + 0.05 * Math.sin(at));
/** Errors of a service that turned bad ten minutes ago. */
const broken = (at: number) => (at > NOW - 600 ? 0.6 : 0.001);
const row = (metric: Record<string, string>, value: PretendRow["value"]): PretendRow => ({ metric, value });

type Structured = Record<string, unknown> & {
  suspects: { service: string; signals: { signal: string; value: number }[] }[];
};
const found = ({ structured }: { structured: Record<string, unknown> }) => {
  expect(structured).toMatchObject({ outcome: "found" });
  return structured as Structured;
};
const own = (signals: Record<string, string>, label?: string) => ({
  ONCALL_METRICS_SIGNALS: JSON.stringify({ ...(label ? { label } : {}), signals }),
});

describe("requests to Prometheus", () => {
  const estate = (count: number) => {
    const name = (index: number) => `service-${index}`;
    const others = Array.from({ length: count - 1 }, (_, index) => name(index + 1));
    return [component(name(0), others), ...others.map((other) => component(other))];
  };

  it.each([1, 10, 120])("are one a signal for %i services", async (count) => {
    const { url, received } = await startServer(
      answering(() => Array.from({ length: count }, (_, index) => row({ service: `service-${index}` }, wave(0.01)))),
    );
    const signals = { error_ratio: "max by($by)(errors{$service})", cpu_ratio: "max by($by)(cpu{$service})" };
    const server = await metricsServer(url, own(signals), estate(count));
    found(await ask(server, { service: "service-0" }));
    expect(received).toHaveLength(2);
    expect(received.every((request) => askedIn(request).query.includes(`service-${count - 1}`))).toBe(true);
  });

  it("go into a body when they are too long for a request line", async () => {
    const { url, received } = await startServer(answering(() => [row({ service: "service-0" }, wave(0.01))]));
    found(await ask(await metricsServer(url, ONE_SIGNAL, estate(400)), { service: "service-0" }));
    expect(received.map(({ method }) => method)).toEqual(["POST"]);
    expect(received[0]?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
  });

  it("are made for the one signal that was asked for", async () => {
    const { url, received } = await startServer(answering(() => [row({ container: "storefront" }, wave(0.5))]));
    const server = await metricsServer(url, { ONCALL_METRICS_PRESETS: "kubernetes" });
    found(await ask(server, { service: "storefront", signal: "memory_ratio" }));
    expect(received).toHaveLength(1);
    expect(askedIn(received[0] ?? fail()).query).toContain("container_memory_working_set_bytes");
  });

  it("carry the path prefix, the credential and the tenant, and ask for nothing past now", async () => {
    const { url, received } = await startServer(answering(() => [row({ service: "storefront" }, wave(0.01))]));
    const server = await metricsServer(`${url}/tenants/prometheus/`, {
      ...ONE_SIGNAL,
      ONCALL_METRICS_PROMETHEUS_TOKEN: "made-up",
      ONCALL_METRICS_PROMETHEUS_TENANT: "shop",
    });
    found(await ask(server, { service: "storefront", to: "now" }));
    const [request = fail()] = received;
    expect(request.url.pathname).toBe("/tenants/prometheus/api/v1/query_range");
    expect(request.headers).toMatchObject({ authorization: "Bearer made-up", "x-scope-orgid": "shop" });
    expect(askedIn(request).end).toBeLessThanOrEqual(NOW);
  });

  it("carry a user name and password as basic authentication", async () => {
    const { url, received } = await startServer(answering(() => [row({ service: "storefront" }, wave(0.01))]));
    const login = { ONCALL_METRICS_PROMETHEUS_USERNAME: "reader", ONCALL_METRICS_PROMETHEUS_PASSWORD: "pässword" };
    found(await ask(await metricsServer(url, { ...ONE_SIGNAL, ...login }), { service: "storefront" }));
    const [, encoded = ""] = received[0]?.headers.authorization?.split(" ") ?? [];
    expect(Buffer.from(encoded, "base64").toString()).toBe("reader:pässword");
  });
});

describe("a series of Prometheus", () => {
  it("is the service's by its name, its alias in Kubernetes or its annotation", async () => {
    const catalog = [
      component("storefront", ["checkout", "pricing"]),
      component("checkout", [], { "backstage.io/kubernetes-id": "checkout-v2" }),
      component("pricing", [], { "oncall/prometheus-service": "prod/pricing", "backstage.io/kubernetes-id": "unused" }),
    ];
    const { url, received } = await startServer(
      answering(() => [
        row({ service: "storefront" }, wave(0.01)),
        row({ service: "checkout-v2" }, wave(0.01)),
        row({ service: "prod/pricing" }, broken),
        row({ service: "stranger" }, broken),
      ]),
    );
    const answer = found(await ask(await metricsServer(url, ONE_SIGNAL, catalog), { service: "storefront" }));
    expect(answer["missing"]).toEqual([]);
    expect(answer["usual"]).toEqual(["checkout"]);
    expect(answer.suspects.map(({ service }) => service)).toContain("pricing");
    expect(JSON.stringify(answer)).not.toContain("stranger");
    const { query } = askedIn(received[0] ?? fail());
    expect(query).toContain("'storefront|checkout|prod/pricing|checkout-v2'");
  });

  it("is told by a job with a namespace in front, as OpenTelemetry writes it", async () => {
    const { url } = await startServer(
      answering((query) => (query.includes("http_server") ? [row({ job: "shop/storefront" }, broken)] : [])),
    );
    const server = await metricsServer(url, { ONCALL_METRICS_PRESETS: "otel" });
    const { suspects } = found(await ask(server, { service: "storefront", signal: "error_ratio" }));
    expect(suspects[0]?.signals[0]).toMatchObject({ signal: "error_ratio", change: "up", value: 0.6 });
  });

  it("is told by the label that the configuration names for a preset", async () => {
    const { url, received } = await startServer(answering(() => [row({ app: "storefront" }, broken)]));
    const server = await metricsServer(url, {
      ONCALL_METRICS_PRESETS: "prometheus-client",
      ONCALL_METRICS_SERVICE_LABELS: "prometheus-client=app, otel=service_name",
    });
    found(await ask(server, { service: "storefront", signal: "error_ratio" }));
    expect(askedIn(received[0] ?? fail()).query).toMatch(
      /^sum by\(app,cluster,namespace,env,environment\)\(rate\(http_requests_total\{app=~'storefront/,
    );
  });

  it("comes from the first preset that has samples of it", async () => {
    const { url } = await startServer(
      answering((query) => {
        if (query.includes("http_server_request")) return [row({ job: "storefront" }, wave(0.7))];
        return [row({ service: "storefront" }, wave(0.2)), row({ service: "checkout" }, wave(0.3))];
      }),
    );
    const server = await metricsServer(url, { ONCALL_METRICS_PRESETS: "otel,prometheus-client" });
    const { suspects, usual } = found(await ask(server, { service: "storefront", signal: "error_ratio" }));
    expect(suspects[0]?.signals[0]?.value).toBeCloseTo(0.7, 1);
    expect(usual).toEqual(["checkout"]);
  });

  it("is a service's own where an annotation in the catalog says how to ask for it", async () => {
    const catalog = [
      component("storefront", ["checkout"], {
        "oncall/promql.error_ratio": "sum(rate(failed[$rate]))/sum(rate(all[$rate]))",
      }),
      component("checkout"),
    ];
    const { url, received } = await startServer(
      answering((query) => (query.includes("failed") ? [row({}, broken)] : [row({ service: "checkout" }, wave(0.01))])),
    );
    const { suspects } = found(await ask(await metricsServer(url, ONE_SIGNAL, catalog), { service: "storefront" }));
    expect(suspects[0]?.signals[0]).toMatchObject({ change: "up", value: 0.6 });
    expect(received.map((request) => askedIn(request).query).sort()).toEqual([
      "max by(service,cluster,namespace,env,environment)(error_ratio{service='checkout'})",
      "sum(rate(failed[2m]))/sum(rate(all[2m]))",
    ]);
  });

  it("loses what is no number, and keeps the rest", async () => {
    const odd = (at: number) => (at % 60 === 0 ? (at % 120 === 0 ? "NaN" : "+Inf") : broken(at));
    const { url } = await startServer(answering(() => [row({ service: "storefront" }, odd)]));
    const { suspects } = found(await ask(await metricsServer(url, ONE_SIGNAL), { service: "storefront" }));
    expect(suspects[0]?.signals[0]).toMatchObject({ change: "up", value: 0.6 });
  });

  it("is the one with the most samples where several tell the same, and that is a gap", async () => {
    const { url } = await startServer(
      answering(() => [
        row({ job: "new/storefront" }, (at) => (at > NOW - 120 ? 0.9 : undefined)),
        row({ job: "old/storefront" }, broken),
      ]),
    );
    const server = await metricsServer(url, own({ error_ratio: "max by($by)(e{$service})" }, "job"));
    const { suspects, gaps } = found(await ask(server, { service: "storefront" }));
    expect(suspects[0]?.signals[0]?.value).toBe(0.6);
    expect(gaps).toContain("several series told error_ratio of storefront: the one with the most samples was taken");
  });

  it("that there is none of is nothing found, and says where was looked", async () => {
    const { url } = await startServer(answering(() => []));
    const { structured } = await ask(await metricsServer(url), { service: "storefront" });
    expect(structured).toMatchObject({ outcome: "nothing_found" });
    expect(structured["searched"]).toContain(`Prometheus at ${url}`);
  });
});

function fail(): never {
  throw new Error("no request came in");
}
