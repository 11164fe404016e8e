import { instant } from "@oncall-copilot/core";
import type { Case } from "../cases/case.ts";
import type { CaseOutcome } from "../cases/outcome.ts";

/** One case as a past incident: the columns of the history, and `proposal` besides. Instants are RFC 3339. */
export interface HistoryRow {
  readonly id: string;
  readonly fingerprint: string;
  readonly alert: string;
  readonly service: string;
  readonly severity: string | null;
  readonly summary: string;
  readonly started_at: string;
  /** Null while one of its alerts fires. */
  readonly resolved_at: string | null;
  readonly root_cause: string | null;
  /** What was merged; null where nothing was. */
  readonly fix: string | null;
  readonly fix_worked: boolean | null;
  readonly pr_url: string | null;
  /** What this system proposed, and what people made of it. */
  readonly proposal: string | null;
}

export const HISTORY_ROW_COLUMNS: readonly (keyof HistoryRow)[] = [
  ...(["id", "fingerprint", "alert", "service", "severity", "summary", "started_at", "resolved_at"] as const),
  ...(["root_cause", "fix", "fix_worked", "pr_url", "proposal"] as const),
];

export function historyRowOf(
  { id, alert, service, pull_request, resolved_at }: Case,
  outcome: CaseOutcome,
): HistoryRow {
  const { decided, merged_at: merged, proposed } = outcome;
  // People said that it was not this: what was found is no cause to learn.
  const denied = decided?.verb === "reject" && (decided.reason === "wrong_cause" || decided.reason === "no_incident");
  return {
    ...{ id, fingerprint: alert.fingerprint, alert: alert.name, service: service ?? "", severity: alert.severity },
    ...{ summary: outcome.summary, started_at: instant(alert.started_at) },
    resolved_at: resolved_at === null ? null : instant(resolved_at),
    root_cause: denied ? null : outcome.root_cause,
    fix: merged === null ? null : (proposed?.title ?? null),
    fix_worked: fixWorked(outcome, resolved_at),
    pr_url: pull_request?.url ?? null,
    proposal: proposalText(outcome),
  };
}

/** It worked when the alerts cleared after the merge and stayed away; it did not when they came back or never cleared. */
function fixWorked({ merged_at: merged, came_back_at: back }: CaseOutcome, resolvedAt: number | null): boolean | null {
  if (merged === null) return null;
  if (back !== null && back > merged) return false;
  return resolvedAt === null ? null : resolvedAt >= merged ? true : null;
}

/** `Revert "x" (1234567): rejected, wrong cause: "it was the database"`. */
function proposalText({ proposed, decided, edited, merged_at: merged }: CaseOutcome): string | null {
  if (proposed === null) return null;
  const commit = proposed.commit === null ? "" : ` (${proposed.commit.slice(0, 7)})`;
  return `${proposed.title}${commit}: ${verdict({ decided, edited, merged_at: merged })}`;
}

function verdict({
  decided,
  edited,
  merged_at: merged,
}: Pick<CaseOutcome, "decided" | "edited" | "merged_at">): string {
  const changed = edited ? ", edited by a person" : "";
  if (decided?.verb === "reject") {
    const reason = (decided.reason ?? "no reason given").replaceAll("_", " ");
    return `rejected, ${reason}${decided.words ? `: "${decided.words}"` : ""}`;
  }
  if (merged !== null) return `merged${changed}`;
  if (decided?.verb === "approve") return `approved${changed}, and not merged as far as was seen`;
  return decided ? "edited by a person, and not decided" : "nobody decided on it";
}
