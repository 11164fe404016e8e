import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { buildServer, configSchema } from "../../servers/metrics/src/server.ts";
import { closeServers, refusedAddress, sendJson, startServer } from "../support/http/server.ts";
import { cleanupRecordings, component, writeRecording } from "../support/recording.ts";
import { answering as cloudWatch, NOW, operationOf, REGION, refusing, stubCredential } from "./cloudwatch/pretend.ts";
import { ask, answering as prometheus } from "./prometheus/pretend.ts";

beforeEach(() => stubCredential());
afterEach(async () => {
  vi.unstubAllEnvs();
  await closeServers();
});
afterAll(cleanupRecordings);

const CATALOG = [
  component("storefront", ["component:default/checkout"]),
  component("checkout", [], { "oncall/cloudwatch.lambda": "checkout" }),
];
const SIGNALS = JSON.stringify({ signals: { error_ratio: "max by($by)(e{$service})" } });

async function server(addresses: { prometheus: string; cloudwatch: string }, env: Record<string, string> = {}) {
  const folder = await writeRecording({ catalog: CATALOG });
  return buildServer(
    configSchema.parse({
      ...{ ONCALL_METRICS_PROMETHEUS_URL: addresses.prometheus, ONCALL_METRICS_SIGNALS: SIGNALS },
      ...{ ONCALL_METRICS_CLOUDWATCH_REGION: REGION, ONCALL_METRICS_CLOUDWATCH_ENDPOINT: addresses.cloudwatch },
      ...{ ONCALL_METRICS_CLOUDWATCH_SETTLE_SECONDS: "0", ONCALL_CATALOG: join(folder, "catalog.yaml") },
      ONCALL_AS_OF: new Date(NOW * 1000).toISOString(),
      ...env,
    }),
  );
}

const since = (at: number, value: number) => (at > NOW - 600 ? value : 0);
const row = (service: string, value: number) => ({ metric: { service }, value: (at: number) => since(at, value) });
const good = {
  prometheus: prometheus(() => [row("storefront", 0.5), row("checkout", 0.9)]),
  cloudwatch: cloudWatch({
    value: (metric, start) =>
      metric.includes("Invocations") ? 600 : metric.includes("Errors") ? since(start, 120) : undefined,
  }),
};
type Answer = {
  suspects: { service: string; signals: { signal: string; value: number }[]; evidence: { url: string } }[];
  gaps: string[];
};
const shownValue = (structured: unknown, service: string, signal: string) =>
  (structured as Answer).suspects.find((one) => one.service === service)?.signals.find((one) => one.signal === signal)
    ?.value;

describe("Prometheus and CloudWatch in one call", () => {
  it("each tell what they know, and Prometheus what both know", async () => {
    const [p, c] = [await startServer(good.prometheus), await startServer(good.cloudwatch)];
    const both = await server({ prometheus: p.url, cloudwatch: c.url });
    const { structured } = await ask(both, { service: "checkout" });
    expect(shownValue(structured, "checkout", "error_ratio")).toBe(0.9);
    expect(shownValue(structured, "checkout", "requests_per_second")).toBe(10);
    const { structured: above } = await ask(both, { service: "storefront" });
    expect(shownValue(above, "storefront", "error_ratio")).toBe(0.5);
    expect(above["gaps"]).toBeUndefined();
    await both.close?.();
  });

  it("believe CloudWatch first where the configuration says so, and link to whom a signal came from", async () => {
    const [p, c] = [await startServer(good.prometheus), await startServer(good.cloudwatch)];
    const both = await server({ prometheus: p.url, cloudwatch: c.url }, { ONCALL_METRICS_FIRST: "cloudwatch" });
    const { structured } = await ask(both, { service: "storefront" });
    expect(shownValue(structured, "checkout", "error_ratio")).toBe(0.2);
    const links = new Map(
      (structured as unknown as Answer).suspects.map(({ service, evidence }) => [service, evidence.url]),
    );
    expect(links.get("storefront")).toContain(`${p.url}/graph?g0.expr=`);
    expect(links.get("checkout")).toMatch(/^https:\/\/eu-west-1\.console\.aws\.amazon\.com\/.*#metricsV2:graph=/);
  });

  it.each([
    ["Prometheus", /^could not look: Prometheus at .*refused the connection.*ONCALL_METRICS_PROMETHEUS_URL/],
    ["CloudWatch", /^could not look: CloudWatch at .*refused the connection.*ONCALL_METRICS_CLOUDWATCH_ENDPOINT/],
  ])("answer by the other when %s is down, and that is a gap", async (which, says) => {
    const down = await refusedAddress();
    const both = await server({
      prometheus: which === "Prometheus" ? down : (await startServer(good.prometheus)).url,
      cloudwatch: which === "CloudWatch" ? down : (await startServer(good.cloudwatch)).url,
    });
    const { structured } = await ask(both, { service: "checkout" });
    expect(structured).toMatchObject({ outcome: "found" });
    expect(structured["gaps"]).toContainEqual(expect.stringMatching(says));
  });

  it("could not look when both are down, and say so of each", async () => {
    const [p, c] = [await refusedAddress(), await startServer(refusing("Throttling", "Rate exceeded"))];
    const { structured } = await ask(await server({ prometheus: p, cloudwatch: c.url }), { service: "checkout" });
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "unreachable" });
    expect(structured["message"]).toMatch(
      /Prometheus at .*refused the connection.*; and CloudWatch at .*too many requests/,
    );
  });

  it("could not look when one is down and the other has nothing, which is no evidence that there is nothing", async () => {
    const [p, c] = [await refusedAddress(), await startServer(cloudWatch({}))];
    const { structured } = await ask(await server({ prometheus: p, cloudwatch: c.url }), { service: "checkout" });
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "unreachable" });
    expect(structured["message"]).toMatch(/^Prometheus at .*refused the connection/);
  });

  it("tell CloudWatch's alarms, and look at both in a check-up", async () => {
    const [p, c] = [
      await startServer((request, response) => {
        if (request.url.pathname.endsWith("query_range")) return good.prometheus(request, response);
        sendJson(response, 403, {});
      }),
      await startServer(
        cloudWatch({
          ...{ value: () => 6, history: [{ alarm: "a", at: NOW - 60, from: "OK", to: "ALARM" }] },
          alarms: [
            {
              name: "a",
              state: "ALARM",
              since: NOW - 60,
              namespace: "AWS/Lambda",
              dimensions: { FunctionName: "checkout" },
            },
          ],
        }),
      ),
    ];
    const both = await server({ prometheus: p.url, cloudwatch: c.url });
    const { structured } = await ask(both, { service: "storefront" });
    expect(structured["alarms"]).toMatchObject({ shown: 1 });
    expect(c.received.map(operationOf)).toContain("DescribeAlarmHistory");
    const findings = await both.examine?.({ signal: new AbortController().signal, service: undefined, mayWake: true });
    expect(findings?.map(({ backend, check, status }) => `${backend.split(" ")[0]} ${check} ${status}`)).toEqual([
      ...["Prometheus reachable ok", "Prometheus authenticated ok", "Prometheus data ok", "Prometheus privilege ok"],
      ...[
        "CloudWatch reachable ok",
        "CloudWatch authenticated ok",
        "CloudWatch data ok",
        "CloudWatch privilege unknown",
      ],
    ]);
  });
});
