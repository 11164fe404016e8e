import { join } from "node:path";
import type { EvidenceKey } from "@oncall-copilot/core";
import type { Case } from "../cases/case.ts";
import type { CaseStore } from "../cases/case-store.ts";
import type { WorkParts } from "../cases/work/work-parts.ts";
import { type CarryOutParts, carryOut, lookAtDraft } from "../decide/carry-out.ts";
import { openSealedReport } from "../verify/seal.ts";
import type { Settings } from "./settings.ts";

export interface DecisionParts {
  readonly settings: Settings;
  readonly key: EvidenceKey;
  readonly cases: Pick<CaseStore, "document">;
  /** Where the local forks of cases lie, as whoever proposes has it. */
  readonly workFolder: string;
}

/** What of the environment is none of the git server's business, whatever it would do with it. */
const NOT_FOR_GIT = /^ONCALL_(?:SLACK|WEBHOOK|APPROVERS|PAGERDUTY)_/;

/** What is done with drafts once they are opened. */
export type DraftWork = Required<Pick<WorkParts, "carryOut" | "lookAtDraft">>;

/** Carries out decisions by the one tool that may, and looks at drafts by it, in a process that is given no secret of Slack's. */
export function openDraftWork({ settings, key, cases, workFolder }: DecisionParts): DraftWork {
  const own = Object.fromEntries(Object.entries(settings.env).filter(([name]) => !NOT_FOR_GIT.test(name)));
  const parts: CarryOutParts = {
    ...{ key, transport: settings.transport },
    envOf: (one) => ({ ...own, ONCALL_GIT_WORKDIR: settings.gitWorkdir ?? join(workFolder, one.id, "git") }),
    reportOf: async (one: Case) => {
      if (!one.final_report) throw new Error(`case ${one.id} has no final report`);
      const { report, intact } = openSealedReport(await cases.document(one.id, one.final_report), key);
      if (!intact) throw new Error("the report in the case store was changed since it was sealed");
      return report;
    },
  };
  return {
    carryOut: (one, decision, signal) => carryOut(parts, one, decision, signal),
    lookAtDraft: (one, signal) => lookAtDraft(parts, one, signal),
  };
}
