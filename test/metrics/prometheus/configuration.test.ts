import { ConfigError } from "@oncall-copilot/core";
import fc from "fast-check";
import { encode } from "gpt-tokenizer";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { buildServer, configSchema } from "../../../servers/metrics/src/server.ts";
import { linkTo } from "../../../servers/metrics/src/stores/prometheus/link.ts";
import { closeServers, startServer } from "../../support/http/server.ts";
import { cleanupRecordings, component, series, writeRecording } from "../../support/recording.ts";
import { answering, ask, metricsServer, NOW, ONE_SIGNAL } from "./pretend.ts";

afterEach(closeServers);
afterAll(cleanupRecordings);

const URL_SET = "http://127.0.0.1:9";

describe("the configuration of Prometheus", () => {
  it.each([
    [{ ONCALL_METRICS_PROMETHEUS_USERNAME: "reader" }, /_USERNAME and ONCALL_METRICS_PROMETHEUS_PASSWORD go together/],
    [{ ONCALL_METRICS_GRAFANA_URL: "https://grafana.test" }, /_URL and ONCALL_METRICS_GRAFANA_DATASOURCE go together/],
    [
      {
        ONCALL_METRICS_PROMETHEUS_TOKEN: "a",
        ONCALL_METRICS_PROMETHEUS_USERNAME: "b",
        ONCALL_METRICS_PROMETHEUS_PASSWORD: "c",
      },
      /_TOKEN, or _USERNAME and _PASSWORD, but not both/,
    ],
    [
      { ONCALL_METRICS_SIGNALS: '{"signals":{"Errors!":"up{$service}"}}' },
      /ONCALL_METRICS_SIGNALS, Errors!: .*snake case/,
    ],
    [{ ONCALL_METRICS_SIGNALS: '{"signals":{"errors":"up{$srv}"}}' }, /errors: \$srv is not known/],
    [{ ONCALL_METRICS_SIGNALS: '{"signals":{"errors":"up"}}' }, /errors: the query has no \$service/],
  ])("is refused as %j", async (env, says) => {
    const refused = metricsServer(URL_SET, env as Record<string, string>);
    await expect(refused).rejects.toThrow(ConfigError);
    await expect(refused).rejects.toThrow(says);
  });

  it.each([
    ["ONCALL_METRICS_PROMETHEUS_URL", "ftp://prometheus"],
    ["ONCALL_METRICS_PROMETHEUS_CA", "no certificate"],
    ["ONCALL_METRICS_PRESETS", "otel,jmx"],
    ["ONCALL_METRICS_PRESETS", ","],
    ["ONCALL_METRICS_SERVICE_LABELS", "otel"],
    ["ONCALL_METRICS_SERVICE_LABELS", "otel=not a label"],
    ["ONCALL_METRICS_SIGNALS", "signals: none"],
    ["ONCALL_METRICS_PROMETHEUS_SCRAPE_SECONDS", "0"],
  ])("has no place for %s=%s", (name, value) => {
    expect(configSchema.safeParse({ [name]: value }).error?.issues[0]?.path[0]).toBe(name);
  });

  it("never has credentials in an address, which ends up in logs and links", async () => {
    const refused = metricsServer("https://reader:made-up@prometheus.test");
    await expect(refused).rejects.toThrow(/must not hold credentials/);
    await expect(refused).rejects.not.toThrow(/made-up/);
  });

  it("needs a catalog", async () => {
    const refused = buildServer(configSchema.parse({ ONCALL_METRICS_PROMETHEUS_URL: URL_SET }));
    await expect(refused).rejects.toThrow(/ONCALL_CATALOG/);
  });

  it("gives way to a recording where both are there", async () => {
    const folder = await writeRecording({ metrics: series("storefront", "error_ratio", [0, 0, 0]) });
    const server = await buildServer(
      configSchema.parse({ ONCALL_RECORDING: folder, ONCALL_METRICS_PROMETHEUS_URL: URL_SET }),
    );
    expect((await ask(server, { service: "storefront" })).structured).toMatchObject({ outcome: "found" });
  });

  it("is told of a wrong query in the catalog by the check before serving", async () => {
    const catalog = [component("storefront", [], { "oncall/promql.error_ratio": "up{$service}" })];
    const server = await metricsServer(URL_SET, {}, catalog);
    expect(() => server.check?.()).toThrow(/storefront, oncall\/promql\.error_ratio: .*only \$rate is filled in/);
  });

  it("lets a live server stand at the present", async () => {
    const folder = await writeRecording();
    const before = Date.now();
    const env = { ONCALL_METRICS_PROMETHEUS_URL: URL_SET, ONCALL_CATALOG: `${folder}/catalog.yaml` };
    const server = await buildServer(configSchema.parse(env));
    const now = server.now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });
});

describe("a link to a query", () => {
  const [from, to] = [(NOW - 900) * 1000, NOW * 1000];
  const query = "sum by(service)(rate(http_requests_total{service='a b&c+d#e',code=~'5..'}[2m]))";
  const grafana = { kind: "grafana", url: new URL("https://grafana.test/sub/"), datasource: "prom-1" } as const;
  const prometheus = { kind: "prometheus", url: new URL("https://prometheus.test/prefix") } as const;

  it("opens Grafana Explore with the query, the window and the data source", () => {
    const link = new URL(linkTo(grafana, query, from, to));
    expect(`${link.origin}${link.pathname}`).toBe("https://grafana.test/sub/explore");
    expect(JSON.parse(link.searchParams.get("left") ?? "")).toEqual([
      String(from),
      String(to),
      "prom-1",
      { expr: query },
    ]);
  });

  it("opens Prometheus' graph with the query and the window without Grafana", () => {
    const link = new URL(linkTo(prometheus, query, from, to));
    expect(`${link.origin}${link.pathname}`).toBe("https://prometheus.test/prefix/graph");
    expect(Object.fromEntries(link.searchParams)).toEqual({
      "g0.expr": query,
      "g0.tab": "0",
      "g0.range_input": "15m",
      "g0.end_input": "2026-03-01 10:15:00",
    });
  });

  it("gives any query back as it was, or leaves a very long one out", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 300 }), (any) => {
        const link = linkTo(prometheus, any, from, to);
        expect(link.length).toBeLessThanOrEqual(700);
        expect(link).not.toMatch(/[\s"<>]/);
        const given = new URL(link).searchParams.get("g0.expr");
        if (given !== null) expect(given).toBe(any);
      }),
    );
  });

  it("stands in the evidence, asks for that service alone, and leaves the answer within its size", async () => {
    const broken = (at: number) => (at > NOW - 600 ? 0.6 : 0.001);
    const names = ["storefront", "checkout", "pricing", "pricing-db"];
    const { url } = await startServer(
      answering((asked) =>
        names.map((service) => ({
          metric: { service },
          value: (at: number) => (asked.includes("quantile") ? 10 : 1) * broken(at - names.indexOf(service) * 60),
        })),
      ),
    );
    const server = await metricsServer(url, {
      ONCALL_METRICS_PRESETS: "prometheus-client",
      ONCALL_METRICS_GRAFANA_URL: "https://grafana.test",
      ONCALL_METRICS_GRAFANA_DATASOURCE: "prom-1",
    });
    const { text, structured } = await ask(server, { service: "storefront" });
    expect(structured).toMatchObject({ outcome: "found" });
    const links = [...text.matchAll(/url="([^"]+)"/g)].map(([, link = ""]) => new URL(link));
    expect(links.length).toBeGreaterThanOrEqual(2);
    const queries = links.map((link) => JSON.parse(link.searchParams.get("left") ?? "[]")[3]?.expr);
    for (const asked of queries) expect(asked).toMatch(/\{service='[\w-]+'/);
    expect(encode(text).length).toBeLessThan(1_500);
    expect(encode(JSON.stringify(structured)).length).toBeLessThan(1_500);
  });

  it("is none of a query where there is no series to look at", async () => {
    expect(linkTo(grafana, undefined, from, to)).toBe("https://grafana.test/sub/explore");
    const { url } = await startServer(answering(() => []));
    const { structured } = await ask(await metricsServer(url, ONE_SIGNAL), { service: "storefront" });
    expect(structured).toMatchObject({ outcome: "nothing_found" });
  });
});
