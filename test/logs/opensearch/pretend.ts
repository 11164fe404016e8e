import { join } from "node:path";
import { createLogger } from "@oncall-copilot/core";
import { type CallResult, runCall, type ServerDefinition } from "@oncall-copilot/core/server";
import { buildServer, configSchema } from "../../../servers/logs/src/server.ts";
import { type Handler, type Received, sendJson } from "../../support/http/server.ts";
import { ALERT_AT, writeRecording } from "../../support/recording.ts";
import { KEY } from "../call.ts";

/**
 * A double that speaks as much of OpenSearch's protocol as a log of a few lines takes, in the shapes that OpenSearch 2.19 was seen
 * to answer in. What a search means is left to the real one: `npm run test:real -- opensearch`.
 */
export interface Pretend {
  /** Documents, oldest first. */
  readonly documents: readonly Readonly<Record<string, unknown>>[];
  readonly mapping?: Readonly<Record<string, object>>;
  /** Whether it can hold an index still. */
  readonly pits?: boolean;
  /** What it answers other paths with: who the caller is, for one. */
  readonly others?: Handler;
  readonly shards?: object;
}

const FIELDS = {
  "@timestamp": { type: "date" },
  "service.name": { type: "keyword" },
  "log.level": { type: "keyword" },
  message: { type: "text", fields: { keyword: { type: "keyword", ignore_above: 256 } } },
};

type Document = Readonly<Record<string, unknown>>;
type Body = Readonly<Record<string, never>> & Record<string, unknown>;

const timeOf = (document: Document) => Date.parse(String(document["@timestamp"]));

/** Terms, ranges and their combinations; whatever else is a search that only the real one can do. */
function passes(clause: unknown, document: Document): boolean {
  const [[kind, value] = ["", {}]] = Object.entries(clause as Record<string, Record<string, unknown>>);
  if (kind === "bool") {
    const list = (name: string) => [(value as Record<string, unknown>)[name] ?? []].flat();
    return (
      list("filter").every((one) => passes(one, document)) &&
      (list("should").length === 0 || list("should").some((one) => passes(one, document))) &&
      !list("must_not").some((one) => passes(one, document))
    );
  }
  const [[field, wanted] = ["", {}]] = Object.entries(value as Record<string, unknown>);
  if (kind === "terms") return (wanted as unknown[]).includes(document[field]);
  if (kind === "range") {
    const { gte = Number.NEGATIVE_INFINITY, lt = Number.POSITIVE_INFINITY } = wanted as { gte?: number; lt?: number };
    return timeOf(document) >= gte && timeOf(document) < lt;
  }
  throw new Error(`this double knows no ${kind}`);
}

const hitOf = (document: Document, number: number) => ({
  ...{ _index: "logs-1", _id: `L${number}`, _score: null, _source: document },
  fields: { "@timestamp": [String(timeOf(document))] },
  sort: [timeOf(document), 0, number],
});

function aggregationsOf(aggs: Body, found: readonly Document[]): object {
  const parts = aggs["parts"] as { date_range: { ranges: { key: string; from: number; to: number }[] } } | undefined;
  if (parts === undefined) {
    const slots = new Set(found.map((document) => Math.floor(timeOf(document) / 10_000) * 10_000));
    return { slots: { buckets: [...slots].map((key) => ({ key, key_as_string: "", doc_count: 1 })) } };
  }
  const buckets = parts.date_range.ranges.map(({ key, from, to }) => {
    const inside = found.filter((document) => timeOf(document) >= from && timeOf(document) < to);
    const values = [...new Set(inside.flatMap((document) => document["log.level"] ?? []))];
    const levels = values.map((value) => ({
      key: value,
      doc_count: inside.filter((document) => document["log.level"] === value).length,
      some: { hits: { total: { value: 0, relation: "eq" }, max_score: null, hits: [] } },
    }));
    return { key, from, to, doc_count: inside.length, levels: { buckets: levels } };
  });
  return { parts: { buckets } };
}

function search(body: Body, { documents, shards = {} }: Pretend) {
  const found = documents.flatMap((document, index) =>
    passes(body["query"], document) ? [hitOf(document, index + 1)] : [],
  );
  const descends = JSON.stringify(body["sort"] ?? "").includes('"desc"');
  const ordered = descends ? found.toReversed() : found;
  const after = (body["search_after"] as number[] | undefined)?.at(-1) ?? 0;
  const size = Number(body["size"]);
  const hits = ordered.filter((hit) => (hit.sort.at(-1) ?? 0) > after).slice(0, size);
  return {
    ...{ took: 1, timed_out: false, status: 200 },
    _shards: { total: 2, successful: 2, skipped: 0, failed: 0, ...shards },
    hits: { total: { value: found.length, relation: "eq" }, max_score: null, hits },
    ...(body["pit"] ? { pit_id: "held" } : {}),
    ...(body["aggs"]
      ? {
          aggregations: aggregationsOf(
            body["aggs"] as Body,
            found.map(({ _source }) => _source),
          ),
        }
      : {}),
  };
}

const noHandler = ({ method, url }: Received) => ({
  error: `no handler found for uri [${url.pathname}] and method [${method}]`,
});

export function pretendOpenSearch(pretend: Pretend): Handler {
  const { mapping = FIELDS, pits = true, others } = pretend;
  return (request, response) => {
    const { method, url, body } = request;
    const path = url.pathname;
    if (path.includes("/_mapping/field/")) {
      const mappings = Object.fromEntries(
        Object.entries(mapping).map(([name, property]) => [
          name,
          { full_name: name, mapping: { [name.split(".").at(-1) ?? name]: property } },
        ]),
      );
      return sendJson(response, 200, Object.keys(mapping).length === 0 ? {} : { "logs-1": { mappings } });
    }
    if (path === "/_msearch") {
      const bodies = body
        .trimEnd()
        .split("\n")
        .filter((_, index) => index % 2 === 1);
      return sendJson(response, 200, {
        took: 1,
        responses: bodies.map((one) => search(JSON.parse(one) as Body, pretend)),
      });
    }
    if (pits && path.endsWith("/_search/point_in_time")) {
      if (method === "DELETE") return sendJson(response, 200, { pits: [{ successful: true, pit_id: "held" }] });
      return sendJson(response, 200, {
        pit_id: "held",
        _shards: { total: 2, successful: 2, skipped: 0, failed: 0 },
        creation_time: 1,
      });
    }
    if (path.endsWith("/_search")) return sendJson(response, 200, search(JSON.parse(body) as Body, pretend));
    if (others) return others(request, response);
    return sendJson(response, 400, noHandler(request));
  };
}

/** A server that answers from the OpenSearch at `url`, five minutes after the tests' usual alert. */
export async function logsServer(
  url: string,
  env: Record<string, string> = {},
  catalog?: readonly object[],
): Promise<ServerDefinition> {
  const folder = await writeRecording(catalog ? { catalog } : {});
  return buildServer(
    configSchema.parse({
      ONCALL_LOGS_OPENSEARCH_URL: url,
      ONCALL_LOGS_OPENSEARCH_INDEX: "logs-*",
      ONCALL_CATALOG: join(folder, "catalog.yaml"),
      ONCALL_AS_OF: new Date(ALERT_AT + 5 * 60_000).toISOString(),
      ...env,
    }),
  );
}

export async function ask(server: ServerDefinition, args: object, deadlineMs = 10_000): Promise<CallResult> {
  const [tool] = server.tools;
  if (!tool) throw new Error("the server has no tool");
  return runCall(server, tool, args, { key: KEY, log: createLogger("test", "silent"), deadlineMs });
}
