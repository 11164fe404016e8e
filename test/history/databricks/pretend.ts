import { createLogger } from "@oncall-copilot/core";
import { readEnvironment, runCall } from "@oncall-copilot/core/server";
import { buildServer, configSchema } from "../../../servers/history/src/server.ts";
import type { Engine, Outcome, Statement } from "../../support/databricks/engine.ts";
import { type Front, type FrontOptions, HTTP_PATH, startFront, TOKEN } from "../../support/databricks/front.ts";
import { writeRecording } from "../../support/recording.ts";
import { KEY } from "../ask.ts";

const row = (part: string, n: number, body: object) => [part, n, JSON.stringify(body)];
const DAY_MS = 86_400_000;

/** A table of the statement's own shape: one incident of storefront, a day old. */
export function oneIncident({ args }: Pick<Statement, "args">): Outcome {
  const started = Number(args["now"]) - DAY_MS;
  return {
    columns: ["part", "n", "body"].map((name) => ({ name, type: name === "n" ? "int" : "string" })),
    rows: [
      row("extent", 0, { searched: 7, unreadable: 0 }),
      row("extent", 1, { fingerprint: 1, alike: 0 }),
      row("totals", 1, {
        ...{ count: 1, open: 0, last_90_days: 1, last_365_days: 1, first_at: started, last_at: started },
        ...{ median_seconds: 60, p25_seconds: 60, p75_seconds: 60, same_weekday: 0, same_hour: 1, with_cause: 1 },
      }),
      row("cause", 1, { root_cause: "a pool too small", count: 1 }),
      row("fix", 1, { fix: "made it larger", worked: 1, failed: 0, unknown: 0, median_seconds: 60, kinds: 1 }),
      row("incident", 1, {
        ...{ id: "INC-1", same: true, likeness: 1, alert: "HighErrorRate", service: "storefront", started },
        ...{ summary: "errors", resolved: started + 60_000, root_cause: "a pool too small", fix: "made it larger" },
        fix_worked: true,
      }),
    ],
  };
}

/** An engine that answers at once. */
export const answering = (answer: (statement: Statement) => Outcome = oneIncident): Engine => ({
  execute: async (statement) => answer(statement),
});

/** An engine that answers when the statement is cancelled, and not before. */
export const hanging = (): Engine & { readonly cancelled: () => number } => {
  let count = 0;
  return {
    cancelled: () => count,
    execute: (_, abort) =>
      new Promise((resolve) => {
        abort.addEventListener("abort", () => {
          count++;
          resolve({ error: { message: "cancelled", cancelled: true } });
        });
      }),
  };
};

const opened: { close(): Promise<void> }[] = [];

/** Closes what a test has opened. For `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const one of opened.splice(0).reverse()) await one.close();
}

export async function front(engine: Engine = answering(), options: FrontOptions = {}): Promise<Front> {
  const started = await startFront(engine, options);
  opened.push(started);
  return started;
}

/** What a server over the front is configured with. */
export const environment = ({ url, ca }: Pick<Front, "url" | "ca">): Record<string, string> => ({
  ONCALL_HISTORY_DATABRICKS_URL: url,
  ONCALL_HISTORY_DATABRICKS_HTTP_PATH: HTTP_PATH,
  ONCALL_HISTORY_DATABRICKS_TOKEN: TOKEN,
  ONCALL_HISTORY_DATABRICKS_CA: ca,
  ONCALL_HISTORY_TABLE: "main.ops.incidents",
});

export async function databricksServer(env: Readonly<Record<string, string | undefined>>) {
  const recording = await writeRecording({});
  const given = { ONCALL_CATALOG: `${recording}/catalog.yaml`, ...env };
  const server = await buildServer(readEnvironment(configSchema, given));
  opened.push({ close: async () => server.close?.() });
  const [tool] = server.tools;
  if (!tool) throw new Error("the server has no tool");
  const ask = (args: object = {}, options: { signal?: AbortSignal; progress?: (message: string) => void } = {}) =>
    runCall(
      server,
      tool,
      { service: "storefront", alert: "HighErrorRate", ...args },
      { key: KEY, log: createLogger("test", "silent"), ...options },
    );
  return { server, ask };
}
