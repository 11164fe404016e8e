import { Agent, request } from "node:http";
import { join } from "node:path";
import { createLogger } from "@oncall-copilot/core";
import { runCall, type ServerDefinition } from "@oncall-copilot/core/server";
import { encode } from "gpt-tokenizer";
import { buildServer, configSchema } from "../../../servers/logs/src/server.ts";
import { KEY } from "../../logs/call.ts";
import { ask, createIndex, linesOf, loadDocuments } from "../../real/opensearch/load.ts";
import { startOpenSearch } from "../../real/opensearch/start.ts";
import { closeServers, type Received, startServer } from "../../support/http/server.ts";
import { LINES, LOUD, millionLines, QUIET } from "../generate-logs.ts";
import { interleaved, median, ratio, rounded } from "../measure.ts";
import type { BenchOptions, Section } from "../section.ts";

const MAX_RATIO = 1.3;
const MAX_TOKENS = 1_500;
const INDEX = "million";

const CASES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [`last 15 min of ${QUIET}`]: { service: QUIET },
  [`last 15 min of ${LOUD}`]: { service: LOUD },
  [`last hour of ${LOUD}: half a million lines`]: { service: LOUD, from: "-1h" },
  [`last hour of ${LOUD}, errors`]: { service: LOUD, from: "-1h", level: "error" },
};

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

const agent = new Agent({ keepAlive: true });

/** Sends a request as it is and reads the answer's bytes, no more. */
function send(url: string, { method, path, body }: Sent): Promise<{ status: number; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    const type = path.startsWith("/_msearch") ? "application/x-ndjson" : "application/json";
    const sending = request(`${url}${path}`, { method, agent, headers: { "content-type": type } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () => resolve({ status: response.statusCode ?? 0, bytes: Buffer.concat(chunks) }));
    });
    sending.once("error", reject);
    sending.end(body);
  });
}

async function serverAt(url: string, recording: string): Promise<ServerDefinition> {
  return buildServer(
    configSchema.parse({
      ONCALL_LOGS_OPENSEARCH_URL: url,
      ONCALL_LOGS_OPENSEARCH_INDEX: INDEX,
      ONCALL_CATALOG: join(recording, "catalog.yaml"),
      ONCALL_AS_OF: "2026-03-01T10:05:00Z",
    }),
  );
}

async function call(server: ServerDefinition, args: object) {
  const [tool] = server.tools;
  if (!tool) throw new Error("the server has no tool");
  const answer = await runCall(server, tool, args, {
    key: KEY,
    log: createLogger("bench", "silent"),
    deadlineMs: 60_000,
  });
  if (answer.isError) throw new Error(answer.text);
  return answer;
}

/** What a call asks of OpenSearch, listened to on the way. */
async function sentBy(url: string, recording: string, args: object): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  const listening = await startServer(async ({ method, url: asked, body }: Received, response) => {
    const one = { method, path: `${asked.pathname}${asked.search}`, body };
    sent.push(one);
    const { status, bytes } = await send(url, one);
    response.writeHead(status, { "content-type": "application/json" }).end(bytes);
  });
  const server = await serverAt(listening.url, recording);
  await call(server, args); // asks for the mapping, which is then remembered
  sent.length = 0;
  await call(server, args);
  await server.close?.();
  await listening.close();
  return sent;
}

/** read_logs over a million documents against the aggregations that it stands on, sent raw. */
export async function benchRealLogs({ runs = 7, progress }: BenchOptions): Promise<Section> {
  progress("starting OpenSearch");
  const { url, stop } = await startOpenSearch();
  try {
    progress(`loading ${LINES} documents`);
    const recording = await millionLines();
    await createIndex(url, INDEX, "dynamic");
    await loadDocuments(url, INDEX, linesOf(join(recording, "logs.ndjson.gz")));
    const server = await serverAt(url, recording);
    const rows: (string | number)[][] = [];
    const [allRaw, allRead]: [number[], number[]] = [Array(runs).fill(0), Array(runs).fill(0)];
    let maxTokens = 0;
    for (const [name, args] of Object.entries(CASES)) {
      progress(name);
      const sent = await sentBy(url, recording, args);
      const counting = sent.filter(({ body }) => body.includes('"aggs"'));
      const forget = () => ask(url, "POST", `/${INDEX}/_cache/clear`);
      const timed = async (work: () => Promise<unknown>) => {
        await forget();
        const started = performance.now();
        await work();
        return performance.now() - started;
      };
      const raw = async (requests: readonly Sent[]) => {
        for (const one of requests) await send(url, one);
      };
      const times = await interleaved<number>(
        { raw: () => timed(() => raw(counting)), read: () => timed(() => call(server, args)) },
        runs,
      );
      const answer = await call(server, args);
      const tokens = Math.max(encode(answer.text).length, encode(JSON.stringify(answer.structured)).length);
      const against = ratio(times["read"] ?? [], times["raw"] ?? []);
      for (let run = 0; run < runs; run++) {
        allRaw[run] = (allRaw[run] ?? 0) + (times["raw"]?.[run] ?? Number.NaN);
        allRead[run] = (allRead[run] ?? 0) + (times["read"]?.[run] ?? Number.NaN);
      }
      maxTokens = Math.max(maxTokens, tokens);
      const ms = (which: string) => Math.round(median(times[which] ?? []));
      rows.push([name, ms("raw"), ms("read"), rounded(against), counting.length, sent.length, tokens]);
    }
    await server.close?.();
    return {
      title: `read_logs over ${LINES.toLocaleString("en")} documents in OpenSearch`,
      about: `One node, its caches emptied before each run; raw is the same aggregation requests one after the other, their bytes read and no more; medians of ${runs} interleaved runs, the goal of all cases of a run together.`,
      head: ["case", "raw ms", "read_logs ms", "ratio", "aggregations", "requests", "tokens"],
      rows,
      goals: [
        { what: "read_logs against its raw aggregations", measured: rounded(ratio(allRead, allRaw)), most: MAX_RATIO },
        { what: "tokens of an answer", measured: maxTokens, most: MAX_TOKENS },
      ],
    };
  } finally {
    await closeServers();
    agent.destroy();
    await stop();
  }
}
