import { ConfigError, catalogFromDocuments } from "@oncall-copilot/core";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { configSchema } from "../../../servers/metrics/src/server.ts";
import { openCloudWatch } from "../../../servers/metrics/src/stores/cloudwatch/open.ts";
import { spanOf } from "../../../servers/metrics/src/stores/cloudwatch/periods.ts";
import { checkSignature } from "../../support/aws/signature.ts";
import { closeServers, type Handler, type Received, sendJson, startServer } from "../../support/http/server.ts";
import { cleanupRecordings, component } from "../../support/recording.ts";
import { ask } from "../prometheus/pretend.ts";
import {
  answering,
  CREDENTIAL,
  dataRequest,
  MINUTE,
  metricData,
  metricsServer,
  NOW,
  nameOf,
  operationOf,
  type Pretended,
  REGION,
  stubCredential,
} from "./pretend.ts";

beforeEach(() => stubCredential());
afterEach(async () => {
  vi.unstubAllEnvs();
  await closeServers();
});
afterAll(cleanupRecordings);

const LAMBDA = "oncall/cloudwatch.lambda";
const CATALOG = [
  component("storefront", ["component:default/checkout"], { "oncall/cloudwatch.alb": "app/shop/50dc6c495c0c9188" }),
  component("checkout", [], { [LAMBDA]: "checkout" }),
];
const dataRequests = (received: readonly Received[]) =>
  received.filter((request) => operationOf(request) === "GetMetricData").map(dataRequest);

/** Gives more on either side than was asked for. */
const beyond: Handler = (_, response) => {
  const Timestamps = [-240, -180, -120, -60, 0, 60].map((since) => NOW + since);
  const results = [{ Id: "m0", StatusCode: "Complete", Timestamps, Values: Timestamps.map(() => 1) }];
  sendJson(response, 200, { MetricDataResults: results });
};

async function open(
  { handler, ...pretended }: Pretended & { handler?: Handler },
  { env = {}, catalog = CATALOG as readonly object[] } = {},
) {
  const server = await startServer(handler ?? answering(pretended));
  const config = configSchema.parse({
    ONCALL_METRICS_CLOUDWATCH_ENDPOINT: server.url,
    ONCALL_METRICS_CLOUDWATCH_SETTLE_SECONDS: "0",
    ...env,
  });
  const read = catalogFromDocuments(catalog, "the test");
  const { store } = openCloudWatch(REGION, config, { catalog: read, now: () => NOW * 1000, isOnly: true });
  const series = (services: readonly string[], fromSeconds: number, toSeconds = NOW, signals?: readonly string[]) =>
    store.series({
      ...{ services, from: fromSeconds * 1000, to: toSeconds * 1000, abort: new AbortController().signal },
      ...(signals ? { signals } : {}),
    });
  return { store, series, received: server.received };
}

describe("a call of CloudWatch", () => {
  it("asks for all signals of all services in one signed request, each metric once", async () => {
    const { series, received } = await open({});
    await series(["storefront", "checkout"], NOW - 900);
    expect(received).toHaveLength(1);
    const [request] = received;
    const names = dataRequests(received)[0]?.MetricDataQueries.map(nameOf) ?? [];
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBe(7 + 7);
    const signed = request && checkSignature(request, CREDENTIAL.AWS_SECRET_ACCESS_KEY);
    expect(signed).toMatchObject({ accessKeyId: "AKIDEXAMPLE", region: REGION, service: "monitoring" });
  });

  it("stamps a value at the end of its period, and asks for no period that ends in the time before", async () => {
    const { series, received } = await open({ value: (_, start) => start });
    const found = await series(["checkout"], NOW - 180, NOW - 30, ["in_flight_requests"]);
    expect(dataRequests(received)[0]).toMatchObject({ StartTime: NOW - 180, EndTime: NOW - 60 });
    expect(found.series[0]?.times).toEqual([NOW - 120, NOW - 60].map((at) => at * 1000));
    expect(found.series[0]?.values).toEqual([NOW - 180, NOW - 120]);
  });

  it("never asks for what lies after the present, nor for a period that may not be complete yet", async () => {
    const { series, received } = await open({}, { env: { ONCALL_METRICS_CLOUDWATCH_SETTLE_SECONDS: "90" } });
    await series(["checkout"], NOW - 900, NOW + 3600);
    expect(dataRequests(received)[0]?.EndTime).toBe(NOW - 120);
  });

  it("drops what is given beyond the time that was asked for", async () => {
    const { series } = await open({ handler: beyond });
    const found = await series(["checkout"], NOW - 180, NOW - 60, ["in_flight_requests"]);
    expect(found.series[0]?.times).toEqual([NOW - 120, NOW - 60].map((at) => at * 1000));
  });

  it("does not take a function that nobody calls any more for one that stopped reporting", async () => {
    const value = (metric: string, start: number) =>
      metric.includes("Invocations") && start < NOW - 480 ? 600 : undefined;
    for (const ago of [0, 20, 40, 59]) {
      const { url } = await startServer(answering({ value }));
      const present = new Date((NOW - ago) * 1000).toISOString();
      const env = { ONCALL_AS_OF: present, ONCALL_METRICS_CLOUDWATCH_SETTLE_SECONDS: "60" };
      const { structured } = await ask(await metricsServer(url, env, CATALOG), { service: "checkout" });
      const { suspects } = structured as {
        suspects: { signals: { signal: string; change: string; value: number }[] }[];
      };
      expect(suspects[0]?.signals.find(({ signal }) => signal === "requests_per_second")).toMatchObject({
        ...{ change: "down", value: 0 },
      });
    }
  });

  it("puts the pages of an answer together", async () => {
    const { series, received } = await open({ value: (_, start) => start, page: 7 });
    const found = await series(["checkout"], NOW - 900, NOW, ["in_flight_requests", "latency_p99_seconds"]);
    expect(dataRequests(received).length).toBe(Math.ceil(30 / 7));
    expect(found.series.map(({ times }) => times.length)).toEqual([15, 15]);
    expect(found.gaps).toEqual([]);
  });

  it("stops at an answer without end, and does not take what is missing from it for zeros", async () => {
    const { series, received } = await open({ value: (_, start) => start, page: 1 });
    const endless = series(["checkout"], NOW - 3600, NOW, ["requests_per_second", "error_ratio"]);
    await expect(endless).rejects.toThrow(/more than 20 pages: the newest samples are missing/);
    expect(dataRequests(received).length).toBe(20);
  });

  it.each([
    ["Forbidden", "forbidden"],
    ["InternalError", "bad_response"],
  ])("tells no signal of a metric that it could not give (%s), nor an error ratio of zero", async (code, reason) => {
    const failing =
      (fails: (metric: string) => boolean): Handler =>
      (request, response) => {
        const asked = dataRequest(request);
        const nameOfId = new Map(asked.MetricDataQueries.map((query) => [query.Id, nameOf(query)]));
        const { MetricDataResults: results } = metricData(asked, () => 600);
        const given = results.map((one) =>
          fails(nameOfId.get(one.Id) ?? "") ? { Id: one.Id, StatusCode: code, Timestamps: [], Values: [] } : one,
        );
        sendJson(response, 200, { MetricDataResults: given });
      };
    const signals = ["requests_per_second", "error_ratio"];
    const some = await open({ handler: failing((metric) => metric.includes("Errors")) });
    const found = await some.series(["checkout"], NOW - 900, NOW, signals);
    expect(found.series.map(({ signal }) => signal)).toEqual(["requests_per_second"]);
    expect(found.gaps).toEqual([
      `could not look at error_ratio (checkout): ${some.store.name} could not give AWS/Lambda Errors (${code})`,
    ]);
    const none = await open({ handler: failing(() => true) });
    await expect(none.series(["checkout"], NOW - 900, NOW, signals)).rejects.toMatchObject({ reason });
  });

  it("stays within 500 metrics and 100,800 points a request", async () => {
    const names = Array.from({ length: 100 }, (_, index) => `fn-${index}`);
    const { series, received } = await open(
      {},
      { catalog: names.map((name) => component(name, [], { [LAMBDA]: name })) },
    );
    await series(names, NOW - 900);
    const quick = dataRequests(received).map(({ MetricDataQueries: queries }) => queries.length);
    expect(quick).toEqual([500, 200]);
    await series(names, NOW - 86_400);
    for (const { MetricDataQueries: queries, StartTime, EndTime } of dataRequests(received).slice(2)) {
      const period = queries[0]?.MetricStat.Period ?? 0;
      expect(queries.length * ((EndTime - StartTime) / period)).toBeLessThanOrEqual(100_800);
    }
  });

  it("asks for nothing where nothing of what is asked about is in AWS, and says how to name it", async () => {
    const { series, received } = await open({}, { catalog: [component("cart")] });
    const found = await series(["cart"], NOW - 900);
    expect(found.gaps).toEqual([expect.stringMatching(/no AWS resource is named for any of these/)]);
    expect(received).toEqual([]);
  });

  it("does not ask one region for what lies in another, and says so", async () => {
    const arn = "arn:aws:lambda:us-east-1:123456789012:function:cart";
    const { series, received } = await open({}, { catalog: [component("cart", [], { [LAMBDA]: arn })] });
    const found = await series(["cart"], NOW - 900);
    expect(found.gaps).toEqual(["not asked for, since only eu-west-1 is: resources of cart (us-east-1)"]);
    expect(received).toEqual([]);
  });

  it("says which metric CloudWatch would not give, and what it says of its own answer", async () => {
    const { url } = await startServer((request, response) => {
      response.writeHead(200, { "content-type": "application/x-amz-json-1.0" });
      if (operationOf(request) !== "GetMetricData") return response.end("{}");
      const results = dataRequest(request).MetricDataQueries.map(({ Id }, index) =>
        index === 0
          ? { Id, StatusCode: "Forbidden", Timestamps: [], Values: [] }
          : { Id, StatusCode: "Complete", Timestamps: [NOW - 120, NOW - 60], Values: [1, 1] },
      );
      const Messages = [{ Code: "MaxQueryTimeRangeExceeded", Value: "too long" }];
      response.end(JSON.stringify({ MetricDataResults: results, Messages }));
    });
    const { structured } = await ask(await metricsServer(url, {}, CATALOG), { service: "checkout" });
    expect(structured["gaps"]).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/could not give AWS\/Lambda Invocations \(Forbidden\)/),
        expect.stringMatching(/says MaxQueryTimeRangeExceeded: too long/),
      ]),
    );
  });

  it("could not look where one metric is refused and the others are empty: nothing seen is then no sign of nothing", async () => {
    const { url } = await startServer((request, response) => {
      response.writeHead(200, { "content-type": "application/x-amz-json-1.0" });
      if (operationOf(request) !== "GetMetricData") return response.end("{}");
      const results = dataRequest(request).MetricDataQueries.map(({ Id }, index) => {
        return { Id, StatusCode: index === 0 ? "Forbidden" : "Complete", Timestamps: [], Values: [] };
      });
      response.end(JSON.stringify({ MetricDataResults: results }));
    });
    for (const more of [{}, { signal: "error_ratio" }]) {
      const { isError, structured } = await ask(await metricsServer(url, {}, CATALOG), {
        service: "checkout",
        ...more,
      });
      expect(isError).toBe(true);
      expect(structured).toMatchObject({
        ...{ outcome: "could_not_look", reason: "forbidden" },
        message: expect.stringMatching(
          /no series came.*could not look at \w+ .*could not give AWS\/Lambda \w+ \(Forbidden\)/,
        ),
      });
    }
  });

  it("believes the resource that an entry names first where two tell the same signal", async () => {
    const both = { "oncall/cloudwatch.alb": "app/shop/50dc6c495c0c9188", [LAMBDA]: "cart" };
    const { series } = await open(
      {
        value: (metric) =>
          metric.includes("Lambda Invocations") ? 120 : metric.includes("RequestCount") ? 60 : undefined,
      },
      { catalog: [component("cart", [], both)] },
    );
    const found = await series(["cart"], NOW - 900, NOW, ["requests_per_second"]);
    expect(found.series.map(({ values }) => values.at(-1))).toEqual([1]);
  });
});

describe("the length of a period", () => {
  const day = 86_400;
  it.each([
    ["a minute for the last hours", 75 * MINUTE, 0, 60],
    ["five minutes for a week, which would be too many minutes", 7 * day, 0, 300],
    ["five minutes for what is three weeks old", 21 * day + 3600, 21 * day, 300],
    ["an hour for what is three months old", 90 * day + 3600, 90 * day, 3600],
  ])("is %s", (_, fromAgo, toAgo, seconds) => {
    const span = spanOf((NOW - fromAgo) * 1000, (NOW - toAgo) * 1000, NOW * 1000);
    expect(span?.periodMs).toBe(seconds * 1000);
    expect((span?.start ?? 1) % (seconds * 1000)).toBe(0);
  });
});

describe("signals of a team's own", () => {
  const SIGNALS = {
    orders_per_second: {
      namespace: "Shop",
      metric: "Orders",
      stat: "Sum",
      dimensions: { Service: "$service", Env: "live" },
      per_second: true,
    },
    checkout_latency_p99_seconds: {
      namespace: "Shop",
      metric: "Latency",
      stat: "p99",
      dimensions: { Service: "$service" },
      factor: 0.001,
    },
  };
  const env = { ONCALL_METRICS_CLOUDWATCH_SIGNALS: JSON.stringify(SIGNALS) };

  it("are asked for by the service's name, whatever it is, and by what an annotation calls it", async () => {
    const hostile = "a\",Env=x 'b";
    const catalog = [component("checkout"), component("cart", [], { "oncall/cloudwatch-service": hostile })];
    const { series, received } = await open(
      { value: (metric) => (metric.includes("Orders") ? 120 : 500) },
      { env, catalog },
    );
    const found = await series(["checkout", "cart"], NOW - 120);
    expect(dataRequests(received)[0]?.MetricDataQueries.map(nameOf)).toContain(
      `Shop Orders Env=live Service=${hostile} Sum`,
    );
    expect(found.series.map(({ service, signal, values }) => [service, signal, values.at(-1)])).toEqual([
      ["checkout", "orders_per_second", 2],
      ["checkout", "checkout_latency_p99_seconds", 0.5],
      ["cart", "orders_per_second", 2],
      ["cart", "checkout_latency_p99_seconds", 0.5],
    ]);
  });

  it.each([
    [{ "Orders!": SIGNALS.orders_per_second }, /snake case/],
    [{ orders: { ...SIGNALS.orders_per_second, stat: "median" } }, /is Sum, Average/],
    [{ orders: { ...SIGNALS.orders_per_second, query: "x" } }, /query/],
  ])("are refused as %j", (signals, says) => {
    const parsed = configSchema.safeParse({ ONCALL_METRICS_CLOUDWATCH_SIGNALS: JSON.stringify(signals) });
    expect(JSON.stringify(parsed.error?.issues)).toMatch(says);
  });

  it.each([
    [
      { orders: { ...SIGNALS.orders_per_second, dimensions: { Service: "cart" } } },
      /one dimension must be "\$service"/,
    ],
    [{ orders: { ...SIGNALS.orders_per_second, stat: "Average" } }, /per_second goes with Sum/],
  ])("are refused at the start as %j", async (signals, says) => {
    const set = { ONCALL_METRICS_CLOUDWATCH_SIGNALS: JSON.stringify(signals) };
    await expect(metricsServer("http://127.0.0.1:9", set)).rejects.toThrow(says);
  });
});

describe("the configuration of CloudWatch", () => {
  it.each([
    [{ "oncall/cloudwatch.lamda": "x" }, /storefront, oncall\/cloudwatch\.lamda: there are lambda, alb, /],
    [{ "oncall/cloudwatch.alb": "shop" }, /oncall\/cloudwatch\.alb: takes app\/NAME\/ID, or .*, or the ARN/],
    [{ [LAMBDA]: "arn:aws:sqs:eu-west-1:123456789012:orders" }, /takes the function's name, or the ARN/],
    [{ "oncall/cloudwatch.opensearch": "logs" }, /takes ACCOUNT\/DOMAIN/],
  ])("is told of %j in the catalog by the check before serving", async (annotations, says) => {
    const server = await metricsServer("http://127.0.0.1:9", {}, [
      component("storefront", [], annotations as Record<string, string>),
    ]);
    expect(() => server.check?.()).toThrow(ConfigError);
    expect(() => server.check?.()).toThrow(says);
  });

  it.each([
    ["ONCALL_METRICS_CLOUDWATCH_REGION", "Ireland"],
    ["ONCALL_METRICS_CLOUDWATCH_ENDPOINT", "monitoring"],
    ["ONCALL_METRICS_CLOUDWATCH_SIGNALS", "{"],
    ["ONCALL_METRICS_FIRST", "grafana"],
  ])("has no place for %s=%s", (name, value) => {
    expect(configSchema.safeParse({ [name]: value }).error?.issues[0]?.path[0]).toBe(name);
  });

  it("takes an origin alone as endpoint", async () => {
    await expect(metricsServer("http://127.0.0.1:9/monitoring")).rejects.toThrow(/an origin alone/);
  });
});

describe("a link to CloudWatch", () => {
  it("opens the console's graph with the same metrics, statistics, period and window", async () => {
    const { store, series } = await open({ value: () => 60 });
    const found = await series(["checkout"], NOW - 900, NOW, ["error_ratio", "in_flight_requests"]);
    const link = (signal: string) =>
      store.url(
        "checkout",
        found.series.find((one) => one.signal === signal),
        (NOW - 900) * 1000,
        NOW * 1000,
      );
    const page = "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#metricsV2";
    const window = "region~'eu-west-1~start~'2026-03-01T10*3a00*3a00.000Z~end~'2026-03-01T10*3a15*3a00.000Z";
    expect(link("in_flight_requests")).toBe(
      `${page}:graph=~(metrics~(~(~'AWS*2fLambda~'ConcurrentExecutions~'FunctionName~'checkout~(stat~'Maximum)))~period~60~${window})`,
    );
    expect(link("error_ratio")).toContain(
      "(expression~'*28FILL*28m1*2c0*29*29*2f*28FILL*28m2*2c0*29*29~label~'error_ratio)",
    );
    expect(link("error_ratio")).toContain("~'Errors~'FunctionName~'checkout~(id~'m1~visible~false~stat~'Sum)");
    expect(store.url("checkout", undefined, 0, 1)).toBe(page);
  });

  it("is there in the answer, and the answer stays within its size", async () => {
    const value = (metric: string, start: number) =>
      /Errors/.test(metric) && start > NOW - 600 ? 30 : /Duration/.test(metric) && start > NOW - 600 ? 900 : 60;
    const { url } = await startServer(answering({ value }));
    const { text, structured } = await ask(await metricsServer(url, {}, CATALOG), { service: "checkout" });
    expect(structured).toMatchObject({ outcome: "found" });
    expect(text).toMatch(/url="https:\/\/eu-west-1\.console\.aws\.amazon\.com\/[^"]+FunctionName~'checkout/);
  });
});
