import type { Evidence, Report } from "@oncall-copilot/core";
import { z } from "zod";
import type { ToolCall } from "../tools/toolbox.ts";

/** How many past incidents a report shows. */
const MAX_SIMILAR = 3;

const WithId = z.object({ id: z.string() });
const HistoryAnswer = z.object({ incidents: z.array(z.object({ evidence: WithId })) });
const RunbookAnswer = z.object({
  sections: z.array(
    z.object({
      title: z.string(),
      section: z.string().nullish(),
      version: z.union([z.string(), z.number()]).nullish(),
      updated: z.string().nullish(),
      age_days: z.number().nullish(),
      decay: z.array(z.string()).default([]),
      evidence: WithId,
    }),
  ),
});

/** The past incidents that query_history put first when it was last asked, whatever the engine made of them. */
export function similarIncidents(calls: readonly ToolCall[], evidence: ReadonlyMap<string, Evidence>): string[] {
  const ids = [...calls]
    .reverse()
    .filter(({ tool, outcome }) => tool === "query_history" && outcome === "found")
    .flatMap(({ structured }) => HistoryAnswer.safeParse(structured).data?.incidents ?? [])
    .map((incident) => incident.evidence.id)
    .filter((id) => evidence.has(id));
  return [...new Set(ids)].slice(0, MAX_SIMILAR);
}

/** The runbook section the engine chose, with what its server said of the page's version, age and decay. */
export function runbookOf(
  id: string | null,
  calls: readonly ToolCall[],
  evidence: ReadonlyMap<string, Evidence>,
): Report["runbook"] {
  if (id === null || !evidence.has(id)) return null;
  const section = calls
    .flatMap(({ tool, structured }) =>
      tool === "read_runbook" ? (RunbookAnswer.safeParse(structured).data?.sections ?? []) : [],
    )
    .find((candidate) => candidate.evidence.id === id);
  if (!section) return null;
  const version = section.version === undefined || section.version === null ? "" : `, version ${section.version}`;
  const updated = section.updated ? `, updated ${section.updated.slice(0, 10)}` : "";
  const age = typeof section.age_days === "number" ? ` (${section.age_days} days before)` : "";
  return { evidence_id: id, notes: [`${section.title}${version}${updated}${age}`, ...section.decay] };
}
