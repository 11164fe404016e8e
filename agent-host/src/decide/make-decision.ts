import type { Edit } from "@oncall-copilot/core";
import type { Case, CaseDecision } from "../cases/case.ts";
import type { CaseStore } from "../cases/case-store.ts";
import type { Decision } from "./decision.ts";

/** What somebody looked at when they decided. */
export interface Looked {
  /** SHA-256 of the sealed report. */
  readonly report: string | null;
  /** What the draft's branch was at. */
  readonly head: string | null;
}

export interface WantedDecision {
  /** Of the click or command: the same one again is no other decision. */
  readonly id: string;
  readonly verb: Decision["verb"];
  readonly by: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly looked: Looked;
  readonly reason: Decision["reason"];
  readonly words: string | null;
  readonly edits: readonly Edit[] | null;
  readonly revert: string | null;
}

/** Most characters of a person's own words. */
export const MAX_WORDS = 1_000;

/**
 * Records a decision for whoever carries it out. It is refused when what was decided on has moved, with what moved.
 *
 * @throws DecisionRefused in words for whoever decided
 */
export async function makeDecision(
  cases: Pick<CaseStore, "find" | "decide">,
  caseId: string,
  wanted: WantedDecision,
): Promise<Case> {
  const current = await cases.find(caseId);
  const decision: CaseDecision = {
    id: wanted.id,
    decision: {
      schema_version: 1,
      incident: current ? incidentOf(current) : caseId,
      ...{ verb: wanted.verb, by: wanted.by, at: new Date(wanted.at).toISOString() },
      ...{ report_sha256: wanted.looked.report ?? "", head: wanted.looked.head },
      ...{ reason: wanted.reason, words: wanted.words?.slice(0, MAX_WORDS) ?? null },
    },
    edits: wanted.edits ? [...wanted.edits] : null,
    ...{ revert: wanted.revert, carried_out_at: null, result: null, by_hand: false },
  };
  return cases.decide(caseId, decision, (now) => whyNot(now, wanted));
}

/** As the draft was opened for it. */
export const incidentOf = ({ alert }: Case): string => `${alert.fingerprint}-${Math.floor(alert.started_at / 1_000)}`;

/** Why a decision does not fit the case as it is at this moment; null when it does. */
export function whyNot(current: Case, { looked }: Pick<WantedDecision, "looked">): string | null {
  if (current.mode !== "live")
    return "this case runs in shadow mode: nothing was proposed, so there is nothing to decide";
  if (current.pull_request === null || current.final_report === null) return "there is no draft to decide on";
  if (current.final_report.sha256 !== looked.report) {
    const { sha256 } = current.final_report;
    return `the report has moved since you looked: it was ${short(looked.report)}, and is ${short(sha256)}; read the message again`;
  }
  if (current.pull_request.commit !== looked.head) {
    return `the draft's branch has moved since you looked: it was at ${short(looked.head)}, and is at ${short(current.pull_request.commit)}; read it again`;
  }
  const ended = current.events.find(({ kind }) => kind === "pull_request_merged" || kind === "pull_request_closed");
  if (ended)
    return ended.kind === "pull_request_merged" ? "the draft is merged already" : "the draft is closed already";
  const pending = current.decisions.find(({ carried_out_at: at, result }) => at === null && result === null);
  return pending ? `what ${pending.decision.by} decided is being carried out; wait for it` : null;
}

const short = (hash: string | null): string => hash?.slice(0, 12) ?? "none";
