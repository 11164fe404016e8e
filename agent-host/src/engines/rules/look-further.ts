import { walkDependencies } from "@oncall-copilot/core";
import { LogsAnswer } from "../../tools/answers.ts";
import type { Inquiry } from "./inquiry.ts";
import type { Seen } from "./seen.ts";
import { SURE } from "./suspicion.ts";

/** How many more logs are read: every service of a walk that people can still look over. */
const MAX_LOGS = 24;

/**
 * When the metrics make nobody a suspect to speak of, any log of the walk may tell: an error that code swallows, or answers with
 * a success, hardly shows in figures. Where they do, nothing more is asked.
 */
export async function lookFurther(inquiry: Inquiry, seen: Seen): Promise<Seen> {
  const { catalog } = inquiry.investigation;
  const start = catalog.find(seen.service);
  const suspects = [...(seen.metrics?.suspects ?? []), ...(seen.metrics?.more?.suspects ?? [])];
  if (!start || suspects.some(({ score }) => score >= SURE)) return seen;
  const unread = walkDependencies(catalog, start)
    .map(({ entry }) => entry)
    .filter(({ name, kind }) => kind === "service" && !seen.logs.has(name))
    .slice(0, MAX_LOGS);
  if (unread.length === 0) return seen;
  inquiry.investigation.progress("no service stands out by its metrics: reading the logs of all that it depends on");
  const answers = await Promise.all(
    unread.map(({ name }) => inquiry.ask(LogsAnswer, "read_logs", { service: name, ...inquiry.window })),
  );
  const told = answers.flatMap((answer) => (answer ? [[answer.service, answer] as const] : []));
  return { ...seen, logs: new Map([...seen.logs, ...told]) };
}
