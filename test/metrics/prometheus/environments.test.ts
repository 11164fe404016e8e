import { afterAll, afterEach, describe, expect, it } from "vitest";
import { closeServers, startServer } from "../../support/http/server.ts";
import { cleanupRecordings, component } from "../../support/recording.ts";
import { answering, ask, askedIn, metricsServer, NOW, ONE_SIGNAL, type PretendRow } from "./pretend.ts";

afterEach(closeServers);
afterAll(cleanupRecordings);

const turned = (level: number) => (at: number) => (at > NOW - 420 ? level : 0.001);
const PRODUCTION = { service: "checkout", namespace: "prod", cluster: "eu-1" };
const STAGING = { service: "checkout", namespace: "staging", cluster: "eu-2" };
const BOTH: readonly PretendRow[] = [
  { metric: STAGING, value: () => 0.0005 },
  { metric: PRODUCTION, value: turned(0.3) },
];

type Structured = {
  gaps?: string[];
  missing: string[];
  suspects: { signals: { signal: string; value: number; change: string }[]; evidence: { url: string } }[];
};

async function checkout(annotations: Record<string, string>, rows = BOTH, env: Record<string, string> = {}) {
  const { url, received } = await startServer(answering(() => rows));
  const server = await metricsServer(url, { ...ONE_SIGNAL, ...env }, [component("checkout", [], annotations)]);
  const { structured } = await ask(server, { service: "checkout" });
  const data = structured as unknown as Structured;
  return { data, signal: data.suspects[0]?.signals[0], queries: received.map((one) => askedIn(one).query) };
}

describe("a service whose name several environments in one Prometheus answer to", () => {
  it("is the one of its namespace in the catalog, and nothing is added up", async () => {
    const { signal, data, queries } = await checkout({ "backstage.io/kubernetes-namespace": "prod" });
    expect(signal).toMatchObject({ change: "up", value: 0.3 });
    expect(data.gaps ?? []).toEqual([]);
    expect(queries.every((query) => query.includes("by(service,cluster,namespace"))).toBe(true);
    expect(decodeURIComponent(data.suspects[0]?.evidence.url ?? "")).toContain("namespace='prod'");
  });

  it("is the one that an annotation of ours names, by any of the labels", async () => {
    const { signal } = await checkout({ "oncall/prometheus-scope": "cluster=eu-1" });
    expect(signal).toMatchObject({ change: "up", value: 0.3 });
  });

  it("is told with a gap that names the others where nothing says which it is", async () => {
    const { data } = await checkout({});
    const gap = data.gaps?.join("\n") ?? "";
    expect(gap).toContain("several answer to the name checkout");
    expect(gap).toContain("cluster=eu-1, namespace=prod");
    expect(gap).toContain("cluster=eu-2, namespace=staging");
  });

  it("has no series where only another environment has some: staging's health is not production's", async () => {
    const { data } = await checkout({ "backstage.io/kubernetes-namespace": "prod" }, [
      { metric: STAGING, value: () => 0.0005 },
    ]);
    expect(data.suspects).toEqual([]);
    expect(data.gaps?.join("\n")).toContain("checkout has no series with namespace=prod");
  });

  it("is taken as it is where its series have none of these labels", async () => {
    const { signal } = await checkout({ "backstage.io/kubernetes-namespace": "prod" }, [
      { metric: { service: "checkout" }, value: turned(0.3) },
    ]);
    expect(signal).toMatchObject({ change: "up", value: 0.3 });
  });

  it("is asked for with the matchers of the configuration in every selector", async () => {
    const matchers = { ONCALL_METRICS_PROMETHEUS_MATCHERS: "cluster='eu-1',env!~'dev|test'" };
    const { queries } = await checkout({}, [{ metric: PRODUCTION, value: turned(0.3) }], matchers);
    expect(queries.every((query) => query.includes("{service='checkout',cluster='eu-1',env!~'dev|test'}"))).toBe(true);
  });

  it.each(["cluster", "cluster=eu-1", "cluster='a'} or up{a='b'", "cluster='a\\'"])(
    "refuses matchers that are none: %s",
    async (matchers) => {
      await expect(
        metricsServer("http://127.0.0.1:9", { ONCALL_METRICS_PROMETHEUS_MATCHERS: matchers }),
      ).rejects.toThrow(/PromQL matchers/);
    },
  );
});

describe("a mounted server", () => {
  it("sends Prometheus nothing until it is asked", async () => {
    const { url, received } = await startServer(answering(() => BOTH));
    const server = await metricsServer(url);
    await server.examine?.({ signal: new AbortController().signal, service: undefined, mayWake: false });
    expect(received).toEqual([]);
  });
});

describe("read_metrics where the backend refuses what would show a fault", () => {
  it("does not take a failed query for health", async () => {
    const rows = [{ metric: { service: "checkout" }, value: () => 20 }];
    const { url } = await startServer((request, response) => {
      if (!askedIn(request).query.includes("error_ratio")) return answering(() => rows)(request, response);
      response.writeHead(422, { "content-type": "application/json" });
      response.end(
        JSON.stringify({ status: "error", errorType: "execution", error: "query would load too many samples" }),
      );
    });
    const signals = {
      error_ratio: "max by($by)(error_ratio{$service})",
      requests_per_second: "sum by($by)(requests{$service})",
    };
    const own = { ONCALL_METRICS_SIGNALS: JSON.stringify({ signals }) };
    const catalog = [component("front", ["checkout"]), component("checkout")];
    const { structured, text } = await ask(await metricsServer(url, own, catalog), { service: "front" });
    expect(structured).toMatchObject({
      usual: [],
      unread: [{ signal: "error_ratio", services: ["front", "checkout"], reason: "bad_response" }],
    });
    expect(text).toContain("Nothing unusual in what could be read: error_ratio could not");
    expect(text).toContain("query would load too many samples");
    expect(text).not.toContain("0 of them unusual");
  });
});

describe("a counter of requests whose status no label that is known holds", () => {
  it("has no error ratio, and a gap says so: that nothing was counted is not that nothing failed", async () => {
    const rows = [{ metric: { service: "checkout" }, value: () => 20 }];
    const { url, received } = await startServer(
      answering((query) =>
        query.startsWith("sum by(service") && !query.includes("code=~") && query.includes("http_requests_total")
          ? rows
          : [],
      ),
    );
    const server = await metricsServer(url, { ONCALL_METRICS_PRESETS: "prometheus-client" }, [component("checkout")]);
    const { structured } = await ask(server, { service: "checkout" });
    const data = structured as unknown as Structured;
    expect(data.suspects[0]?.signals.map(({ signal }) => signal)).toEqual(["requests_per_second"]);
    expect(data.gaps?.join("\n")).toContain("no error ratio of checkout");
    const [errors = ""] = received.map((one) => askedIn(one).query).filter((query) => query.includes("code=~"));
    for (const label of ["code", "status", "status_code", "response_code"]) {
      expect(errors).toContain(`${label}=~'5..'`);
      expect(errors).toContain(`0*rate(http_requests_total{service='checkout',${label}=~'[1-5]..'}`);
    }
  });
});
