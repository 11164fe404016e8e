import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { checkSignature } from "../../support/aws/signature.ts";
import { closeServers, type Received, startServer } from "../../support/http/server.ts";
import { ALERT_AT, at, cleanupRecordings, component, logLine } from "../../support/recording.ts";
import { readLogsFrom } from "../call.ts";
import { ask, logsServer, pretendOpenSearch } from "./pretend.ts";

afterEach(closeServers);
afterEach(() => vi.unstubAllEnvs());
afterAll(cleanupRecordings);

const line = (minutes: number, level: string, message: string, extra = {}) =>
  logLine(minutes, "storefront", level, message, extra);
/** All of it: left open, its start moves up where the log begins late. */
const WINDOW = { service: "storefront", from: "-15m" };
const searchesIn = (received: readonly Received[]) => received.filter(({ url }) => /\/_search$/.test(url.pathname));

describe("a log of a few lines in OpenSearch", () => {
  const trace = (minutes: number) => [
    line(minutes, "error", "payment failed: java.io.IOException: refused", { "host.name": "a" }),
    line(minutes + 0.001, "error", "    at shop.Pay.send(Pay.java:12)", { "host.name": "a" }),
    line(minutes + 0.002, "error", "    at shop.Pay.main(Pay.java:4)", { "host.name": "a" }),
  ];
  const documents = [
    ...Array.from({ length: 40 }, (_, index) => line(-24 + index / 2, "info", `order ${index} placed`)),
    ...[logLine(-3, "checkout", "warn", "not ours"), ...trace(1), ...trace(2)],
    line(3, "warning", "pool nearly full"),
  ];

  it.each([
    { service: "storefront" },
    { service: "storefront", level: "error" },
    { service: "storefront", contains: "SHOP.PAY.MAIN" },
    { service: "storefront", from: "-10m", to: "-2m" },
    { service: "pricing" },
  ])("answers %j as the recording does, stack traces joined", async (args) => {
    const { url } = await startServer(pretendOpenSearch({ documents }));
    const [expected, answer] = [
      await (await readLogsFrom({ logs: documents })).call(args),
      await ask(await logsServer(url), args),
    ];
    const bare = (text: string) => text.replace(/ (?:id|url)="[^"]*"|(?<=evidence )\S+(?=>)/g, "");
    expect(bare(answer.text)).toBe(bare(expected.text));
  });

  it("is read in pages out of an index held still, which is let go of", async () => {
    const many = Array.from({ length: 2_500 }, (_, index) => line(-9 + index / 200, "info", `order ${index} placed`));
    const { url, received } = await startServer(pretendOpenSearch({ documents: many }));
    const { text } = await ask(await logsServer(url), WINDOW);
    expect(text).toContain("info 2500 (before: 0)");
    const pages = searchesIn(received).map(({ body }) => JSON.parse(body) as { pit?: object; search_after?: unknown });
    expect(pages.map(({ search_after }) => search_after !== undefined)).toEqual([false, true, true]);
    for (const page of pages) expect(page.pit).toEqual({ id: "held", keep_alive: "1m" });
    const last = received.at(-1);
    expect([last?.method, last?.url.pathname]).toEqual(["DELETE", "/_search/point_in_time"]);
  });

  it("is read all the same where an index cannot be held still, and that is asked once", async () => {
    const { url, received } = await startServer(pretendOpenSearch({ documents, pits: false }));
    const server = await logsServer(url);
    for (let call = 0; call < 2; call++) {
      expect((await ask(server, WINDOW)).structured).toMatchObject({ outcome: "found" });
    }
    expect(received.filter(({ url: asked }) => asked.pathname.endsWith("point_in_time"))).toHaveLength(1);
    expect(searchesIn(received).at(-1)?.url.pathname).toBe("/logs-*/_search");
  });

  it("never holds anything later than the moment that is stood at", async () => {
    const later = [...documents, line(5.5, "error", "from the future")];
    const { url, received } = await startServer(pretendOpenSearch({ documents: later }));
    const { text } = await ask(await logsServer(url), WINDOW);
    expect(text).not.toContain("from the future");
    const limits = received.flatMap(({ body }) => [...body.matchAll(/"lt":(\d+)/g)].map(([, limit]) => Number(limit)));
    expect(limits.length).toBeGreaterThan(3);
    for (const limit of limits) expect(limit).toBeLessThanOrEqual(ALERT_AT + 5 * 60_000);
  });

  it("is asked about a service by the name that its annotation has for the logs", async () => {
    const catalog = [component("storefront", [], { "oncall/logs-service": "shop-front" }), component("checkout")];
    const renamed = [logLine(1, "shop-front", "error", "broken"), logLine(1, "storefront", "error", "another's")];
    const { url } = await startServer(pretendOpenSearch({ documents: renamed }));
    const { text } = await ask(await logsServer(url, {}, catalog), WINDOW);
    expect(text).toMatch(/storefront error log, pattern \w+: 1 line in the window/);
    expect(text).not.toContain("another's");
  });

  it("has the level that its own text states where it has no field for one, and a gap where a number means two", async () => {
    const texts = [
      'level=error msg="stock refused"',
      "E1123 07:16:00.813426       1 server.go:107] mount failed",
      "2026/11/23 07:16:00 [error] 31#31: connect() failed",
      "2026-11-23 07:16:00,123 WARNING retrying",
    ];
    const unlevelled = texts.map((message, index) => ({
      ...{ "@timestamp": at(index), "service.name": "storefront", message },
    }));
    const levelled = [
      ...["FTL", "ERROR+4", 17, "17", 40].map((level, index) => ({
        ...line(index - 6, "x", "said"),
        "log.level": level,
      })),
    ];
    const { url } = await startServer(pretendOpenSearch({ documents: [...unlevelled, ...levelled] }));
    const { structured } = await ask(await logsServer(url), WINDOW);
    expect(structured["levels"]).toMatchObject({ window: { error: 7, warn: 2, info: 0, debug: 0 } });
    const gaps = structured["gaps"] as string[];
    expect(gaps.some((gap) => gap.startsWith("1 lines have the level 30 or 40"))).toBe(true);
    expect(gaps.some((gap) => gap.includes("no known level"))).toBe(false);
  });

  it("may write levels as numbers, in any case, or not at all, and nested objects", async () => {
    const mixed = [
      { ...line(-9, "x", "quiet"), "log.level": 30 },
      { "@timestamp": at(1), "service.name": "storefront", log: { level: "ERROR" }, message: "nested" },
      { ...line(2, "x", "loud"), "log.level": 50 },
      { "@timestamp": at(3), "service.name": "storefront", message: "levelless" },
    ];
    const { url } = await startServer(pretendOpenSearch({ documents: mixed }));
    const { structured } = await ask(await logsServer(url), WINDOW);
    expect(structured["levels"]).toMatchObject({ window: { error: 2, warn: 0, info: 2, debug: 0 } });
    expect(structured["gaps"]).toContainEqual("1 lines have no known level and count as info");
  });
});

describe("evidence of OpenSearch", () => {
  const documents = [line(-9, "info", "before"), line(1, "error", 'said "no"')];

  it("links to the document, and to a search for the same service and window", async () => {
    const { url } = await startServer(pretendOpenSearch({ documents }));
    const { text } = await ask(await logsServer(url), WINDOW);
    expect(text).toContain(`url="${url}/logs-1/_doc/L2"`);
    const link = new URL(/url="([^"]+_search[^"]*)"/.exec(text)?.[1] ?? "");
    expect(link.searchParams.get("q")).toBe(`service.name:"storefront" AND @timestamp:[${at(-10)} TO ${at(5)}}`);
  });

  it("links to Dashboards where that is configured", async () => {
    const { url } = await startServer(pretendOpenSearch({ documents }));
    const env = {
      ONCALL_LOGS_DASHBOARDS_URL: "https://dashboards.test/base/",
      ONCALL_LOGS_DASHBOARDS_INDEX_PATTERN: "logs-pattern",
    };
    const { text } = await ask(await logsServer(url, env), WINDOW);
    expect(text).toContain('url="https://dashboards.test/base/app/discover#/doc/logs-pattern/logs-1?id=L2"');
    const discover = /url="(https:[^"]+_g=[^"]+)"/.exec(text)?.[1] ?? "";
    expect(decodeURIComponent(discover)).toContain(
      `_g=(time:(from:'${at(-10)}',to:'${at(5)}'))&_a=(index:'logs-pattern',query:(language:kuery,query:'service.name:"storefront"'))`,
    );
  });
});

describe("a credential for OpenSearch", () => {
  const documents = [line(1, "error", "broken")];
  const sentWith = async (env: Record<string, string>) => {
    const { url, received } = await startServer(pretendOpenSearch({ documents }));
    const server = await logsServer(url, env);
    expect((await ask(server, WINDOW)).structured).toMatchObject({ outcome: "found" });
    expect(received.length).toBeGreaterThan(3);
    return received;
  };

  it.each([
    [
      { ONCALL_LOGS_OPENSEARCH_USERNAME: "reader", ONCALL_LOGS_OPENSEARCH_PASSWORD: "made-up" },
      "Basic cmVhZGVyOm1hZGUtdXA=",
    ],
    [{ ONCALL_LOGS_OPENSEARCH_API_KEY: "made-up" }, "ApiKey made-up"],
    [{ ONCALL_LOGS_OPENSEARCH_TOKEN: "made-up" }, "Bearer made-up"],
  ])("goes with every request as %j says", async (env, header) => {
    for (const { headers } of await sentWith(env as Record<string, string>)) expect(headers.authorization).toBe(header);
  });

  it.each(["es", "aoss"])("of AWS signs every request for %s, its body included", async (service) => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "made-up");
    const env = { ONCALL_LOGS_OPENSEARCH_AWS_REGION: "eu-west-1", ONCALL_LOGS_OPENSEARCH_AWS_SERVICE: service };
    for (const request of await sentWith(env)) {
      const signed = checkSignature(request, "made-up");
      expect(signed).toMatchObject({ accessKeyId: "AKIDEXAMPLE", region: "eu-west-1", service });
      expect(signed.headers).toContain("host");
      expect(request.headers["x-amz-content-sha256"]).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it("of AWS that is not there is asked for by its variables, and nothing is sent", async () => {
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"]) vi.stubEnv(name, undefined);
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent/credentials");
    vi.stubEnv("AWS_CONFIG_FILE", "/nonexistent/config");
    const { url, received } = await startServer(pretendOpenSearch({ documents }));
    const server = await logsServer(url, { ONCALL_LOGS_OPENSEARCH_AWS_REGION: "eu-west-1" });
    const { structured } = await ask(server, WINDOW);
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "forbidden" });
    expect(structured["message"]).toMatch(/^no AWS credential to ask with \(.*\); set AWS_PROFILE, AWS_ROLE_ARN /);
    expect(received).toEqual([]);
  });
});
