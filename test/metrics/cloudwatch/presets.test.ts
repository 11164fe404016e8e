import { catalogFromDocuments } from "@oncall-copilot/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { configSchema } from "../../../servers/metrics/src/server.ts";
import { meaningOf } from "../../../servers/metrics/src/signals/role.ts";
import { unitOf } from "../../../servers/metrics/src/signals/unit.ts";
import type { SeriesFound } from "../../../servers/metrics/src/store.ts";
import { openCloudWatch } from "../../../servers/metrics/src/stores/cloudwatch/open.ts";
import { closeServers, startServer } from "../../support/http/server.ts";
import { component } from "../../support/recording.ts";
import { ALB, arn, of, PRESET_CASES } from "./preset-cases.ts";
import { answering, NOW, REGION, stubCredential } from "./pretend.ts";

beforeEach(() => stubCredential());
afterEach(async () => {
  vi.unstubAllEnvs();
  await closeServers();
});

const QUARTER = 15 * 60;

/** What is read of one service with these annotations from a CloudWatch that has these values in each minute. */
async function read(
  annotations: Record<string, string>,
  values: Readonly<Record<string, number | ((start: number) => number | undefined)>>,
): Promise<SeriesFound> {
  const value = (metric: string, start: number) => {
    const given = values[metric];
    return typeof given === "function" ? given(start) : given;
  };
  const { url } = await startServer(answering({ value }));
  const config = configSchema.parse({
    ONCALL_METRICS_CLOUDWATCH_ENDPOINT: url,
    ONCALL_METRICS_CLOUDWATCH_SETTLE_SECONDS: "0",
  });
  const catalog = catalogFromDocuments([component("cart", [], annotations)], "the test");
  const { store, close } = openCloudWatch(REGION, config, { catalog, now: () => NOW * 1000, isOnly: true });
  const found = await store.series({
    ...{ services: ["cart"], from: (NOW - QUARTER) * 1000, to: NOW * 1000, abort: new AbortController().signal },
  });
  await close();
  return found;
}

const last = ({ series }: SeriesFound) =>
  Object.fromEntries(
    series.map(({ signal, values }) => [signal, Number((values.at(-1) ?? Number.NaN).toPrecision(6))]),
  );

describe("the preset", () => {
  it.each(PRESET_CASES)("%s tells each of its signals rightly: %j", async (kind, named, values, expected) => {
    for (const value of Object.values(named)) {
      const found = await read({ [`oncall/cloudwatch.${kind}`]: value }, values);
      expect(found.gaps).toEqual([]);
      expect(last(found)).toEqual(expected);
    }
  });

  it.each([
    ["amazonaws.com/arn", arn("lambda", "function:cart")],
    ["amazon.com/lambda-function-arn", arn("lambda", "function:cart")],
    ["aws.com/lambda-function-name", "cart,other"],
  ])("lambda is known by Backstage's own annotation %s too", async (annotation, value) => {
    const found = await read(
      { [annotation]: value },
      of("AWS/Lambda", "FunctionName=cart", { "Invocations Sum": 600 }),
    );
    expect(last(found)).toEqual({ requests_per_second: 10, error_ratio: 0, throttled_ratio: 0 });
  });

  it("of an ARN that Backstage knows and CloudWatch has nothing of is none", async () => {
    const found = await read({ "amazonaws.com/arn": "arn:aws:s3:::carts", "aws.com/other": "x" }, {});
    expect(found).toMatchObject({
      series: [],
      gaps: [expect.stringMatching(/annotate them, as with oncall\/cloudwatch/)],
    });
  });

  it("of signals is named so that their role and their unit can be read off", () => {
    const bad = (signal: string) => `${meaningOf(signal).role} ${meaningOf(signal).bad} ${unitOf(signal)}`;
    const signals = [
      "free_memory_bytes",
      "throttled_ratio",
      "failed_logins_per_second",
      "blocked_writes",
      "unhealthy_red",
    ];
    expect(signals.map(bad)).toEqual([
      "saturation down bytes",
      "saturation up ratio",
      "symptom up per_second",
      "symptom up count",
      "symptom up count",
    ]);
    const known = PRESET_CASES.flatMap(([, , , expected]) => Object.keys(expected));
    expect(known.filter((signal) => meaningOf(signal).role === "other")).toEqual([]);
  });
});

describe("what CloudWatch does not publish", () => {
  const lambda = { "oncall/cloudwatch.lambda": "cart" };
  const started = NOW - QUARTER;

  it("is zero for a count that is only published when there is something to count, until a count may still be late", async () => {
    const invoked = (start: number) => (start < started + 300 ? 60 : undefined);
    const { series } = await read(lambda, { "AWS/Lambda Invocations FunctionName=cart Sum": invoked });
    const rate = series.find(({ signal }) => signal === "requests_per_second");
    expect(rate?.values).toEqual([...Array(5).fill(1), ...Array(8).fill(0)]);
    expect(rate?.times.at(-1)).toBe((NOW - 120) * 1000);
  });

  it("leaves no ratio where nothing was asked, and zero failures of something", async () => {
    const invoked = (start: number) => (start < started + 300 ? 60 : undefined);
    const { series } = await read(lambda, { "AWS/Lambda Invocations FunctionName=cart Sum": invoked });
    expect(series.find(({ signal }) => signal === "error_ratio")?.values).toEqual([0, 0, 0, 0, 0]);
  });

  it("stays a hole for a level, and a latency of no requests", async () => {
    const { series } = await read(
      { "oncall/cloudwatch.rds": "cart" },
      { "AWS/RDS CPUUtilization DBInstanceIdentifier=cart Average": (start) => (start % 300 === 0 ? 50 : undefined) },
    );
    expect(series.map(({ signal, values }) => [signal, values])).toEqual([["cpu_ratio", [0.5, 0.5, 0.5]]]);
  });

  it("is every request failing where a load balancer had no target to count them by", async () => {
    const found = await read(
      { "oncall/cloudwatch.alb": ALB },
      of("AWS/ApplicationELB", `LoadBalancer=${ALB}`, { "HTTPCode_ELB_5XX_Count Sum": 40 }),
    );
    expect(last(found)["error_ratio"]).toBe(1);
  });

  it("is no signal at all where there is nothing of it in the whole time", async () => {
    expect((await read(lambda, {})).series).toEqual([]);
  });
});
