import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Incident } from "@oncall-copilot/core";
import type { Finding } from "@oncall-copilot/core/server";
import { followIncident } from "../app/follow-incident.ts";
import { type Clock, replayClock, systemClock } from "../app/looks/clock.ts";
import { FIRST_LOOK_AFTER_ALERT_MS } from "../app/looks/schedule.ts";
import { prepareTriage, runTriage, type TriagePorts, type TriageRun } from "../app/run-triage.ts";
import { readSettings, type Settings } from "../app/settings.ts";
import { type AuditLog, openAuditLog } from "../audit/audit-log.ts";
import { isFullDisk } from "../audit/audit-problem.ts";
import { lostTrail } from "../audit/lasting-trail.ts";
import { LockedError } from "../audit/lock.ts";
import { reportFolder } from "../deliver/report-folder.ts";
import type { ReportPlaces } from "../deliver/report-store.ts";
import { paintFor, printable } from "../deliver/style.ts";
import { terminalMessenger } from "../deliver/terminal-messenger.ts";
import { unknownNames, unknownScopes } from "../doctor/unknown-names.ts";
import { readAlert } from "../intake/read-alert.ts";
import { headFile } from "../sign/signed-head.ts";
import { EXIT, type ExitCode, UsageError } from "./exit.ts";
import { progressPrinter } from "./progress.ts";

export interface TriageArguments {
  readonly alert: string;
  readonly recording?: string | undefined;
  readonly engine?: string | undefined;
  readonly out?: string | undefined;
  readonly asOf?: string | undefined;
  readonly transport?: string | undefined;
  /** Looks again until it is settled, and prints the message of each look. */
  readonly follow?: boolean | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Where a triage's files lie. */
export interface TriageFiles extends ReportPlaces {
  readonly audit: string;
}

/** A line a file, for the person who ran it. */
export function whereFilesLie({ report, markdown, diff, audit }: TriageFiles): string {
  const lines = [
    `report ${markdown}, ${report}`,
    ...(diff ? [`pull request's diff ${diff}`] : []),
    `audit log ${audit}`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** One alert from its file to the files in `--out`. The message, or the report with `--json`, goes to stdout. */
export async function triageCommand(
  args: TriageArguments,
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ code: ExitCode; files: TriageFiles | null }> {
  const settings = readSettings(env, args);
  const alert = await readAlert(args.alert);
  const prepared = await prepareTriage(alert, settings);
  const out = resolve(args.out ?? join("oncall-out", alert.incident.id));
  const opened = await openOut(out);
  const audit = opened ?? lostTrail("the disk is full");
  const stop = new AbortController();
  const cancel = () => stop.abort(new Error("interrupted"));
  process.once("SIGINT", cancel);
  process.once("SIGTERM", cancel);
  try {
    if (!args.quiet && alert.incident.status === "firing")
      tellOf([...unknownNames(settings.env), ...unknownScopes(settings.env)]);
    const ports: TriagePorts = {
      audit,
      messenger: terminalMessenger(process.stdout, args.json ? "json" : "message"),
      reports: reportFolder(out),
      heads: opened ? headFile(opened.file) : undefined,
      gitWorkdir: join(out, "git"),
      signal: stop.signal,
      progress: args.quiet ? () => {} : progressPrinter(process.stderr, paintFor(process.stderr)),
    };
    const run = args.follow
      ? await followIncident(alert, settings, ports, clockFor(settings, alert.incident))
      : await runTriage(prepared, ports);
    return ended(run, alert.incident.alert, join(out, AUDIT_FILE));
  } finally {
    process.removeListener("SIGINT", cancel);
    process.removeListener("SIGTERM", cancel);
    await opened?.close();
  }
}

function ended(run: TriageRun, alert: string, audit: string): { code: ExitCode; files: TriageFiles | null } {
  if (run.kind === "resolved") {
    process.stderr.write(`${printable(alert)} is resolved: there is nothing to triage\n`);
    return { code: EXIT.ok, files: null };
  }
  if (run.kind === "unchanged") return { code: EXIT.ok, files: null };
  const code = run.report.outcome === "blocked" ? EXIT.blocked : EXIT.ok;
  return { code, files: { ...run.kept.places, audit } };
}

/** Live, time is what it is. A recording's looks follow one another at once, the first as soon after the alert as a webhook comes. */
function clockFor({ recording, asOf }: Settings, { started_at: start }: Incident): Clock {
  if (recording === null) return systemClock;
  return replayClock(asOf ?? Date.parse(start) + FIRST_LOOK_AFTER_ALERT_MS);
}

/** What nobody reads is a typo. The servers tell of their own in their first answer. */
function tellOf(unknown: readonly Finding[]): void {
  for (const { message, cure } of unknown) process.stderr.write(`! ${printable(`${message}; ${cure}`)}\n`);
}

const AUDIT_FILE = "audit.jsonl";

/**
 * The folder and its audit log. What cannot be written to is wrong usage, and is told before anything is asked; but on a full disk, null:
 * the engineer still needs the message.
 */
async function openOut(out: string): Promise<AuditLog | null> {
  try {
    await mkdir(out, { recursive: true });
    return await openAuditLog(join(out, AUDIT_FILE));
  } catch (error) {
    if (isFullDisk(error)) {
      process.stderr.write(`! --out ${out}: the disk is full; the message will come, and nothing of it can be kept\n`);
      return null;
    }
    if (error instanceof LockedError) throw new UsageError(`--out ${out}: ${error.message}`);
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`--out ${out} cannot be written to (${code}); give a folder of your own with --out`);
  }
}
