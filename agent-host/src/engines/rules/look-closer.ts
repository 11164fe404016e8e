import { bodyOf } from "@oncall-copilot/core";
import { HistoryAnswer, RunbookAnswer } from "../../tools/answers.ts";
import type { Inquiry } from "./inquiry.ts";
import type { RankedSuspect } from "./rank.ts";
import type { Seen } from "./seen.ts";

/** How many past incidents are asked for. */
const MAX_INCIDENTS = 3;

/** What the culprit says itself: its new log line, else its alertable trouble in words. */
function symptomOf({ log, metrics }: RankedSuspect): string {
  const line = (log && bodyOf(log.evidence).split("\n")[0]) ?? metrics?.signals[0]?.signal.replaceAll("_", " ") ?? "";
  return line.slice(0, 160);
}

/**
 * Once a culprit is named, asks again with what is known of it: the runbook for its own symptom, which helps more than the
 * alerting service's, and the past incidents most like it.
 */
export async function lookCloser(inquiry: Inquiry, seen: Seen, culprit: RankedSuspect): Promise<Seen> {
  const { incident } = inquiry.investigation;
  const symptom = symptomOf(culprit);
  const past = { service: seen.service, alert: incident.alert, fingerprint: incident.fingerprint };
  const [runbook, history] = await Promise.all([
    culprit.name === seen.service
      ? undefined
      : inquiry.ask(RunbookAnswer, "read_runbook", { service: culprit.name, query: symptom }),
    inquiry.ask(HistoryAnswer, "query_history", {
      ...past,
      summary: `${culprit.name}: ${symptom}`,
      limit: MAX_INCIDENTS,
    }),
  ]);
  return {
    ...seen,
    runbook: runbook?.sections[0]?.evidence.id ?? seen.runbook,
    history: history?.stats ?? seen.history,
  };
}
