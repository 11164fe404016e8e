import {
  type Change,
  ChangesAnswer,
  HistoryAnswer,
  LogsAnswer,
  MetricsAnswer,
  RunbookAnswer,
} from "../../tools/answers.ts";
import { changesOf, mergeChanges } from "./changes-of.ts";
import type { Inquiry } from "./inquiry.ts";
import type { Seen } from "./seen.ts";
import { DATED, SURE } from "./suspicion.ts";

/** How many suspects' logs are read besides the alerting service's own. */
const MAX_LOGS = 4;
/** How many more of what the first suspects call: a service that answers nobody any more may show in nobody's figures. */
const MAX_BELOW = 4;
/** Of so many suspects. */
const FIRST = 2;
/** How many suspects' own changes are read in full at once. */
const MAX_CHANGES = 2;

/** Asks every server once, at the same time, then the logs and changes of those that the metrics made suspects. */
export async function look(inquiry: Inquiry, service: string): Promise<Seen> {
  const { incident } = inquiry.investigation;
  const question = { service, alert: incident.alert };
  const summary = incident.summary.slice(0, 200);
  const [metrics, ownLogs, listed, history, runbook] = await Promise.all([
    inquiry.ask(MetricsAnswer, "read_metrics", { service, ...inquiry.window }),
    inquiry.ask(LogsAnswer, "read_logs", { service, ...inquiry.window }),
    inquiry.ask(ChangesAnswer, "read_changes", { service, ...inquiry.changesWindow }),
    inquiry.ask(HistoryAnswer, "query_history", { ...question, fingerprint: incident.fingerprint, summary }),
    inquiry.ask(RunbookAnswer, "read_runbook", { ...question, query: summary }),
  ]);
  const others = suspectsToRead(inquiry, service, metrics, listed?.changes);
  const [first] = ranked(metrics);
  // Where the alerting service leads the suspects, its own changes are the first to be read in full.
  const inFullFor = (first?.service === service ? [service, ...others] : others).slice(0, MAX_CHANGES);
  const [logs, inFull] = await Promise.all([
    Promise.all(others.map((name) => inquiry.ask(LogsAnswer, "read_logs", { service: name, ...inquiry.window }))),
    // The first answer covers the whole walk in few words; the likeliest deserve theirs in full.
    Promise.all(inFullFor.map((name) => changesOf(inquiry, name))),
  ]);
  const told = inFull.flatMap((changes) => changes ?? []);
  return {
    service,
    dependsOn: (name) => inquiry.investigation.catalog.find(name)?.dependsOn ?? [],
    metrics,
    closer: new Map(),
    began: beginningOf(service, metrics, ownLogs),
    blames: [],
    ground: null,
    page: Date.parse(incident.started_at),
    logs: new Map([ownLogs, ...logs].flatMap((answer) => (answer ? [[answer.service, answer]] : []))),
    inFull: new Set(inFullFor),
    changes: listed && mergeChanges([...told, ...listed.changes]),
    history: history?.stats,
    runbook: runbook?.sections[0]?.evidence.id ?? null,
  };
}

/** When the alerting service began to log errors that it did not log before; else the onset of its signals, if that is sure. */
function beginningOf(service: string, metrics: Seen["metrics"], logs: LogsAnswer | undefined): number | null {
  const [worst] = [...(logs?.patterns ?? [])]
    .filter(({ label, level }) => label === "new" && level === "error")
    .sort((a, b) => b.count - a.count);
  if (worst) return Date.parse(worst.first);
  const own = metrics?.suspects.find((suspect) => suspect.service === service);
  return own && own.onset !== null && own.score >= SURE ? Date.parse(own.onset) : null;
}

const ranked = (metrics: Seen["metrics"]) => [...(metrics?.suspects ?? []), ...(metrics?.more?.suspects ?? [])];

/**
 * Whose logs to read: the metrics' suspects and what the first of them call; without metrics, what changed among the
 * dependencies, then the nearest.
 */
function suspectsToRead(
  { investigation: { catalog } }: Inquiry,
  service: string,
  metrics: Seen["metrics"],
  changes: readonly Change[] | undefined,
): string[] {
  const byMetrics = ranked(metrics)
    .filter(({ score }) => score > 0)
    .map((suspect) => suspect.service);
  const byChanges = changes?.flatMap(({ services }) => services) ?? [];
  const near = catalog.find(service)?.dependsOn ?? [];
  const names = metrics ? byMetrics : [...byChanges, ...near];
  const isOther = (name: string) => name !== service && catalog.find(name)?.kind === "service";
  const chosen = [...new Set(names)].filter(isOther).slice(0, MAX_LOGS);
  const below = ranked(metrics)
    .filter(({ score }) => score >= DATED)
    .slice(0, FIRST)
    .flatMap((suspect) => catalog.find(suspect.service)?.dependsOn ?? []);
  return [
    ...chosen,
    ...[...new Set(below)].filter((name) => isOther(name) && !chosen.includes(name)).slice(0, MAX_BELOW),
  ];
}
