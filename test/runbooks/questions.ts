import { join } from "node:path";
import { createLogger, loadCatalog } from "@oncall-copilot/core";
import { openRecording, type Recording } from "@oncall-copilot/core/recording";
import { defineServer, runCall, type ServerDefinition } from "@oncall-copilot/core/server";
import { readRunbook } from "../../servers/runbooks/src/read-runbook.ts";
import type { RunbookStore } from "../../servers/runbooks/src/store.ts";
import { ROOT } from "../support/mcp/servers.ts";
import { KEY } from "./ask.ts";

export const RECORDINGS = ["bad-deployment-three-hops", "healthy-peak"] as const;

/** A recording of the project's, and whatever else shall answer in its place. */
export async function openParity(name: (typeof RECORDINGS)[number]) {
  const dir = join(ROOT, "test/recordings", name);
  const recording = await openRecording(dir);
  const catalog = await loadCatalog(join(dir, "catalog.yaml"));
  const serverOf = (store: RunbookStore): ServerDefinition =>
    defineServer({
      ...{ name: "oncall-runbooks", version: "0", letter: "r", instructions: "" },
      tools: [readRunbook({ catalog, store, limits: { days: 365, deployments: 10 } })],
      now: () => recording.asOf,
    });
  return { recording, catalog, serverOf, questions: questionsOf(recording, catalog.names) };
}

export async function call(server: ServerDefinition, args: object) {
  const [tool] = server.tools;
  if (!tool) throw new Error("the server has no tool");
  return runCall(server, tool, args, { key: KEY, log: createLogger("test", "silent") });
}

/** What is asked of each service: alone, about the recording's alert, about others' alerts, and in words. */
function questionsOf({ incident }: Recording, services: readonly string[]): object[] {
  const alerts = [incident.alert, "ErrorRatioHigh", "PodCrashLooping", "MemoryNearLimit", "NothingLikeThis"];
  const words = [
    "no connection free in the pool after a deployment",
    "the sessions are lost and customers log in again",
  ];
  return services.flatMap((service, index) => [
    { service },
    { service, alert: alerts[index % alerts.length], query: words[index % 2] },
    { service, query: words[(index + 1) % 2], limit: 6 },
  ]);
}
