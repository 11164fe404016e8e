import { afterAll, afterEach, describe, expect, it } from "vitest";
import { readLabels } from "../../../servers/metrics/src/stores/prometheus/status-labels.ts";
import { closeServers, sendJson, startServer } from "../../support/http/server.ts";
import { cleanupRecordings, component } from "../../support/recording.ts";
import { answering, ask, askedIn, metricsServer, NOW } from "./pretend.ts";

afterEach(closeServers);
afterAll(cleanupRecordings);

const labels = (given: Record<string, readonly string[]>) =>
  readLabels(new Map(Object.entries(given).map(([label, values]) => [label, new Set(values)])));

describe("the label of a counter that tells how a request ended", () => {
  it.each<[string, Record<string, string[]>, string, string[]]>([
    ["a class of statuses", { code_class: ["2xx", "5xx"], method: ["GET"] }, "code_class", ["5xx"]],
    ["a class in capitals", { status_class: ["2XX", "4XX", "5XX"] }, "status_class", ["5XX"]],
    ["a class by its digit", { status_class: ["2", "4", "5"] }, "status_class", ["5"]],
    ["OpenTelemetry's status", { http_response_status_code: ["200", "503"] }, "http_response_status_code", ["503"]],
    ["Micrometer's outcome", { outcome: ["SUCCESS", "SERVER_ERROR", "CLIENT_ERROR"] }, "outcome", ["SERVER_ERROR"]],
    ["gRPC's codes", { grpc_code: ["OK", "Unavailable", "NotFound"] }, "grpc_code", ["Unavailable"]],
    ["gRPC's codes in snake case", { grpc_status: ["ok", "deadline_exceeded"] }, "grpc_status", ["deadline_exceeded"]],
    ["gRPC's codes by number", { grpc_code: ["0", "14", "5"] }, "grpc_code", ["14"]],
    ["plain words", { result: ["success", "failure"] }, "result", ["failure"]],
    ["a truth value", { error: ["true", "false"] }, "error", ["true"]],
    ["its contrary", { success: ["true", "false"] }, "success", ["false"]],
    ["health alone", { outcome: ["success"] }, "outcome", []],
    ["one with empty values", { exception_class: ["", "none"], status: ["200", ""] }, "status", []],
  ])("may hold %s", (_what, given, label, failed) => {
    expect(labels(given).status).toMatchObject({ label, failed });
  });

  it.each<[string, Record<string, string[]>]>([
    ["says nothing by its name", { version: ["200", "503"] }],
    ["has values that nobody knows", { outcome: ["green", "red"] }],
    ["has numbers that are no statuses", { result_code: ["0", "17", "9001"] }],
    ["is not there", { method: ["GET"], handler: ["/"] }],
  ])("is none that %s", (_what, given) => {
    expect(labels(given).status).toBeUndefined();
  });
});

const rates = (failing: number) => [
  { metric: { service: "checkout" }, value: (at: number) => (at > NOW - 420 ? failing : 0.001) },
];

async function checkout(series: readonly object[], ratio = 0.3) {
  const { url, received } = await startServer((request, response) => {
    if (request.url.pathname.endsWith("/series"))
      return sendJson(response, 200, {
        status: "success",
        data: series.map((one) => ({ service: "checkout", ...one })),
      });
    return answering((query) => {
      if (!query.includes("http_requests_total")) return [];
      if (query.includes("outcome=~") || query.includes("code_class=~")) return rates(ratio);
      return query.includes("=~'5..'") ? [] : [{ metric: { service: "checkout" }, value: () => 20 }];
    })(request, response);
  });
  const server = await metricsServer(url, { ONCALL_METRICS_PRESETS: "prometheus-client" }, [component("checkout")]);
  const { structured } = await ask(server, { service: "checkout" });
  const { suspects, gaps = [] } = structured as unknown as {
    suspects: { signals: { signal: string; change: string; value: number }[] }[];
    gaps?: string[];
  };
  const queries = received.filter(({ url }) => !url.pathname.endsWith("/series")).map((one) => askedIn(one).query);
  return {
    signal: suspects[0]?.signals.find(({ signal }) => signal === "error_ratio"),
    gaps: gaps.join("\n"),
    queries,
  };
}

describe("a counter of requests that has no status under a usual name", () => {
  it("is gone by the label that it has, as far as its values are understood", async () => {
    const { signal, gaps, queries } = await checkout([{ outcome: "SUCCESS" }, { outcome: "SERVER_ERROR" }]);
    expect(signal).toMatchObject({ change: "up", value: 0.3 });
    expect(gaps).not.toContain("no error ratio");
    expect(queries.at(-1)).toContain("outcome=~'SERVER_ERROR'");
  });

  it("names the label that was found where its values are not understood, and says no zero", async () => {
    const { signal, gaps } = await checkout([{ verdict_code: "A1" }, { verdict_code: "B7" }]);
    expect(signal).toBeUndefined();
    expect(gaps).toContain("no error ratio of checkout: its counter http_requests_total has verdict_code (A1, B7)");
  });

  it("names the labels that are there where none of them may tell it", async () => {
    const { gaps } = await checkout([{ method: "GET", handler: "/" }]);
    expect(gaps).toContain("has no label of how a request ended, but handler, method");
  });
});
