import { afterAll, afterEach, describe, expect, it } from "vitest";
import { selfSigned } from "../../support/http/certificate.ts";
import { answer, type Fault, httpFaults, refusal } from "../../support/http/faults.ts";
import { closeServers, type Handler, refusedAddress, sendJson, startServer } from "../../support/http/server.ts";
import { cleanupRecordings } from "../../support/recording.ts";
import { answering, ask, metricsServer, ONE_SIGNAL } from "./pretend.ts";

afterEach(closeServers);
afterAll(cleanupRecordings);

const DEADLINE_MS = 4_000;
/** A query may take this long; what hangs is found out well before the deadline of the call. */
const PATIENCE = { ONCALL_METRICS_PROMETHEUS_TIMEOUT_SECONDS: "0.4" };
const good = answering(() => [{ metric: { service: "storefront" }, value: () => 0.01 }]);

const prometheusError = (status: number, errorType: string, error: string): Handler =>
  refusal(status, {}, { status: "error", errorType, error });
const matrix = (values: unknown) => ({
  status: "success",
  data: { resultType: "matrix", result: [{ metric: { service: "storefront" }, values }] },
});

const FAULTS: readonly Fault[] = [
  ...httpFaults({
    url: "ONCALL_METRICS_PROMETHEUS_URL",
    credentials: "ONCALL_METRICS_PROMETHEUS_TOKEN",
    ca: "ONCALL_METRICS_PROMETHEUS_CA_FILE",
    seconds: "0.4",
  }),
  {
    when: "has no such path (404)",
    handler: refusal(404),
    reason: "bad_response",
    says: /path prefix in ONCALL_METRICS_PROMETHEUS_URL/,
  },
  {
    when: "cannot read the query (400)",
    handler: prometheusError(400, "bad_data", "1:5: parse error"),
    reason: "bad_response",
    says: /error_ratio \(ONCALL_METRICS_SIGNALS\): .*\(400, bad_data: 1:5: parse error\)/,
  },
  {
    when: "cannot carry the query out (422)",
    handler: prometheusError(422, "execution", "too many samples"),
    reason: "bad_response",
    says: /error_ratio \(ONCALL_METRICS_SIGNALS\): .*too many samples/,
  },
  {
    when: "gives up on the query (503 with its own words)",
    handler: prometheusError(503, "timeout", "query timed out in expression evaluation"),
    reason: "timed_out",
    says: /gave up on the query.*shorter window/,
  },
  {
    when: "sends JSON of another shape",
    handler: answer('{"status":"success","data":{"resultType":"vector","result":[]}}'),
    reason: "bad_response",
    says: /another shape than Prometheus: data\.resultType.*Prometheus, Thanos or Mimir API/,
  },
  {
    when: "sends samples of another shape",
    handler: answer(JSON.stringify(matrix([["yesterday", "1"]]))),
    reason: "bad_response",
    says: /a sample is no pair of time and value/,
  },
];

describe("read_metrics of a Prometheus that", () => {
  it.each(FAULTS)("$when could not look, and names backend, cause and cure in time", async (fault) => {
    const { url } = await startServer(fault.handler, fault.tls);
    const server = await metricsServer(url, {
      ...ONE_SIGNAL,
      ...PATIENCE,
      ...(fault.isLong ? { ONCALL_METRICS_PROMETHEUS_TIMEOUT_SECONDS: "3" } : {}),
    });
    const { isError, structured } = await ask(server, { service: "storefront" }, DEADLINE_MS);
    expect(isError).toBe(true);
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: fault.reason });
    expect(structured["message"]).toContain(`Prometheus at ${url}`);
    expect(structured["message"]).toMatch(fault.says);
    await server.close?.();
  });

  it("refuses the connection could not look", async () => {
    const url = await refusedAddress();
    const { structured } = await ask(await metricsServer(url), { service: "storefront" }, DEADLINE_MS);
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "unreachable" });
    expect(structured["message"]).toMatch(/refused the connection; see whether it is up, and check ONCALL_METRICS_/);
  });

  it("is meant by a name that nobody knows could not look", async () => {
    const server = await metricsServer("http://no-such-host.invalid:9090", ONE_SIGNAL);
    const { structured } = await ask(server, { service: "storefront" }, DEADLINE_MS);
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "unreachable" });
    expect(structured["message"]).toContain("ONCALL_METRICS_PROMETHEUS_URL");
  });

  it.each([
    ["has expired", selfSigned({ expired: true }), /has expired/],
    ["is for another name", selfSigned({ name: "elsewhere.test" }), /another name; set ONCALL_METRICS_PROMETHEUS_URL/],
  ])("shows a certificate that %s could not look, though its authority is known", async (_, tls, says) => {
    const { url } = await startServer(good, tls);
    const server = await metricsServer(url, { ...ONE_SIGNAL, ONCALL_METRICS_PROMETHEUS_CA: tls.cert });
    const { structured } = await ask(server, { service: "storefront" }, DEADLINE_MS);
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "unreachable" });
    expect(structured["message"]).toMatch(says);
  });

  it("shows a certificate of the authority that is configured is believed", async () => {
    const tls = selfSigned();
    const { url } = await startServer(good, tls);
    const server = await metricsServer(url, { ...ONE_SIGNAL, ONCALL_METRICS_PROMETHEUS_CA: tls.cert });
    expect((await ask(server, { service: "storefront" })).structured).toMatchObject({ outcome: "found" });
    await server.close?.();
  });

  it("recovers within a moment is asked again, and answers", async () => {
    let count = 0;
    const { url, received } = await startServer((request, response) => {
      count++;
      if (count === 1) return response.destroy();
      if (count === 2) return sendJson(response, 503, {});
      return good(request, response);
    });
    const { structured } = await ask(await metricsServer(url, ONE_SIGNAL), { service: "storefront" });
    expect(structured).toMatchObject({ outcome: "found" });
    expect(received).toHaveLength(3);
  });

  it("asks to be left alone for a second is left alone for a second", async () => {
    const times: number[] = [];
    const { url } = await startServer((request, response) => {
      times.push(performance.now());
      if (times.length === 1) return sendJson(response, 429, {}, { "retry-after": "1" });
      return good(request, response);
    });
    const { structured } = await ask(await metricsServer(url, ONE_SIGNAL), { service: "storefront" });
    expect(structured).toMatchObject({ outcome: "found" });
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(990);
  });

  it("hangs costs one wait and not one for each signal, and the next call hardly any", async () => {
    const { url, received } = await startServer(() => {});
    const server = await metricsServer(url, PATIENCE);
    await ask(server, { service: "storefront" });
    const first = received.length;
    const second = await ask(server, { service: "storefront" });
    expect(first).toBeLessThan(10);
    expect(received).toHaveLength(first);
    expect(second.structured["message"]).toMatch(/is not asked for now, after failures in a row: .*did not answer/);
  });

  it("hangs is let go of when the call is cancelled", async () => {
    let closed = 0;
    const { url } = await startServer((_, response) => response.once("close", () => closed++));
    const server = await metricsServer(url, ONE_SIGNAL);
    const { structured } = await ask(server, { service: "storefront" }, 300);
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "timed_out" });
    await expect.poll(() => closed).toBe(1);
  });

  it("fails for some signals still answers for the others, and names the gap", async () => {
    const signals = { error_ratio: "max by($by)(error_ratio{$service})", cpu_ratio: "max by($by)(cpu{$service})" };
    const { url } = await startServer((request, response) => {
      const broken = request.url.searchParams.get("query")?.includes("cpu");
      return (broken ? prometheusError(422, "execution", "many-to-many matching") : good)(request, response);
    });
    const server = await metricsServer(url, { ONCALL_METRICS_SIGNALS: JSON.stringify({ signals }) });
    const { structured } = await ask(server, { service: "storefront" });
    expect(structured).toMatchObject({ outcome: "found" });
    expect(structured["gaps"]).toContainEqual(
      expect.stringMatching(/^could not look at cpu_ratio \(ONCALL_METRICS_SIGNALS\): .*many-to-many matching/),
    );
  });

  it("has a clock that differs from ours says so as a gap", async () => {
    const { url } = await startServer((request, response) => {
      response.setHeader("date", new Date(Date.now() - 300_000).toUTCString());
      good(request, response);
    });
    const { structured } = await ask(await metricsServer(url, ONE_SIGNAL), { service: "storefront" });
    expect(structured["gaps"]).toContainEqual(
      expect.stringMatching(/this machine's clock is 30[01] s ahead of the one/),
    );
  });

  it("warns that it answers in part says so as a gap", async () => {
    const rows = [{ metric: { service: "storefront" }, value: () => 0.01 }];
    const { url } = await startServer(answering(() => rows, { warnings: ["store eu-1 did not answer"] }));
    const { structured } = await ask(await metricsServer(url, ONE_SIGNAL), { service: "storefront" });
    expect(structured["gaps"]).toContainEqual(expect.stringContaining("warns: store eu-1 did not answer"));
  });
});
