import type { Finding, ServerDefinition } from "@oncall-copilot/core/server";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { closeServers, type Handler, refusedAddress, sendJson, startServer } from "../support/http/server.ts";
import { cleanupRecordings, component } from "../support/recording.ts";
import * as cloudwatch from "./cloudwatch/pretend.ts";
import { refusing, stubCredential } from "./cloudwatch/pretend.ts";
import * as prometheus from "./prometheus/pretend.ts";
import { ONE_SIGNAL } from "./prometheus/pretend.ts";

beforeEach(() => stubCredential());
afterEach(async () => {
  vi.unstubAllEnvs();
  await closeServers();
});
afterAll(cleanupRecordings);

const NOW = prometheus.NOW;

async function examined(server: ServerDefinition, service?: string): Promise<readonly Finding[]> {
  const findings = await server.examine?.({ signal: new AbortController().signal, service, mayWake: true });
  await server.close?.();
  return findings ?? [];
}
const short = (findings: readonly Finding[]) => findings.map(({ check, status }) => `${check} ${status}`);
const one = (findings: readonly Finding[], check: string) => findings.find((finding) => finding.check === check);

describe("a check-up of Prometheus", () => {
  const query = prometheus.answering((asked) =>
    asked === "vector(1)"
      ? [{ metric: {}, value: () => 1 }]
      : [{ metric: { service: "checkout" }, value: (at) => (at <= NOW - 30 ? 1 : undefined) }],
  );
  const withPaths =
    (paths: Record<string, Handler>): Handler =>
    (request, response) =>
      (request.url.pathname === "/api/v1/query_range" ? query : (paths[request.url.pathname] ?? status(404)))(
        request,
        response,
      );
  const status =
    (code: number): Handler =>
    (_, response) =>
      sendJson(response, code, {});
  const flags =
    (on: Record<string, string>): Handler =>
    (_, response) =>
      sendJson(response, 200, { status: "success", data: { "web.enable-admin-api": "false", ...on } });
  const look = async (handler: Handler, service?: string) => {
    const server = await startServer(handler);
    const findings = await examined(await prometheus.metricsServer(server.url, ONE_SIGNAL), service);
    return { findings, received: server.received };
  };

  it("says that it is reachable, accepts the credential, has data of what age, and can do no more", async () => {
    const { findings, received } = await look(withPaths({ "/api/v1/status/flags": flags({}) }));
    expect(short(findings)).toEqual(["reachable ok", "authenticated ok", "data ok", "privilege ok"]);
    expect(one(findings, "data")?.message).toBe(
      "checkout's newest sample (error_ratio) is 30 s old; 1 of 4 have signals",
    );
    expect(received.every(({ method }) => method === "GET")).toBe(true);
  });

  it("warns of each thing that is switched on and let through, and asks with GET alone", async () => {
    const { findings, received } = await look(
      withPaths({
        "/api/v1/status/flags": flags({ "web.enable-admin-api": "true", "web.enable-lifecycle": "true" }),
        "/api/v1/admin/tsdb/delete_series": status(405),
        "/-/quit": status(403),
      }),
    );
    expect(one(findings, "privilege")).toMatchObject({
      status: "warning",
      message: "this credential could also delete series",
      cure: expect.stringContaining("/api/v1/query_range alone"),
    });
    expect(received.every(({ method }) => method === "GET")).toBe(true);
  });

  it.each([
    [403, 403, "ok", /nothing that writes is let through/],
    [401, 403, "ok", /nothing that writes is let through/],
    [403, 405, "unknown", /hidden \(403\).* not refused to this credential: reload and end it, write samples, write/],
    [403, 404, "unknown", /not refused to this credential: reload and end it/],
    [405, 403, "warning", /whether it is switched on could not be told/],
    [404, 403, "unknown", /does not say what this credential may do/],
  ])(
    "without its flags goes by what GET of the admin path (%i) and the rest (%i) say: %s",
    async (admin, rest, expected, says) => {
      const { findings } = await look(
        withPaths({
          ...{ "/api/v1/status/flags": status(403), "/api/v1/admin/tsdb/delete_series": status(admin) },
          ...{ "/-/quit": status(rest), "/api/v1/write": status(rest), "/api/v1/otlp/v1/metrics": status(rest) },
        }),
      );
      expect(one(findings, "privilege")).toMatchObject({ status: expected, message: expect.stringMatching(says) });
    },
  );

  it("warns of samples that could be written by OTLP", async () => {
    const { findings } = await look(
      withPaths({
        "/api/v1/status/flags": flags({ "web.enable-otlp-receiver": "true" }),
        "/api/v1/otlp/v1/metrics": status(405),
      }),
    );
    expect(one(findings, "privilege")).toMatchObject({
      ...{ status: "warning", message: "this credential could also write samples by OTLP" },
    });
  });

  it("fails where a service that must have data has none, with the variables to check", async () => {
    const { findings } = await look(withPaths({}), "pricing");
    expect(short(findings)).toEqual(["reachable ok", "authenticated ok", "data failure"]);
    expect(one(findings, "data")).toMatchObject({
      message: "no sample of pricing in the last day",
      cure: expect.stringContaining("ONCALL_METRICS_SERVICE_LABELS"),
    });
  });

  it("warns where the newest sample is old", async () => {
    const old = prometheus.answering(() => [
      { metric: { service: "checkout" }, value: (at) => (at <= NOW - 1500 ? 1 : undefined) },
    ]);
    const { findings } = await look(old);
    expect(one(findings, "data")).toMatchObject({ status: "warning", message: expect.stringContaining("25 min old") });
  });

  it.each([
    ["rejects the credential", status(401), "authenticated failure"],
    ["fails", status(500), "reachable failure"],
  ])("stops where it %s", async (_, handler, expected) => {
    const { findings } = await look(handler);
    expect(short(findings)).toEqual([expected]);
    expect(findings[0]?.cure).toBeTruthy();
  });

  it("does not guess what a signed request could do beyond reading", async () => {
    const { url } = await startServer(withPaths({}));
    const env = { ...ONE_SIGNAL, ONCALL_METRICS_PROMETHEUS_SIGV4_REGION: "eu-west-1" };
    const findings = await examined(await prometheus.metricsServer(url, env));
    expect(one(findings, "privilege")).toMatchObject({
      status: "unknown",
      cure: expect.stringContaining("aps:QueryMetrics"),
    });
  });
});

describe("a check-up of CloudWatch", () => {
  const CATALOG = [component("storefront"), component("checkout", [], { "oncall/cloudwatch.lambda": "checkout" })];
  const good = cloudwatch.answering({
    value: (metric, start) => (metric.includes("ConcurrentExecutions") && start < NOW - 60 ? 3 : undefined),
  });
  const look = async (handler: Handler, catalog = CATALOG) => {
    const { url } = await startServer(handler);
    return examined(await cloudwatch.metricsServer(url, {}, catalog));
  };

  it("says that it is reachable, accepts the credential, has data of what age, and gives the whole policy", async () => {
    const findings = await look(good);
    expect(short(findings)).toEqual(["reachable ok", "authenticated ok", "data ok", "privilege unknown"]);
    expect(one(findings, "data")?.message).toBe(
      "checkout's newest sample (in_flight_requests) is 60 s old; 1 of 1 have signals",
    );
    const cure = one(findings, "privilege")?.cure ?? "";
    expect(JSON.parse(cure.slice(cure.indexOf("{")))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["cloudwatch:GetMetricData", "cloudwatch:DescribeAlarms", "cloudwatch:DescribeAlarmHistory"],
          Resource: "*",
        },
      ],
    });
  });

  it("warns where alarms may not be read, and goes on", async () => {
    const findings = await look((request, response) => {
      const isData = cloudwatch.operationOf(request) === "GetMetricData";
      (isData ? good : refusing("AccessDenied", "is not authorized to perform: cloudwatch:DescribeAlarms"))(
        request,
        response,
      );
    });
    expect(short(findings).slice(0, 2)).toEqual(["reachable ok", "authenticated warning"]);
    expect(one(findings, "authenticated")?.message).toMatch(/alarms will be a gap: .*cloudwatch:DescribeAlarms/);
    expect(one(findings, "data")?.status).toBe("ok");
  });

  it("fails where the catalog names no AWS resource, and says how to", async () => {
    const findings = await look(good, [component("storefront")]);
    expect(one(findings, "data")).toMatchObject({
      status: "failure",
      cure: expect.stringContaining("oncall/cloudwatch.lambda"),
    });
  });

  it.each([
    ["rejects the credential", refusing("InvalidClientTokenId", "no", 403), "authenticated failure"],
    ["throttles", refusing("Throttling", "Rate exceeded"), "reachable failure"],
  ])("stops where it %s", async (_, handler, expected) => {
    const findings = await look(handler);
    expect(short(findings)).toEqual([expected]);
    expect(findings[0]?.cure).toBeTruthy();
  });

  it("stops where it is not there", async () => {
    const findings = await examined(await cloudwatch.metricsServer(await refusedAddress(), {}, CATALOG));
    expect(short(findings)).toEqual(["reachable failure"]);
  });
});
