import { join } from "node:path";
import type { Catalog, EvidenceKey, Incident, Report } from "@oncall-copilot/core";
import { lastingTrail } from "../audit/lasting-trail.ts";
import type { Investigator, LookRequest } from "../cases/work/investigator.ts";
import { createRulesEngine } from "../engines/rules/rules-engine.ts";
import { type ProposeOptions, proposeLater, triage } from "../triage.ts";
import { openSealedReport } from "../verify/seal.ts";
import { type ChosenEngine, chooseEngine } from "./choose-engine.ts";
import { readCarry } from "./looks/carry.ts";
import { LookAgain } from "./looks/look-again.ts";
import type { ModelPrice } from "./model-price.ts";
import { dollarsOf } from "./model-price.ts";
import { momentOf } from "./moment.ts";
import { sealMade } from "./seal-made.ts";
import type { Settings } from "./settings.ts";
import type { SharedHost } from "./shared-host.ts";
import { sharedOptions } from "./shared-options.ts";

export interface InvestigatorParts {
  readonly settings: Settings;
  readonly catalog: Catalog;
  readonly key: EvidenceKey;
  readonly shared: SharedHost;
  /** Null when nothing tells what a token costs. */
  readonly price: ModelPrice | null;
  /** Clones and local forks lie in a folder of it for each case, the same in every process that works on the case. */
  readonly workFolder: string;
}

/** What a case's worker asks, answered by the application: a look is a triage without its proposal. */
export function openInvestigator(parts: InvestigatorParts): Investigator {
  const { settings, key, catalog, shared, price } = parts;
  const chosen = chooseEngine(settings.engine, settings.env);
  return {
    look: async (request) => {
      const { engine, fallback, note } = engineFor(chosen, request);
      const { options, asOf } = await common(parts, request.caseId, request.incident, request);
      const { incident } = request;
      const carry = request.carry === null ? null : readCarry(request.carry);
      const again = new LookAgain(carry, { incident: incident.id, asOf, planned: true });
      const work = () =>
        triage({
          ...options,
          ...{ incident, asOf, catalog, engine, fallback, engineNote: note, proposes: false },
          kept: again.kept,
          settle: (report, missed) => again.settle(report, missed),
        });
      const looked = await shared.turns.take(work, request.signal);
      const { report } = looked;
      const { nextLookAt, mayPropose, carry: next } = again.handOn(looked);
      return {
        report,
        nextLookAt,
        mayPropose,
        carry: JSON.stringify(next),
        dollars: report.engine.model === null ? 0 : dollarsOf(report.cost, price),
      };
    },
    propose: async (report, request) => {
      const { options } = await common(parts, request.caseId, report.incident, request);
      return proposeLater(report, options);
    },
    seal: async (report, auditHead) => (await sealMade(report, key, settings.env, auditHead)).json,
    open: (text) => openedReport(text, key),
  };
}

function engineFor(chosen: ChosenEngine, { engine, note }: LookRequest): ChosenEngine {
  return engine === "configured" ? chosen : { engine: createRulesEngine(), fallback: null, note };
}

async function common(
  { settings, key, shared, workFolder }: InvestigatorParts,
  caseId: string,
  incident: Incident,
  { audit, signal }: Pick<LookRequest, "audit" | "signal">,
): Promise<{ options: ProposeOptions; asOf: number }> {
  const moment = await momentOf(settings, incident);
  const gitWorkdir = join(workFolder, caseId, "git");
  const host = { settings, moment, key, shared, gitWorkdir, signal };
  return { asOf: moment.asOf, options: sharedOptions({ ...host, audit: lastingTrail(audit), progress: () => {} }) };
}

function openedReport(text: string, key: EvidenceKey): Report {
  const { report, intact } = openSealedReport(text, key);
  if (!intact)
    throw new Error("the report in the case store was changed since it was sealed, or sealed by another installation");
  return report;
}
