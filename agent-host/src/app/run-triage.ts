import { type Incident, loadEvidenceKey, type Report } from "@oncall-copilot/core";
import { sha256 } from "../audit/audit-log.ts";
import type { AuditTrail } from "../audit/audit-trail.ts";
import { type LastingTrail, lastingTrail } from "../audit/lasting-trail.ts";
import type { Messenger } from "../deliver/messenger.ts";
import type { KeptReport, MadeReport, ReportStore } from "../deliver/report-store.ts";
import { EngineUnavailable } from "../engines/engine.ts";
import type { ReceivedAlert } from "../intake/read-alert.ts";
import { openSigner } from "../sign/open-signer.ts";
import { type HeadStore, signHead } from "../sign/signed-head.ts";
import { type Looked, type Progress, triage } from "../triage.ts";
import { type ChosenEngine, chooseEngine } from "./choose-engine.ts";
import { LookAgain, type LookPorts } from "./looks/look-again.ts";
import { type Moment, momentOf } from "./moment.ts";
import { openCatalogAt } from "./open-catalog.ts";
import { sealMade } from "./seal-made.ts";
import type { Settings } from "./settings.ts";
import type { SharedHost } from "./shared-host.ts";
import { sharedOptions } from "./shared-options.ts";

/** Where what a triage makes goes. A door brings its own; the command's are a folder and a terminal. */
export interface TriagePorts {
  readonly audit: AuditTrail;
  readonly messenger: Messenger;
  readonly reports: ReportStore;
  /** Where the audit trail's signed head goes at the end; a trail without one cannot show that its end was cut. */
  readonly heads?: HeadStore | undefined;
  /** Where the git server may keep clones and local forks, unless the settings say. */
  readonly gitWorkdir: string;
  /** Lets an incident be looked at again until it is settled. Without it, this is the only look. */
  readonly looks?: LookPorts | undefined;
  /** False in shadow: reports are made, and nothing is proposed. Default: true. */
  readonly mayPropose?: boolean | undefined;
  /** What is shared with other triages of this process; without it, a triage starts servers of its own. */
  readonly shared?: SharedHost | undefined;
  /** Aborts when whoever asked does not want the answer any more. */
  readonly signal: AbortSignal;
  progress(event: Progress): void;
}

export type TriageRun =
  | { readonly kind: "resolved" }
  /** The model, which alone was waited for, is still away: the earlier report stands. */
  | { readonly kind: "unchanged"; readonly nextLookAt: number | null }
  | (MadeReport & {
      readonly kind: "report";
      readonly kept: KeptReport;
      /** When it is looked at again, in epoch milliseconds; null when that is not planned. */
      readonly nextLookAt: number | null;
    });

/** What is known before anything is asked: wrong settings are told before an audit trail is begun. */
export interface PreparedTriage {
  readonly alert: ReceivedAlert;
  readonly settings: Settings;
  readonly chosen: ChosenEngine;
  readonly moment: Moment;
}

/** @throws ConfigError when the settings cannot serve this alert. */
export async function prepareTriage(alert: ReceivedAlert, settings: Settings): Promise<PreparedTriage> {
  const chosen = chooseEngine(settings.engine, settings.env);
  return { alert, settings, chosen, moment: await momentOf(settings, alert.incident) };
}

/** The triage when its turn has come. @throws Busy when too many wait already. */
export function runTriage(prepared: PreparedTriage, ports: TriagePorts): Promise<TriageRun> {
  const { shared, signal, progress } = ports;
  if (!shared) return triageNow(prepared, ports);
  return shared.turns.take(
    () => triageNow(prepared, ports),
    signal,
    (ahead) => progress({ kind: "step", message: `waiting for its turn: ${ahead} triages are ahead` }),
  );
}

/**
 * The application: one alert to one report, by the same way from every door. Audited from the first step to the last;
 * what fails is in the trail before it is thrown.
 */
async function triageNow(prepared: PreparedTriage, ports: TriagePorts): Promise<TriageRun> {
  const { incident, raw } = prepared.alert;
  const audit = lastingTrail(ports.audit);
  try {
    await audit.append("alert_received", received(incident, raw));
    if (incident.status === "resolved") return { kind: "resolved" };
    const { looks } = ports;
    const carry = (await looks?.carries.load(incident.id)) ?? null;
    const { asOf } = prepared.moment;
    const look = new LookAgain(carry, { incident: incident.id, asOf, planned: looks !== undefined });
    const made = await makeReport(prepared, { ...ports, audit }, look);
    if ("missed" in made)
      return { kind: "unchanged", nextLookAt: await wake(looks, incident.id, look.postponed(made.missed)) };
    // The message goes out first: a full disk must not keep it from the engineer.
    await ports.messenger.send(made);
    const kept = await ports.reports.keep(made);
    const handedOn = look.handOn(made);
    await looks?.carries.save(handedOn.carry);
    const nextLookAt = await wake(looks, incident.id, handedOn.nextLookAt);
    await audit.append("report_made", {
      ...summaryOf(made.report),
      refused: made.report.cut,
      report_sha256: kept.sha256,
    });
    if (ports.heads) await signEnd(audit, ports.heads, prepared.settings.env);
    return { kind: "report", report: made.report, json: made.json, kept, nextLookAt };
  } catch (error) {
    await audit.append("failed", { why: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

/** Has the next look made. Null when nobody is there to make one, or none is needed. */
async function wake(looks: LookPorts | undefined, incident: string, at: number | null): Promise<number | null> {
  if (!looks || at === null) return null;
  await looks.wakeUp.wakeAt(incident, at);
  return at;
}

type Made = MadeReport & Looked;

async function makeReport(
  { alert, settings, chosen, moment }: PreparedTriage,
  ports: TriagePorts & { readonly audit: LastingTrail },
  look: LookAgain,
): Promise<Made | { readonly missed: EngineUnavailable }> {
  const key = await loadEvidenceKey(settings.env);
  const { mayPropose = true } = ports;
  try {
    const looked = await triage({
      ...sharedOptions({ ...ports, settings, moment, key, progress: (event) => ports.progress(event) }),
      incident: alert.incident,
      asOf: moment.asOf,
      catalog: await openCatalogAt(moment.catalog, settings.env),
      engine: chosen.engine,
      fallback: look.awaitsModel ? null : chosen.fallback,
      engineNote: chosen.note,
      kept: look.kept,
      settle: (report, missed) => {
        const settling = look.settle(report, missed);
        return { ...settling, mayPropose: settling.mayPropose && mayPropose };
      },
    });
    const made = await sealMade(looked.report, key, settings.env, ports.audit.head());
    return { ...made, calls: looked.calls };
  } catch (error) {
    if (!(look.awaitsModel && error instanceof EngineUnavailable)) throw error;
    await ports.audit.append("failed", { engine: chosen.engine.name, why: error.message });
    return { missed: error };
  }
}

/** Says where the trail stands at the end of the stage. Without a signer it is said nowhere, which the report has told. */
async function signEnd(audit: AuditTrail, heads: HeadStore, env: NodeJS.ProcessEnv): Promise<void> {
  try {
    await heads.keep(await signHead(audit.head(), await openSigner(env)));
  } catch (error) {
    await audit.append("failed", {
      step: "sign the head",
      why: error instanceof Error ? error.message : String(error),
    });
  }
}

function received(incident: Incident, raw: string): Record<string, unknown> {
  const { id, fingerprint, source, status, alert, service, severity, started_at } = incident;
  return { id, fingerprint, source, status, alert, service, severity, started_at, payload_sha256: sha256(raw) };
}

function summaryOf({ outcome, confidence, family, culprit, cut, gaps, cost }: Report): Record<string, unknown> {
  return {
    outcome,
    confidence: confidence.level,
    family,
    culprit: culprit?.name ?? null,
    cut: cut.length,
    gaps: gaps.length,
    ...cost,
  };
}
