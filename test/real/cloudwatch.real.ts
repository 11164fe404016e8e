import { rm } from "node:fs/promises";
import { join } from "node:path";
import { catalogFromDocuments, createLogger, loadCatalog } from "@oncall-copilot/core";
import { openRecording, type Recording } from "@oncall-copilot/core/recording";
import { defineServer, runCall, type ServerDefinition } from "@oncall-copilot/core/server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { readMetrics } from "../../servers/metrics/src/read-metrics.ts";
import { buildServer, configSchema } from "../../servers/metrics/src/server.ts";
import { openCloudWatch } from "../../servers/metrics/src/stores/cloudwatch/open.ts";
import { recordingStore } from "../../servers/metrics/src/stores/recording.ts";
import { KEY } from "../metrics/call.ts";
import { PRESET_CASES } from "../metrics/cloudwatch/preset-cases.ts";
import * as pretend from "../metrics/cloudwatch/pretend.ts";
import { closeServers, type Received, startServer } from "../support/http/server.ts";
import { cleanupRecordings, component } from "../support/recording.ts";
import { type Fed, feed } from "./cloudwatch/feed.ts";
import { inMinutes, type MinuteRecording } from "./cloudwatch/in-minutes.ts";
import { type Model, violations } from "./cloudwatch/model.ts";
import { forget, publishedModel, startMoto } from "./cloudwatch/moto.ts";
import type { Running } from "./support/process.ts";

const RECORDINGS = join(import.meta.dirname, "../recordings");
const { REGION, ACCOUNT } = pretend;
const DEADLINE_MS = 90_000;

let moto: Running;
beforeAll(async () => {
  moto = await startMoto();
});
afterAll(async () => {
  await moto?.stop();
  await cleanupRecordings();
});
beforeEach(() => pretend.stubCredential());
afterEach(async () => {
  vi.unstubAllEnvs();
  await closeServers();
});

const ENVIRONMENT = () => ({
  ONCALL_METRICS_CLOUDWATCH_REGION: REGION,
  ONCALL_METRICS_CLOUDWATCH_ENDPOINT: moto.url,
  ONCALL_METRICS_CLOUDWATCH_SETTLE_SECONDS: "0",
  ONCALL_METRICS_CLOUDWATCH_TIMEOUT_SECONDS: "60",
});

async function call(server: ServerDefinition, args: object) {
  const [tool] = server.tools;
  if (!tool) throw new Error("the server has no tool");
  return runCall(server, tool, args, { key: KEY, log: createLogger("test", "silent"), deadlineMs: DEADLINE_MS });
}

const SIGNALS = ["requests_per_second", "error_ratio", "latency_p99_seconds", "queued_requests"];

describe.each(["bad-deployment-three-hops", "healthy-peak"])("the recording %s in moto's CloudWatch", (name) => {
  let minutes: MinuteRecording;
  let recording: Recording;
  let fromRecording: ServerDefinition;
  let environment: Record<string, string>;

  beforeAll(async () => {
    await forget(moto); // it takes a metric for another one's where only the namespace differs
    minutes = await inMinutes(join(RECORDINGS, name), SIGNALS);
    const asOf = new Date(minutes.asOf).toISOString();
    recording = await openRecording(minutes.dir, { asOf });
    await feed(
      moto.url,
      REGION,
      minutes.samples.map(
        ({ at, service, signal, value }): Fed => ({
          ...{ namespace: `Shop/${name}`, metric: signal, dimensions: { Service: service } },
          ...{ at: at - 60, value }, // CloudWatch stamps a period at its start
        }),
      ),
    );
    environment = {
      ...ENVIRONMENT(),
      ...{ ONCALL_CATALOG: recording.path("catalog") ?? "", ONCALL_AS_OF: asOf },
      ONCALL_METRICS_CLOUDWATCH_SIGNALS: JSON.stringify(
        Object.fromEntries(
          SIGNALS.map((signal) => [
            signal,
            { namespace: `Shop/${name}`, metric: signal, stat: "Average", dimensions: { Service: "$service" } },
          ]),
        ),
      ),
    };
    fromRecording = await buildServer(configSchema.parse({ ONCALL_RECORDING: recording.dir, ONCALL_AS_OF: asOf }));
  });
  afterAll(() => rm(minutes?.dir ?? "", { recursive: true, force: true }));

  /** A server on CloudWatch, but its evidence links to the recording: then a whole answer can be compared, receipts included. */
  async function withTheRecordingsLinks(): Promise<ServerDefinition> {
    const config = configSchema.parse(environment);
    const catalog = await loadCatalog(environment["ONCALL_CATALOG"] ?? "");
    const surroundings = { catalog, now: () => minutes.asOf, isOnly: true };
    const { store } = openCloudWatch(REGION, config, surroundings);
    const { url, name: called } = recordingStore(recording);
    // moto keeps no history of alarms: see below.
    const linked = { series: store.series, url, name: called };
    return defineServer({
      ...(await buildServer(config)),
      tools: [readMetrics({ store: linked, catalog, clock: () => 0 })],
    });
  }

  it.each([
    { service: "storefront", from: "-30m" },
    { service: "storefront", from: "-30m", hops: 1 },
    { service: "storefront", from: "-30m", signal: "error_ratio" },
    { service: "checkout", from: "-20m" },
    { service: "pricing", from: "-40m", to: "-10m", hops: 2 },
  ])("gives the same answer to %j, to the last byte of each receipt", async (args) => {
    const [expected, answer] = [await call(fromRecording, args), await call(await withTheRecordingsLinks(), args)];
    expect(expected.isError).toBe(false);
    expect(answer.structured).toEqual(expected.structured);
    expect(answer.text).toBe(expected.text);
  });

  it("links to the console, and says that alarms could not be read where moto has no history of them", async () => {
    const server = await buildServer(configSchema.parse(environment));
    const { structured, text } = await call(server, { service: "storefront", from: "-30m" });
    expect(structured).toMatchObject({ outcome: "found" });
    expect(text).toMatch(/url="https:\/\/eu-west-1\.console\.aws\.amazon\.com\/[^"]+'Service~'storefront/);
    expect(structured["gaps"]).toContainEqual(expect.stringMatching(/^could not look at alarms: CloudWatch at /));
    await server.close?.();
  });
});

/** moto reckons sums, averages, extremes and counts, and no percentiles. */
const isPercentile = (metric: string) => /p\d+$/.test(metric);

describe("a preset of moto's CloudWatch", () => {
  beforeEach(() => forget(moto));

  it.each(PRESET_CASES)(
    "%s tells each of its signals rightly, percentiles aside: %j",
    async (kind, named, values, expected) => {
      const end = Math.floor(Date.now() / 60_000) * 60;
      const starts = Array.from({ length: 10 }, (_, index) => end - 600 + index * 60);
      const all = Object.entries(values).filter(([metric]) => !isPercentile(metric));
      await feed(
        moto.url,
        REGION,
        all.flatMap(([metric, value]) => starts.map((at) => fedOf(metric, at, value))),
      );
      const config = configSchema.parse(ENVIRONMENT());
      const catalog = catalogFromDocuments(
        [component("cart", [], { [`oncall/cloudwatch.${kind}`]: named["name"] ?? "" })],
        "the test",
      );
      const { store, close } = openCloudWatch(REGION, config, { catalog, now: () => end * 1000, isOnly: true });
      const signals = Object.keys(expected).filter((signal) => !/_p\d\d_/.test(signal));
      const { series, gaps } = await store.series({
        ...{
          services: ["cart"],
          from: (end - 600) * 1000,
          to: end * 1000,
          signals,
          abort: new AbortController().signal,
        },
      });
      await close();
      expect(gaps).toEqual([]);
      const last = Object.fromEntries(
        series.map((one) => [one.signal, Number((one.values.at(-1) ?? Number.NaN).toPrecision(6))]),
      );
      expect(last).toEqual(Object.fromEntries(signals.map((signal) => [signal, expected[signal]])));
    },
  );
});

/** `AWS/RDS CPUUtilization DBInstanceIdentifier=cart-db Average`, as the cases name a metric. */
function fedOf(name: string, at: number, value: number): Fed {
  const [, namespace = "", metric = "", dimensions = ""] = /^(\S+) (\S+) (.+) \S+$/.exec(name) ?? [];
  const pairs = dimensions.split(/ (?=\w+=)/).map((pair): [string, string] => {
    const cut = pair.indexOf("=");
    return [pair.slice(0, cut), pair.slice(cut + 1)];
  });
  return { namespace, metric, dimensions: Object.fromEntries(pairs), at, value };
}

describe("alarms in moto's CloudWatch", () => {
  it("that are on are told; their history, which moto does not have, is a double's", async () => {
    const { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } = await import(
      "@aws-sdk/client-cloudwatch"
    );
    const credentials = { accessKeyId: "a", secretAccessKey: "b" };
    const client = new CloudWatchClient({ endpoint: moto.url, region: REGION, credentials });
    for (const [alarm, name] of [
      ["checkout-errors", "checkout"],
      ["other-errors", "other"],
    ]) {
      await client.send(
        new PutMetricAlarmCommand({
          ...{ AlarmName: alarm, Namespace: "AWS/Lambda", MetricName: "Errors", Statistic: "Sum" },
          ...{ Dimensions: [{ Name: "FunctionName", Value: name }], Period: 60, EvaluationPeriods: 1 },
          ...{ Threshold: 5, ComparisonOperator: "GreaterThanThreshold" },
        }),
      );
      const state = { StateValue: "ALARM", StateReason: "Threshold Crossed" } as const;
      await client.send(new SetAlarmStateCommand({ AlarmName: alarm, ...state }));
    }
    client.destroy();
    const now = Date.now();
    const history = pretend.answering({
      history: [{ alarm: "checkout-errors", at: Math.floor(now / 1000) - 1, from: "OK", to: "ALARM" }],
    });
    const { url } = await startServer(async (request, response) => {
      if (pretend.operationOf(request) === "DescribeAlarmHistory") return history(request, response);
      const answered = await fetch(moto.url, {
        method: "POST",
        headers: {
          "x-amz-target": String(request.headers["x-amz-target"]),
          "content-type": "application/x-amz-json-1.0",
          authorization: request.headers.authorization ?? "",
        },
        body: request.body,
      });
      response.writeHead(answered.status).end(await answered.text());
    });
    const config = configSchema.parse({ ...ENVIRONMENT(), ONCALL_METRICS_CLOUDWATCH_ENDPOINT: url });
    const catalog = catalogFromDocuments(
      [component("checkout", [], { "oncall/cloudwatch.lambda": "checkout" })],
      "the test",
    );
    const { store } = openCloudWatch(REGION, config, { catalog, now: () => now, isOnly: true });
    const query = { services: ["checkout"], abort: new AbortController().signal };
    const during = await store.alarms?.({ ...query, from: now - 900_000, to: now });
    expect(during?.changes).toMatchObject([{ service: "checkout", alarm: "checkout-errors", from: "OK", to: "ALARM" }]);
    const after = await store.alarms?.({ ...query, from: now + 60_000, to: now + 120_000 });
    expect(after?.changes).toMatchObject([
      { service: "checkout", alarm: "checkout-errors", from: undefined, to: "ALARM" },
    ]);
  });
});

describe("the double that the other tests ask", () => {
  it("answers as AWS publishes it, and so are our own requests", async () => {
    const model = (await publishedModel()) as Model;
    const seen: { operation: string; asked: unknown; answered: unknown }[] = [];
    const double = pretend.answering({
      value: (_, start) => start % 7,
      page: 40,
      history: [{ alarm: "checkout-errors", at: pretend.NOW - 60, from: "OK", to: "ALARM" }],
      alarms: [
        {
          name: "checkout-errors",
          state: "OK",
          since: pretend.NOW - 60,
          namespace: "AWS/Lambda",
          dimensions: { FunctionName: "checkout" },
        },
      ],
    });
    const { url } = await startServer((request: Received, response) => {
      const end = response.end.bind(response);
      response.end = ((text: string) => {
        const asked: unknown = JSON.parse(request.body);
        seen.push({ operation: pretend.operationOf(request), asked, answered: JSON.parse(text) });
        return end(text);
      }) as typeof response.end;
      double(request, response);
    });
    const catalog = [
      component("checkout", [], {
        "oncall/cloudwatch.lambda": `arn:aws:lambda:${REGION}:${ACCOUNT}:function:checkout`,
      }),
    ];
    await call(await pretend.metricsServer(url, {}, catalog), { service: "checkout" });
    expect(new Set(seen.map(({ operation }) => operation))).toEqual(
      new Set(["GetMetricData", "DescribeAlarms", "DescribeAlarmHistory"]),
    );
    expect(seen.filter(({ asked }) => "NextToken" in (asked as object)).length).toBeGreaterThan(0);
    for (const { operation, asked, answered } of seen) {
      expect(violations(model, operation, "input", asked)).toEqual([]);
      expect(violations(model, operation, "output", answered)).toEqual([]);
    }
    const wrong = { MetricDataResults: [{ Id: "m0", Timestamps: ["yesterday"], StatusCode: "Fine", Colour: 1 }] };
    expect(violations(model, "GetMetricData", "output", wrong)).toHaveLength(3);
  });
});
