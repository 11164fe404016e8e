import { join } from "node:path";
import { createLogger } from "@oncall-copilot/core";
import { type CallResult, runCall, type ServerDefinition } from "@oncall-copilot/core/server";
import { buildServer, configSchema } from "../../../servers/metrics/src/server.ts";
import { type Handler, type Received, sendJson } from "../../support/http/server.ts";
import { writeRecording } from "../../support/recording.ts";
import { KEY } from "../call.ts";

/** The moment that these tests stand at, epoch seconds; on the grid of every step they use. */
export const NOW = Date.parse("2026-03-01T10:15:00Z") / 1000;
export const MINUTE = 60;

export interface PretendRow {
  readonly metric: Record<string, string>;
  /** Of an instant in epoch seconds; undefined where there is no sample. */
  value(at: number): number | string | undefined;
}

/** What is asked of query_range, wherever it stands. */
export function askedIn({ url, body, method }: Received) {
  const given = method === "POST" ? new URLSearchParams(body) : url.searchParams;
  const [start, end, step] = ["start", "end", "step"].map((name) => Number(given.get(name)));
  return { query: given.get("query") ?? "", start: start ?? 0, end: end ?? 0, step: step ?? 1 };
}

/** Answers query_range in Prometheus' shape with the rows that a query gives. */
export function answering(rowsOf: (query: string) => readonly PretendRow[], more: object = {}): Handler {
  return (request, response) => {
    if (!request.url.pathname.endsWith("/query_range")) return sendJson(response, 404, { status: "error" });
    const { query, start, end, step } = askedIn(request);
    const instants = Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => start + index * step);
    const result = rowsOf(query).map(({ metric, value }) => ({
      metric,
      values: instants.flatMap((at) => {
        const given = value(at);
        return given === undefined ? [] : [[at, String(given)]];
      }),
    }));
    sendJson(response, 200, { status: "success", data: { resultType: "matrix", result }, ...more });
  };
}

/** A server that answers from the Prometheus at `url`, over the catalog given or the tests' usual one. */
export async function metricsServer(
  url: string,
  env: Record<string, string> = {},
  catalog?: readonly object[],
): Promise<ServerDefinition> {
  const folder = await writeRecording(catalog ? { catalog } : {});
  return buildServer(
    configSchema.parse({
      ONCALL_METRICS_PROMETHEUS_URL: url,
      ONCALL_CATALOG: join(folder, "catalog.yaml"),
      ONCALL_AS_OF: new Date(NOW * 1000).toISOString(),
      ...env,
    }),
  );
}

export async function ask(server: ServerDefinition, args: object, deadlineMs = 10_000): Promise<CallResult> {
  const [tool] = server.tools;
  if (!tool) throw new Error("the server has no tool");
  return runCall(server, tool, args, { key: KEY, log: createLogger("test", "silent"), deadlineMs });
}

/** One signal, asked as a gauge of its name. */
export const ONE_SIGNAL = {
  ONCALL_METRICS_SIGNALS: JSON.stringify({ signals: { error_ratio: "max by($by)(error_ratio{$service})" } }),
};
