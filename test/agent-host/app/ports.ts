import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TriagePorts } from "../../../agent-host/src/app/run-triage.ts";
import { sha256 } from "../../../agent-host/src/audit/audit-log.ts";
import type { MadeReport } from "../../../agent-host/src/deliver/report-store.ts";

/** Ports in memory, as a door of its own would bring them, and everything that went through them in order. */
export async function memoryPorts(more: Partial<TriagePorts> = {}) {
  const told: string[] = [];
  const sent: MadeReport[] = [];
  const kept: MadeReport[] = [];
  const ports: TriagePorts = {
    audit: {
      append: async (type) => {
        told.push(type);
      },
      head: () => "0".repeat(64),
    },
    messenger: {
      send: async (made) => {
        told.push("message");
        sent.push(made);
      },
    },
    reports: {
      keep: async (made) => {
        told.push("kept");
        kept.push(made);
        const places = { report: "memory:report", markdown: "memory:markdown", diff: null };
        return { sha256: sha256(made.json), places };
      },
    },
    gitWorkdir: await mkdtemp(join(tmpdir(), "oncall-git-")),
    signal: new AbortController().signal,
    progress: () => {},
    ...more,
  };
  return { ports, told, sent, kept };
}
