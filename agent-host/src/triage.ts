import type { Catalog, EvidenceKey, Gap, Incident, Report } from "@oncall-copilot/core";
import { sha256 } from "./audit/audit-log.ts";
import { AuditUnwritable, type LastingTrail } from "./audit/lasting-trail.ts";
import { type Engine, type EngineResult, EngineUnavailable, type Investigation } from "./engines/engine.ts";
import { alertEvidence } from "./intake/alert-evidence.ts";
import { resolveService } from "./intake/resolve-service.ts";
import { propose } from "./propose/propose.ts";
import { catalogAsSeen, missingEdges } from "./signs/missing-edges.ts";
import { type AuditedOptions, type CallProgress, openAuditedToolbox } from "./tools/audited-toolbox.ts";
import { readOnlyToolbox } from "./tools/read-only.ts";
import type { ServerPool } from "./tools/server-pool.ts";
import type { KeptCall, Toolbox, ToolCall } from "./tools/toolbox.ts";
import { trialsOf } from "./trial/hold-trial.ts";
import { reviewDraft } from "./verify/reading.ts";
import { verify } from "./verify/verify.ts";

export interface TriageOptions {
  readonly incident: Incident;
  /** Epoch milliseconds; no tool looks past it. */
  readonly asOf: number;
  readonly catalog: Catalog;
  readonly key: EvidenceKey;
  readonly engine: Engine;
  /** Takes over when the engine is unavailable. */
  readonly fallback: Engine | null;
  /** Why `engine` is what it is, when it is not the default. */
  readonly engineNote: string | null;
  /** Variables for the servers; each sees only its own. */
  readonly env: NodeJS.ProcessEnv;
  readonly transport: "child" | "in-process";
  /** Servers that are shared with other triages of this process. */
  readonly pool?: ServerPool | undefined;
  /** One that goes on when it cannot be written: see {@link lastingTrail}. */
  readonly audit: LastingTrail;
  /** Answers of earlier looks at the same incident. */
  readonly kept?: readonly KeptCall[];
  /** False: the fix is turned into a draft later, by {@link proposeLater}. Default: true. */
  readonly proposes?: boolean;
  /** Decides, when the report is verified, whether it is the last word and whether a draft may be opened. Default: both. */
  settle?(report: Report, modelAway: ModelMissed | null): Settling;
  readonly signal: AbortSignal;
  progress(event: Progress): void;
}

/** The model could not be had, and may be back. */
export interface ModelMissed {
  /** How long it asked to be left alone, in milliseconds. */
  readonly retryAfterMs: number | null;
}

export interface Settling {
  readonly settled: Report["settled"];
  readonly mayPropose: boolean;
}

/** One look: its report, and the calls that it rests on. */
export interface Looked {
  readonly report: Report;
  readonly calls: readonly ToolCall[];
}

export type Progress = { readonly kind: "step"; readonly message: string } | CallProgress;

/** The way of an alert, once: investigate, verify, propose. Data goes down and never back up; every step is audited. */
export async function triage(options: TriageOptions): Promise<Looked> {
  const began = performance.now();
  const { service, found, note } = resolveService(options.incident, options.catalog);
  const notes = [...options.incident.notes, ...(note ? [note] : [])];
  const incident = { ...options.incident, service_found: found, notes };
  const alert = alertEvidence(incident, service, options.key);
  const { toolbox, log, settled } = await openAuditedToolbox(options, [alert]);
  const seen = catalogAsSeen(options.catalog, toolbox.evidence);
  const trial = trialsOf({
    ...{ toolbox: readOnlyToolbox(toolbox), catalog: seen, service, signal: options.signal },
    ...{ alertAt: Date.parse(incident.started_at), asOf: options.asOf },
  });
  try {
    const investigation: Investigation = {
      incident,
      alert,
      service,
      asOf: options.asOf,
      get catalog() {
        return seen();
      },
      toolbox: readOnlyToolbox(toolbox),
      signal: options.signal,
      check: (draft) => {
        const { evidence, calls } = toolbox;
        return reviewDraft(draft, { incident, service, evidence, calls, catalog: seen(), key: options.key });
      },
      trial,
      progress: (message) => options.progress({ kind: "step", message }),
      requested: (request) => void log("model_used", request),
      refused: (tool) => void log("tool_refused", { tool }),
    };
    const { engine, result, note, missed } = await investigate(investigation, options);
    options.progress({ kind: "step", message: "putting the commits on trial and checking every citation" });
    const culprit = result.draft?.culprit ? options.catalog.find(result.draft.culprit)?.name : undefined;
    const held = culprit === undefined ? undefined : await trial(culprit);
    const report = verify({
      incident,
      service,
      asOf: options.asOf,
      engine: {
        name: engine.name,
        model: result.model,
        note,
        complete: result.complete,
        instead_of: missed ? "claude" : null,
      },
      result,
      trial: held,
      calls: toolbox.calls,
      evidence: toolbox.evidence,
      gaps: toolbox.gaps,
      key: options.key,
      catalog: seen(),
      missingEdges: missingEdges(options.catalog, toolbox.evidence.values()),
      seconds: (performance.now() - began) / 1000,
    });
    const settling = options.settle?.(report, missed?.passing ? missed : null);
    const looked = settling ? { ...report, settled: settling.settled } : report;
    const proposes = options.proposes !== false && settling?.mayPropose !== false;
    const proposed = proposes ? await proposeOnTrail(looked, toolbox, options) : withLoss(looked, options.audit);
    await settled();
    const seconds = Math.round(performance.now() - began) / 1000;
    return { report: { ...proposed, cost: { ...proposed.cost, seconds } }, calls: toolbox.calls };
  } finally {
    await settled();
    await toolbox.close();
  }
}

/** What a proposal needs of a triage's options. */
export type ProposeOptions = AuditedOptions & Pick<TriageOptions, "audit" | "signal">;

/** Turns the fix of a report into a draft after its triage has ended, perhaps in another process. The same report again gives the first draft. */
export async function proposeLater(report: Report, options: ProposeOptions): Promise<Report> {
  const { toolbox, settled } = await openAuditedToolbox(options, []);
  try {
    return await proposeOnTrail(report, toolbox, options);
  } finally {
    await settled();
    await toolbox.close();
  }
}

/** Proposes the fix, unless that could not be put on the trail: then nothing is written, and the report says why. */
async function proposeOnTrail(report: Report, toolbox: Toolbox, { audit, signal }: ProposeOptions): Promise<Report> {
  try {
    const proposed = await propose(report, toolbox, signal);
    if (proposed.pull_request) {
      const { diff, ...rest } = proposed.pull_request;
      await audit.append("pull_request", { ...rest, diff_sha256: sha256(diff) });
    }
    return withLoss(proposed, audit);
  } catch (error) {
    if (!(error instanceof AuditUnwritable)) throw error;
    const why = `${error.message}, and nothing is written anywhere that is not on it`;
    const cut = [...report.cut, { what: "pull request", text: report.fix.title, why }];
    return withLoss({ ...report, cut }, audit);
  }
}

/** What the trail lost is a gap. */
function withLoss(report: Report, { problem }: LastingTrail): Report {
  if (problem === null) return report;
  const gap: Gap = {
    server: "host",
    tool: null,
    code: "audit",
    about: [],
    what: "the audit log from some step on",
    why: `it cannot be written (${problem})`,
  };
  return { ...report, gaps: [...report.gaps, gap] };
}

/** Asks the engine, and the fallback when the engine is unavailable or came to no report at all. */
async function investigate(
  investigation: Investigation,
  { engine, fallback, engineNote, audit, progress }: TriageOptions,
): Promise<{ engine: Engine; result: EngineResult; note: string | null; missed: EngineUnavailable | null }> {
  let spent: EngineResult | undefined;
  let missed: EngineUnavailable | null = null;
  let why: string;
  try {
    const result = await engine.investigate(investigation);
    if (result.draft !== null || !fallback) {
      return { engine, result, note: joined(engineNote, result.note), missed };
    }
    spent = result;
    why = `the ${engine.name} engine came to no report (${result.note ?? "no reason given"})`;
  } catch (error) {
    if (!(error instanceof EngineUnavailable) || !fallback) throw error;
    missed = error;
    why = `the ${engine.name} engine was not available (${error.message})`;
  }
  const note = `${why}, so the ${fallback.name} engine took over`;
  progress({ kind: "step", message: note });
  await audit.append("failed", { engine: engine.name, why });
  const result = await fallback.investigate(investigation);
  // What the first engine used is paid for all the same.
  const accounted = spent ? { ...result, usage: spent.usage, requests: spent.requests } : result;
  return { engine: fallback, result: accounted, note: joined(engineNote, note, result.note), missed };
}

function joined(...notes: readonly (string | null)[]): string | null {
  const said = notes.filter((note) => note !== null && note !== "");
  return said.length === 0 ? null : said.join("; ");
}
