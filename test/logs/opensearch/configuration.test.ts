import { ConfigError } from "@oncall-copilot/core";
import fc from "fast-check";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { buildServer, configSchema } from "../../../servers/logs/src/server.ts";
import { linkToLog } from "../../../servers/logs/src/stores/opensearch/link.ts";
import { FieldMappings, fieldsToMap, readMapping } from "../../../servers/logs/src/stores/opensearch/mapping.ts";
import { fieldsOf } from "../../../servers/logs/src/stores/opensearch/presets.ts";
import { closeServers } from "../../support/http/server.ts";
import { cleanupRecordings, logLine, writeRecording } from "../../support/recording.ts";
import { ask, logsServer } from "./pretend.ts";

afterEach(closeServers);
afterAll(cleanupRecordings);

const URL_SET = "http://127.0.0.1:9";

describe("the configuration of OpenSearch", () => {
  it.each([
    [{ ONCALL_LOGS_OPENSEARCH_USERNAME: "reader" }, /_USERNAME and ONCALL_LOGS_OPENSEARCH_PASSWORD go together/],
    [{ ONCALL_LOGS_OPENSEARCH_API_KEY: "a", ONCALL_LOGS_OPENSEARCH_TOKEN: "b" }, /only one may be set/],
    [{ ONCALL_LOGS_OPENSEARCH_API_KEY: "a", ONCALL_LOGS_OPENSEARCH_AWS_REGION: "eu-west-1" }, /only one may be set/],
    [{ ONCALL_LOGS_DASHBOARDS_INDEX_PATTERN: "logs" }, /needs ONCALL_LOGS_DASHBOARDS_URL/],
  ])("is refused as %j", async (env, says) => {
    const refused = logsServer(URL_SET, env as Record<string, string>);
    await expect(refused).rejects.toThrow(ConfigError);
    await expect(refused).rejects.toThrow(says);
  });

  it.each([
    ["ONCALL_LOGS_OPENSEARCH_URL", "ftp://logs"],
    ["ONCALL_LOGS_OPENSEARCH_INDEX", "logs/_delete_by_query"],
    ["ONCALL_LOGS_OPENSEARCH_CA", "no certificate"],
    ["ONCALL_LOGS_OPENSEARCH_PRESET", "splunk"],
    ["ONCALL_LOGS_OPENSEARCH_AWS_REGION", "here"],
    ["ONCALL_LOGS_OPENSEARCH_AWS_SERVICE", "s3"],
    ["ONCALL_LOGS_OPENSEARCH_LEVEL_FIELD", "log level"],
    ["ONCALL_LOGS_OPENSEARCH_STREAM_FIELDS", ","],
    ["ONCALL_LOGS_OPENSEARCH_TIMEOUT_SECONDS", "0"],
  ])("has no place for %s=%s", (name, value) => {
    expect(configSchema.safeParse({ [name]: value }).error?.issues[0]?.path[0]).toBe(name);
  });

  it("never has credentials in an address, which ends up in logs and links", async () => {
    const refused = logsServer("https://reader:made-up@logs.test");
    await expect(refused).rejects.toThrow(/must not hold credentials/);
    await expect(refused).rejects.not.toThrow(/made-up/);
  });

  it("needs an index and a catalog", async () => {
    const catalog = `${await writeRecording()}/catalog.yaml`;
    const bare = { ONCALL_LOGS_OPENSEARCH_URL: URL_SET };
    await expect(buildServer(configSchema.parse({ ...bare, ONCALL_CATALOG: catalog }))).rejects.toThrow(/_INDEX/);
    const indexed = { ...bare, ONCALL_LOGS_OPENSEARCH_INDEX: "logs-*" };
    await expect(buildServer(configSchema.parse(indexed))).rejects.toThrow(/ONCALL_CATALOG/);
  });

  it("gives way to a recording where both are there", async () => {
    const folder = await writeRecording({ logs: [logLine(1, "storefront", "error", "broken")] });
    const server = await buildServer(
      configSchema.parse({ ONCALL_RECORDING: folder, ONCALL_LOGS_OPENSEARCH_URL: URL_SET }),
    );
    expect((await ask(server, { service: "storefront" })).structured).toMatchObject({ outcome: "found" });
    const findings = await server.examine?.({ signal: AbortSignal.timeout(1_000), service: undefined, mayWake: false });
    expect(findings?.map(({ check, status }) => `${check} ${status}`)).toEqual(["configured ok"]);
  });
});

describe("a mapping", () => {
  const read = (
    fields: Record<string, object>,
    preset: "ecs" | "otel" | "otel-v1" = "ecs",
    more: Record<string, object> = {},
  ) => {
    const index = (properties: Record<string, object>) => ({
      mappings: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [
          name,
          { mapping: { [name.split(".").at(-1) ?? ""]: property } },
        ]),
      ),
    });
    const answer = { a: index(fields), ...(Object.keys(more).length > 0 ? { b: index({ ...fields, ...more }) } : {}) };
    return readMapping(FieldMappings.parse(answer), fieldsOf(preset, {}), "OpenSearch", "logs-*");
  };
  const dynamic = { type: "text", fields: { keyword: { type: "keyword", ignore_above: 256 } } };
  const time = { "@timestamp": { type: "date" } };

  it("that was made by itself is filtered by its keywords", () => {
    const mapping = read({ ...time, "service.name": dynamic, "log.level": dynamic, message: dynamic });
    expect(mapping).toMatchObject({ service: "service.name.keyword", level: "log.level.keyword", nanos: false });
    expect(mapping.message).toEqual({
      ...{ words: { field: "message", ordered: true }, parts: undefined },
      whole: { field: "message.keyword", most: 256 },
    });
  });

  it("of OpenTelemetry may keep its resource flat", () => {
    expect(fieldsToMap(fieldsOf("otel", {}))).toContain("resource");
    const fields = { "@timestamp": { type: "date_nanos" }, resource: { type: "flat_object" }, body: { type: "text" } };
    expect(read(fields, "otel")).toMatchObject({ service: "resource.service.name", level: undefined, nanos: true });
    const service = { "resource.attributes.service.name": { type: "keyword" }, "severity.text": { type: "keyword" } };
    expect(read({ ...time, ...service, body: { type: "text" } }, "otel-v1")).toMatchObject({ level: "severity.text" });
  });

  it("that differs between indices counts for what holds in all of them", () => {
    const fields = { ...time, "service.name": { type: "keyword" }, message: dynamic };
    expect(read(fields, "ecs", { message: { type: "text" } }).message.whole).toBeUndefined();
    const shorter = { type: "text", fields: { keyword: { type: "keyword", ignore_above: 64 } } };
    expect(read(fields, "ecs", { message: shorter }).message.whole).toEqual({ field: "message.keyword", most: 64 });
    expect(read(fields, "ecs", { message: { type: "match_only_text" } }).message.words?.ordered).toBe(false);
  });

  it("without a time, a service or a message says which variable to set", () => {
    const whole = { ...time, "service.name": { type: "keyword" }, message: { type: "text" } };
    const without = (name: string) => Object.fromEntries(Object.entries(whole).filter(([field]) => field !== name));
    expect(() => read(without("@timestamp"))).toThrow(/_TIME_FIELD/);
    expect(() => read(without("service.name"))).toThrow(/_SERVICE_FIELD/);
    expect(() => read(without("message"))).toThrow(/_MESSAGE_FIELD/);
    expect(() => read({ ...whole, "service.name": { type: "text" } })).toThrow(/filtered by \(keyword\)/);
  });
});

describe("a link to Dashboards", () => {
  it("holds any name within its own string", () => {
    const viewer = { kind: "dashboards", url: new URL("https://dashboards.test"), indexPattern: "p" } as const;
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }), (name) => {
        const looked = { index: "logs-*", timeField: "@timestamp", serviceField: "service.name", names: [name] };
        const link = linkToLog(viewer, { ...looked, window: { from: 0, to: 1000 } });
        expect(link).not.toMatch(/[\s"<>]/);
        const state = decodeURIComponent(link.slice(link.indexOf("&_a=")));
        const query = /query:\(language:kuery,query:'((?:![!']|[^!'])*)'\)\)$/s.exec(state)?.[1];
        expect(query?.replace(/!([!'])/g, "$1")).toBe(`service.name:"${name.replace(/[\\"]/g, "\\$&")}"`);
      }),
    );
  });
});
