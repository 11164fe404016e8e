import { afterAll, afterEach, describe, expect, it } from "vitest";
import { selfSigned } from "../../support/http/certificate.ts";
import { type Fault, httpFaults, refusal } from "../../support/http/faults.ts";
import { closeServers, type Handler, refusedAddress, sendJson, startServer } from "../../support/http/server.ts";
import { cleanupRecordings, logLine } from "../../support/recording.ts";
import { ask, logsServer, pretendOpenSearch } from "./pretend.ts";

afterEach(closeServers);
afterAll(cleanupRecordings);

const DEADLINE_MS = 4_000;
/** A request may take this long; what hangs is found out well before the deadline of the call. */
const PATIENCE = { ONCALL_LOGS_OPENSEARCH_TIMEOUT_SECONDS: "0.4" };
const documents = [
  logLine(-14, "storefront", "info", "started"),
  logLine(1, "storefront", "error", "payment 17 failed"),
  logLine(2, "storefront", "error", "payment 4 failed"),
];
const good = pretendOpenSearch({ documents });
const opensearchError = (status: number, type: string, reason: string): Handler =>
  refusal(status, {}, { error: { root_cause: [{ type, reason }], type, reason }, status });
/** The mapping as it should be, then one failure of a search inside a request of several. */
const searchFails =
  (status: number, type: string, reason: string): Handler =>
  (request, response) =>
    request.url.pathname === "/_msearch"
      ? sendJson(response, 200, {
          took: 1,
          responses: Array(3).fill({ error: { root_cause: [{ type, reason }], type, reason }, status }),
        })
      : good(request, response);

const FAULTS: readonly Fault[] = [
  ...httpFaults({
    url: "ONCALL_LOGS_OPENSEARCH_URL",
    credentials: "ONCALL_LOGS_OPENSEARCH_",
    ca: "ONCALL_LOGS_OPENSEARCH_CA_FILE",
    seconds: "0.4",
  }),
  {
    when: "has no such path (404)",
    handler: refusal(404),
    reason: "bad_response",
    says: /path prefix in ONCALL_LOGS_OPENSEARCH_URL/,
  },
  {
    when: "does not let this user read, in its own words (403)",
    handler: opensearchError(403, "security_exception", "no permissions for [indices:data/read/search]"),
    reason: "forbidden",
    says: /\(403, security_exception: no permissions for \[indices:data\/read\/search\]\); .*role in the server's README/,
  },
  {
    when: "trips its circuit breaker (429 without a pause)",
    handler: opensearchError(429, "circuit_breaking_exception", "[parent] Data too large"),
    reason: "rate_limited",
    says: /too much to do \(429, circuit_breaking_exception: \[parent\] Data too large\)/,
  },
  {
    when: "cannot carry a search out (400 inside 200)",
    handler: searchFails(400, "query_shard_exception", "failed to create query"),
    reason: "bad_response",
    says: /failed a search \(400, query_shard_exception: failed to create query\); check the field variables/,
  },
  {
    when: "sends aggregations of another shape",
    handler: (request, response) =>
      request.url.pathname === "/_msearch"
        ? sendJson(response, 200, {
            responses: Array(3).fill({
              ...{ timed_out: false, _shards: { total: 1, failed: 0 }, hits: { hits: [] } },
              aggregations: { parts: { buckets: [{ key: 1 }] } },
            }),
          })
        : good(request, response),
    reason: "bad_response",
    says: /another shape than OpenSearch: buckets\.0\.key/,
  },
  {
    when: "has no index of that name",
    handler: pretendOpenSearch({ documents, mapping: {} }),
    reason: "not_recorded",
    says: /has no index logs-\*; check ONCALL_LOGS_OPENSEARCH_INDEX/,
  },
  {
    when: "calls its fields otherwise",
    handler: pretendOpenSearch({ documents, mapping: { "@timestamp": { type: "date" }, message: { type: "text" } } }),
    reason: "bad_response",
    says: /no index of logs-\* has a field service\.name .*; set ONCALL_LOGS_OPENSEARCH_SERVICE_FIELD or .*PRESET/,
  },
];

describe("read_logs of an OpenSearch that", () => {
  it.each(FAULTS)("$when could not look, and names backend, cause and cure in time", async (fault) => {
    const { url } = await startServer(fault.handler, fault.tls);
    const env = fault.isLong ? { ONCALL_LOGS_OPENSEARCH_TIMEOUT_SECONDS: "3" } : PATIENCE;
    const server = await logsServer(url, env);
    const { isError, structured } = await ask(server, { service: "storefront" }, DEADLINE_MS);
    expect(isError).toBe(true);
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: fault.reason });
    expect(structured["message"]).toContain(`OpenSearch at ${url}`);
    expect(structured["message"]).toMatch(fault.says);
    await server.close?.();
  });

  it("refuses the connection could not look", async () => {
    const url = await refusedAddress();
    const { structured } = await ask(await logsServer(url), { service: "storefront" }, DEADLINE_MS);
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "unreachable" });
    expect(structured["message"]).toMatch(/refused the connection; see whether it is up, and check ONCALL_LOGS_/);
  });

  it("shows a certificate of the authority that is configured is believed", async () => {
    const tls = selfSigned();
    const { url } = await startServer(good, tls);
    const server = await logsServer(url, { ONCALL_LOGS_OPENSEARCH_CA: tls.cert });
    expect((await ask(server, { service: "storefront" })).structured).toMatchObject({ outcome: "found" });
    await server.close?.();
  });

  it("recovers within a moment is asked again, and answers", async () => {
    let count = 0;
    const { url } = await startServer((request, response) => {
      count++;
      if (count === 1) return response.destroy();
      if (count === 2) return sendJson(response, 503, {});
      return good(request, response);
    });
    const { structured } = await ask(await logsServer(url), { service: "storefront" });
    expect(structured).toMatchObject({ outcome: "found" });
  });

  it("asks to be left alone for a second is left alone for a second", async () => {
    const times: number[] = [];
    const { url } = await startServer((request, response) => {
      times.push(performance.now());
      if (times.length === 1) return sendJson(response, 429, {}, { "retry-after": "1" });
      return good(request, response);
    });
    const { structured } = await ask(await logsServer(url), { service: "storefront" });
    expect(structured).toMatchObject({ outcome: "found" });
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(990);
  });

  it("hangs costs one wait a call, and after three of them hardly any", async () => {
    const { url, received } = await startServer(() => {});
    const server = await logsServer(url, PATIENCE);
    for (let call = 0; call < 3; call++) await ask(server, { service: "storefront" });
    const requests = received.length;
    const { structured } = await ask(server, { service: "storefront" });
    expect(received).toHaveLength(requests);
    expect(structured["message"]).toMatch(/is not asked for now, after failures in a row: .*did not answer/);
  });

  it("hangs is let go of when the call is cancelled", async () => {
    let closed = 0;
    const { url } = await startServer((_, response) => response.once("close", () => closed++));
    const server = await logsServer(url);
    const { structured } = await ask(server, { service: "storefront" }, 300);
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "timed_out" });
    await expect.poll(() => closed).toBe(1);
  });

  it("has shards that do not answer says that its counts are too low", async () => {
    const shards = { failed: 1, failures: [{ shard: 0, reason: { type: "x", reason: "node left" } }] };
    const { url } = await startServer(pretendOpenSearch({ documents, shards }));
    const { structured } = await ask(await logsServer(url), { service: "storefront" });
    expect(structured["gaps"]).toContainEqual("1 of 2 shards of logs-* did not answer (node left): counts are too low");
  });

  it("has a clock that differs from ours says so as a gap", async () => {
    const { url } = await startServer((request, response) => {
      response.setHeader("date", new Date(Date.now() - 300_000).toUTCString());
      good(request, response);
    });
    const { structured } = await ask(await logsServer(url), { service: "storefront" });
    expect(structured["gaps"]).toContainEqual(
      expect.stringMatching(/this machine's clock is 30[01] s ahead of the one/),
    );
  });
});
