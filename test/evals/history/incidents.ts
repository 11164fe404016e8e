import { readLines } from "@oncall-copilot/core/recording";
import { z } from "zod";

const Row = z.object({
  id: z.string(),
  fingerprint: z.string().nullable(),
  alert: z.string(),
  service: z.string(),
  summary: z.string(),
  started_at: z.string().transform((text) => Date.parse(text)),
  resolved_at: z
    .string()
    .nullable()
    .transform((text) => (text === null ? null : Date.parse(text))),
  root_cause: z.string().nullable(),
});
/** A past incident; instants are epoch milliseconds. */
export type Incident = z.infer<typeof Row>;

/** The incidents of a history.ndjson.gz, oldest first. */
export async function readIncidents(file: string): Promise<Incident[]> {
  const incidents: Incident[] = [];
  for await (const { text } of readLines(file)) incidents.push(Row.parse(JSON.parse(text)));
  return incidents.sort((a, b) => a.started_at - b.started_at);
}

/** A root cause as it is compared: other figures, commits and spacing do not make another cause. Null when none is written down. */
export function causeOf({ root_cause: cause }: Pick<Incident, "root_cause">): string | null {
  const text = cause
    ?.toLowerCase()
    .replace(/<(?:n|commit|version)>/g, "#")
    .replace(/\b[0-9a-f]*\d[0-9a-f.,]*\b/g, "#")
    .replace(/\s+/g, " ")
    .trim();
  return text ? text : null;
}

/** Those that were over, and their cause known, at a moment (epoch ms). */
export const knownAt = (incidents: readonly Incident[], at: number): Incident[] =>
  incidents.filter(({ resolved_at: end }) => end !== null && end < at);
