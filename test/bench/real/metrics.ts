import { createServer, request as forward } from "node:http";
import { join } from "node:path";
import { createLogger } from "@oncall-copilot/core";
import { runCall, type ServerDefinition } from "@oncall-copilot/core/server";
import { encode } from "gpt-tokenizer";
import { buildServer, configSchema } from "../../../servers/metrics/src/server.ts";
import { KEY } from "../../metrics/call.ts";
import { installPrometheus } from "../../real/prometheus/install.ts";
import { startPrometheus } from "../../real/prometheus/start.ts";
import { listen } from "../../support/http/server.ts";
import { cleanupRecordings, writeRecording } from "../../support/recording.ts";
import { interleaved, median, ratio, rounded } from "../measure.ts";
import type { BenchOptions, Section } from "../section.ts";
import { catalogOf, NOW, SCRAPE, SERVICES, samplesOfHundred } from "./hundred-services.ts";

const SIZES = [1, 10, 100] as const;
/** As many at a time as our own client asks. */
const AT_ONCE = 6;
const MAX_ANSWER = 1_500;

/** A request as it went over the wire. */
interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** Stands before Prometheus and notes each request. */
async function countingProxy(target: string) {
  const seen: Seen[] = [];
  const { hostname, port } = new URL(target);
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { method = "", url: path = "", headers } = incoming;
    seen.push({ method, path, body: body.toString() });
    const sent = forward({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    sent.on("error", () => outgoing.destroy());
    sent.end(body);
  });
  const { port: own, end } = await listen(server);
  return { url: `http://127.0.0.1:${own}`, seen, end };
}

/** The same queries without the tool: sent, and their JSON parsed. */
async function raw(url: string, queries: readonly Seen[]): Promise<void> {
  const waiting = [...queries];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { method, path, body } = next;
      const form = { "content-type": "application/x-www-form-urlencoded" };
      const answered = await fetch(`${url}${path}`, { method, ...(method === "POST" ? { body, headers: form } : {}) });
      JSON.parse(await answered.text());
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function call(server: ServerDefinition) {
  const [tool] = server.tools;
  if (!tool) throw new Error("the server has no tool");
  const log = createLogger("bench", "silent");
  const answer = await runCall(server, tool, { service: SERVICES[0] }, { key: KEY, log, deadlineMs: 60_000 });
  if (answer.isError) throw new Error(answer.text);
  return answer;
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

/** read_metrics over one, ten and a hundred services of a real Prometheus, against the very queries that it makes. */
export async function benchMetrics({ runs = 9, progress }: BenchOptions): Promise<Section> {
  await installPrometheus();
  progress("loading a hundred services into Prometheus");
  const prometheus = await startPrometheus(samplesOfHundred());
  const proxy = await countingProxy(prometheus.url);
  try {
    const cases = [];
    for (const size of SIZES) {
      const folder = await writeRecording({ catalog: catalogOf(size) });
      const server = await buildServer(
        configSchema.parse({
          ...{ ONCALL_METRICS_PROMETHEUS_URL: proxy.url, ONCALL_METRICS_PRESETS: "prometheus-client" },
          ...{ ONCALL_METRICS_PROMETHEUS_SCRAPE_SECONDS: String(SCRAPE), ONCALL_CATALOG: join(folder, "catalog.yaml") },
          ONCALL_AS_OF: new Date(NOW * 1000).toISOString(),
        }),
      );
      const before = proxy.seen.length;
      const { text, structured } = await call(server);
      const queries = proxy.seen.slice(before);
      const tokens = Math.max(encode(text).length, encode(JSON.stringify(structured)).length);
      cases.push({ size, server, queries, tokens });
    }
    progress("asking");
    const readings = await interleaved<number>(
      Object.fromEntries(
        cases.flatMap(({ size, server, queries }) => [
          [`raw ${size}`, () => timed(() => raw(proxy.url, queries))],
          [`tool ${size}`, () => timed(() => call(server))],
        ]),
      ),
      runs,
    );
    for (const { server } of cases) await server.close?.();
    const ms = (name: string) => readings[name] ?? [];
    const rows = cases.map(({ size, queries, tokens }) => [
      ...[size, queries.length, Math.round(median(ms(`raw ${size}`))), Math.round(median(ms(`tool ${size}`)))],
      ...[rounded(ratio(ms(`tool ${size}`), ms(`raw ${size}`))), tokens],
    ]);
    const signals = new Set(cases.flatMap(({ queries }) => queries.map(templateOf))).size;
    return {
      title: "read_metrics of a real Prometheus",
      about: `The prometheus-client preset, its ${signals} signals over 15 minutes and the hour before; requests counted on the wire. Raw: the very same queries, ${AT_ONCE} at a time, with their JSON parsed. Medians of ${runs} interleaved runs.`,
      head: ["services", "requests", "raw ms", "read_metrics ms", "ratio", "answer tokens"],
      rows,
      goals: [
        {
          what: "requests a signal and call, whatever the number of services",
          measured: Math.max(...cases.map(({ queries }) => queries.length / signals)),
          most: 1,
        },
        {
          what: "tokens of the largest answer",
          measured: Math.max(...cases.map(({ tokens }) => tokens)),
          most: MAX_ANSWER,
        },
      ],
    };
  } finally {
    await proxy.end();
    await prometheus.stop();
    await cleanupRecordings();
  }
}

/** A query without the names of services in it: the same for each signal. */
function templateOf({ path, body, method }: Seen): string {
  const given = method === "POST" ? new URLSearchParams(body) : new URL(path, "http://prometheus").searchParams;
  return (given.get("query") ?? "").replace(/service=~?'[^']*'/g, "$service");
}
