import { createLogger, EvidenceKey, loadCatalog } from "@oncall-copilot/core";
import { openRecording } from "@oncall-copilot/core/recording";
import { defineServer, runCall, VERSION } from "@oncall-copilot/core/server";
import { z } from "zod";
import { queryHistory } from "../../../servers/history/src/query-history.ts";
import { recordedHistory } from "../../../servers/history/src/stores/recording.ts";
import type { Incident } from "./incidents.ts";

const Answer = z.object({
  incidents: z.array(z.object({ id: z.string() })),
  stats: z.object({ root_causes: z.array(z.object({ root_cause: z.string() })) }).nullable(),
});

/** What an answer of query_history tells. */
export interface Told {
  /** The incidents that it shows, in its order. */
  readonly ids: readonly string[];
  /** The root causes that its figures over all matches name. */
  readonly causes: readonly string[];
}

export interface Asking {
  /** What query_history tells about an incident at the moment it began. */
  ask(incident: Incident, most: number): Promise<Told>;
  close(): Promise<void>;
}

/** The real query_history over a recording's history, asked at any moment: nothing later than that is seen. */
export async function openHistory(dir: string): Promise<Asking> {
  const recording = await openRecording(dir);
  const catalog = await loadCatalog(recording.path("catalog") ?? "");
  const store = recordedHistory(recording, { memoryMb: 1_024, threads: 2 });
  const tool = queryHistory({ catalog, store });
  let now = recording.asOf;
  const server = defineServer({
    name: "oncall-history",
    version: VERSION,
    letter: "h",
    instructions: "",
    tools: [tool],
    now: () => now,
  });
  const options = { key: new EvidenceKey(new Uint8Array(32).fill(1)), log: createLogger("evals", "silent") };
  return {
    ask: async ({ alert, service, summary, started_at }, most) => {
      now = started_at;
      const { structured } = await runCall(server, tool, { service, alert, summary, limit: most }, options);
      const { incidents, stats } = Answer.parse(structured);
      return {
        ids: incidents.map(({ id }) => id),
        causes: (stats?.root_causes ?? []).map(({ root_cause }) => root_cause),
      };
    },
    close: () => store.close(),
  };
}
