import { hostname } from "node:os";
import { join } from "node:path";
import { type Catalog, type Logger, loadEvidenceKey } from "@oncall-copilot/core";
import { readEnvironment } from "@oncall-copilot/core/server";
import { z } from "zod";
import type { Case } from "../cases/case.ts";
import type { CaseStore } from "../cases/case-store.ts";
import type { CaseOutcome } from "../cases/outcome.ts";
import type { Investigator } from "../cases/work/investigator.ts";
import type { WorkParts } from "../cases/work/work-parts.ts";
import type { CaseDelivery } from "../deliver/case-delivery.ts";
import type { HeadlessMetrics } from "../doors/metrics.ts";
import type { CasesFile } from "../learn/cases-file.ts";
import { historyRowOf } from "../learn/history-row.ts";
import { openInvestigator } from "./investigate-case.ts";
import { readModelPrice } from "./model-price.ts";
import { type DraftWork, openDraftWork } from "./open-decisions.ts";
import type { Settings } from "./settings.ts";
import { openSharedHost } from "./shared-host.ts";

const optionalNumber = z.coerce.number().positive().optional();

/** How cases are worked on by a host that nobody sits at. */
export const WorkVariables = z.object({
  ONCALL_MAX_CASES: z.coerce
    .number()
    .int()
    .positive()
    .max(100)
    .default(3)
    .describe("cases that are looked at, at once; default 3"),
  ONCALL_TOKENS_PER_HOUR: optionalNumber.describe("tokens an hour; over it the rules engine answers"),
  ONCALL_DOLLARS_PER_HOUR: optionalNumber.describe(
    "dollars an hour; over it the rules engine answers; needs ONCALL_MODEL_PRICE",
  ),
  ONCALL_NEVER_PUT_OFF: z.string().default("").describe("severities, comma-separated, that no limit puts off"),
  ONCALL_MODEL_PRICE: z
    .string()
    .optional()
    .describe("dollars for a million tokens of input, output and cached input: 3/15/0.3"),
  ONCALL_MAX_LOOK_SECONDS: z.coerce
    .number()
    .positive()
    .max(900)
    .default(600)
    .describe("the longest that one look may take; default 600"),
  ONCALL_WORK_DIR: z
    .string()
    .default("oncall-work")
    .describe("where clones and local forks of cases lie; default oncall-work"),
  ONCALL_KEEP_WORK_DAYS: z.coerce
    .number()
    .min(0)
    .max(3_650)
    .default(14)
    .describe("how long those of a case stay after it ended; default 14"),
});

export interface CaseWorkOptions {
  readonly settings: Settings;
  /** Where past cases are kept for the history server; absent: nowhere but in the store. */
  readonly past?: CasesFile | undefined;
  readonly catalog: Catalog;
  readonly cases: CaseStore;
  readonly delivery: CaseDelivery | null;
  readonly metrics: WorkMetrics | null;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** What whoever works on cases counts. */
type WorkMetrics = Pick<HeadlessMetrics, "triaged" | "decided">;

export interface CaseWork {
  readonly parts: WorkParts;
  readonly casesAtOnce: number;
  close(): Promise<void>;
}

/** Everything that a worker on cases needs, in whichever process. */
export async function openCaseWork(options: CaseWorkOptions): Promise<CaseWork> {
  const { settings, catalog, cases, delivery, metrics, past, log, signal } = options;
  const read = readEnvironment(WorkVariables, settings.env);
  const shared = openSharedHost(settings);
  const key = await loadEvidenceKey(settings.env);
  const workFolder = join(read.ONCALL_WORK_DIR);
  const price = readModelPrice(read.ONCALL_MODEL_PRICE);
  const investigator = openInvestigator({ settings, catalog, key, shared, price, workFolder });
  const drafts = openDraftWork({ settings, key, cases, workFolder });
  return {
    casesAtOnce: read.ONCALL_MAX_CASES,
    parts: {
      worker: `${hostname()}:${process.pid}`,
      store: cases,
      investigator: metrics ? measured(investigator, metrics) : investigator,
      delivery,
      ...(metrics ? counted(drafts, metrics) : drafts),
      ...(past ? { learned: (one: Case, outcome: CaseOutcome) => past.keep(historyRowOf(one, outcome)) } : {}),
      limits: {
        casesAtOnce: read.ONCALL_MAX_CASES,
        tokensPerHour: read.ONCALL_TOKENS_PER_HOUR ?? null,
        dollarsPerHour: read.ONCALL_DOLLARS_PER_HOUR ?? null,
        neverPutOff: read.ONCALL_NEVER_PUT_OFF.split(",").flatMap((word) => word.trim().toLowerCase() || []),
      },
      maxLookMs: read.ONCALL_MAX_LOOK_SECONDS * 1000,
      now: Date.now,
      signal,
      log: (message, about) => log.warn({ ...about }, message),
    },
    close: () => shared.close(),
  };
}

/** A decision counts when it has been carried out, once however often that was tried. */
function counted(drafts: DraftWork, metrics: WorkMetrics): DraftWork {
  return {
    ...drafts,
    carryOut: async (one, decision, signal) => {
      const done = await drafts.carryOut(one, decision, signal);
      if (!done.refused) metrics.decided(decision.decision.verb);
      return done;
    },
  };
}

function measured(investigator: Investigator, metrics: WorkMetrics): Investigator {
  return {
    ...investigator,
    look: async (request) => {
      const began = performance.now();
      const look = await investigator.look(request);
      const { engine, outcome, cost } = look.report;
      metrics.triaged({
        seconds: (performance.now() - began) / 1000,
        engine: engine.name,
        outcome,
        inputTokens: cost.input_tokens + cost.cached_input_tokens,
        outputTokens: cost.output_tokens,
        dollars: look.dollars,
      });
      return look;
    },
  };
}
