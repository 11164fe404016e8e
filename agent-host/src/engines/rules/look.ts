import { interval } from "@oncall-copilot/core";
import type { z } from "zod";
import type { ToolCall } from "../../servers/toolbox.ts";
import type { Investigation } from "../engine.ts";
import { type Change, ChangesAnswer, HistoryAnswer, LogsAnswer, MetricsAnswer, RunbookAnswer } from "./answers.ts";

const MINUTE_MS = 60_000;
/** How far before the alert the signals and logs are read. */
const WINDOW_MS = 10 * MINUTE_MS;
/** How far back a change may lie and still be told. */
const CHANGES_MS = 6 * 60 * MINUTE_MS;
/** How many suspects' logs are read besides the alerting service's own. */
const MOST_LOGS = 4;
/** How many suspects' own changes are read in full. */
const MOST_CHANGES = 2;

/** All that the rules saw. A part is undefined when its server could not look. */
export interface Seen {
  readonly service: string;
  readonly metrics: z.infer<typeof MetricsAnswer> | undefined;
  readonly logs: ReadonlyMap<string, LogsAnswer>;
  readonly changes: readonly Change[] | undefined;
  readonly history: HistoryAnswer["stats"] | undefined;
  readonly runbook: string | null;
  /** Answers that were found but are not of the shape the rules read, and why: a fault of ours, to be told. */
  readonly unreadable: readonly string[];
}

/** Asks every server once, at the same time, then the logs of those that the metrics made suspects. */
export async function look(investigation: Investigation, service: string): Promise<Seen> {
  const { incident, toolbox, signal, asOf } = investigation;
  const at = (ms: number) => interval(ms, ms).split("/")[0] ?? "";
  const start = Date.parse(incident.started_at);
  const window = { service, from: at(start - WINDOW_MS), to: at(asOf) };
  const since = { ...window, from: at(start - CHANGES_MS) };
  const unreadable: string[] = [];
  /** An empty answer counts as seen, a failed one as not. */
  const seen = <T extends z.ZodType>(schema: T, call: ToolCall): z.output<T> | undefined => {
    if (call.outcome !== "found" && call.outcome !== "nothing_found") return undefined;
    const parsed = schema.safeParse(call.structured);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    unreadable.push(`${call.tool}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "unknown shape"}`);
    return undefined;
  };
  const ask = (tool: string, args: Record<string, unknown>) => toolbox.call(tool, args, { signal });
  const question = { service, alert: incident.alert };
  const [metrics, ownLogs, changes, history, runbook] = await Promise.all([
    ask("read_metrics", window),
    ask("read_logs", window),
    ask("read_changes", since),
    ask("query_history", { ...question, fingerprint: incident.fingerprint, summary: incident.summary.slice(0, 200) }),
    ask("read_runbook", { ...question, query: incident.summary.slice(0, 200) }),
  ]);
  const measured = seen(MetricsAnswer, metrics);
  const listed = seen(ChangesAnswer, changes)?.changes;
  const others = suspectsToRead(investigation, service, measured, listed);
  const [logCalls, changeCalls] = await Promise.all([
    Promise.all(others.map((name) => ask("read_logs", { ...window, service: name }))),
    // The first answer covers the whole walk in few words; the likeliest deserve theirs in full.
    Promise.all(others.slice(0, MOST_CHANGES).map((name) => ask("read_changes", { ...since, service: name, hops: 0 }))),
  ]);
  const logs = [ownLogs, ...logCalls].flatMap((call) => seen(LogsAnswer, call) ?? []);
  const inFull = changeCalls.flatMap((call) => seen(ChangesAnswer, call)?.changes ?? []);
  return {
    service,
    metrics: measured,
    logs: new Map(logs.map((answer) => [answer.service, answer])),
    changes: listed && mergeChanges([...inFull, ...listed]),
    history: seen(HistoryAnswer, history)?.stats,
    runbook: seen(RunbookAnswer, runbook)?.sections[0]?.evidence.id ?? null,
    unreadable,
  };
}

/** Each change once, as it was first told. */
function mergeChanges(changes: readonly Change[]): Change[] {
  const merged = new Map<string, Change>();
  for (const change of changes) {
    const identity = change.kind === "rollout" ? change.evidence.id : change.sha;
    if (!merged.has(identity)) merged.set(identity, change);
  }
  return [...merged.values()];
}

/** Whose logs to read: the metrics' suspects; without metrics, what changed among the dependencies, then the nearest. */
function suspectsToRead(
  { catalog }: Investigation,
  service: string,
  metrics: z.infer<typeof MetricsAnswer> | undefined,
  changes: readonly Change[] | undefined,
): string[] {
  const byMetrics = metrics?.suspects.filter(({ score }) => score > 0).map((suspect) => suspect.service) ?? [];
  const byChanges = changes?.flatMap(({ services }) => services) ?? [];
  const near = catalog.find(service)?.dependsOn ?? [];
  const names = metrics ? byMetrics : [...byChanges, ...near];
  return [...new Set(names)]
    .filter((name) => name !== service && catalog.find(name)?.kind === "service")
    .slice(0, MOST_LOGS);
}
