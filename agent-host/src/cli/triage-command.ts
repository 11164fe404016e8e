import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  ConfigError,
  type Incident,
  loadCatalog,
  loadEvidenceKey,
  parseRfc3339,
  type Report,
} from "@oncall-copilot/core";
import { AS_OF_AFTER_ALERT_MS, openRecording } from "@oncall-copilot/core/recording";
import type { Finding } from "@oncall-copilot/core/server";
import { type AuditLog, openAuditLog, sha256 } from "../audit/audit-log.ts";
import { LockedError } from "../audit/lock.ts";
import { renderMarkdown } from "../deliver/markdown.ts";
import { paintFor, printable } from "../deliver/style.ts";
import { renderTerminal } from "../deliver/terminal.ts";
import { unknownNames, unknownScopes } from "../doctor/unknown-names.ts";
import { readAlert } from "../intake/read-alert.ts";
import { fromRecording } from "../tools/from-recording.ts";
import { triage } from "../triage.ts";
import { sealReport } from "../verify/seal.ts";
import { chooseEngine } from "./engines.ts";
import { EXIT, type ExitCode, UsageError } from "./exit.ts";
import { progressPrinter } from "./progress.ts";

export interface TriageArguments {
  readonly alert: string;
  readonly recording?: string | undefined;
  readonly engine?: string | undefined;
  readonly out?: string | undefined;
  readonly asOf?: string | undefined;
  readonly transport?: "child" | "in-process" | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Where a triage's files lie. */
export interface TriageFiles {
  readonly out: string;
  readonly report: string;
  readonly markdown: string;
  readonly diff: string | null;
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
  const chosen = chooseEngine(args.engine, env);
  const { incident, raw } = await readAlert(args.alert);
  const around = args.recording === undefined ? env : fromRecording(env, args.recording);
  const moment = await momentOf(args, incident, around);
  const out = resolve(args.out ?? join("oncall-out", incident.id));
  const audit = await openOut(out);
  const stop = new AbortController();
  const cancel = () => stop.abort(new Error("interrupted"));
  process.once("SIGINT", cancel);
  process.once("SIGTERM", cancel);
  try {
    await audit.append("alert_received", received(incident, raw));
    if (incident.status === "resolved") {
      process.stderr.write(`${printable(incident.alert)} is resolved: there is nothing to triage\n`);
      return { code: EXIT.ok, files: null };
    }
    const key = await loadEvidenceKey(env);
    if (!args.quiet) tellOf([...unknownNames(around), ...unknownScopes(around)]);
    const report = await triage({
      incident,
      asOf: moment.asOf,
      catalog: await loadCatalog(moment.catalog),
      key,
      engine: chosen.engine,
      fallback: chosen.fallback,
      engineNote: chosen.note,
      env: { ...around, ...moment.env, ONCALL_GIT_WORKDIR: env["ONCALL_GIT_WORKDIR"] || join(out, "git") },
      transport: args.transport ?? "child",
      audit,
      signal: stop.signal,
      progress: args.quiet ? () => {} : progressPrinter(process.stderr, paintFor(process.stderr)),
    });
    const json = sealReport(report, key);
    // The message goes out first: a full disk must not keep it from the engineer.
    process.stdout.write(args.json ? json : renderTerminal(report, paintFor(process.stdout)));
    const files = await writeFiles(out, report, json);
    const { outcome, confidence, family, culprit, cut, gaps } = report;
    await audit.append("report_made", {
      outcome, confidence: confidence.level, family, culprit: culprit?.name ?? null, cut: cut.length, gaps: gaps.length,
      ...report.cost, report_sha256: files.sha256,
    }); // biome-ignore format: one line a thought
    return {
      code: report.outcome === "blocked" ? EXIT.blocked : EXIT.ok,
      files: { ...files.paths, audit: audit.file },
    };
  } catch (error) {
    await audit.append("failed", { why: error instanceof Error ? error.message : String(error) });
    throw error;
  } finally {
    process.removeListener("SIGINT", cancel);
    process.removeListener("SIGTERM", cancel);
    await audit.close();
  }
}

/** What nobody reads is a typo. The servers tell of their own in their first answer. */
function tellOf(unknown: readonly Finding[]): void {
  for (const { message, cure } of unknown) process.stderr.write(`! ${printable(`${message}; ${cure}`)}\n`);
}

function received(incident: Incident, raw: string): Record<string, unknown> {
  const { id, fingerprint, source, status, alert, service, severity, started_at } = incident;
  return { id, fingerprint, source, status, alert, service, severity, started_at, payload_sha256: sha256(raw) };
}

/** The moment the investigation stands for, and where the servers and the host look. */
async function momentOf(args: TriageArguments, incident: Incident, env: NodeJS.ProcessEnv) {
  const folder = env["ONCALL_RECORDING"];
  const asked = args.asOf ?? env["ONCALL_AS_OF"];
  const given = asked === undefined ? undefined : parseRfc3339(asked);
  if (given !== undefined && Number.isNaN(given)) {
    throw new ConfigError(`--as-of takes an RFC 3339 time with a zone, such as 2026-03-01T10:00:00Z, not "${asked}"`);
  }
  if (!folder) {
    const catalog = env["ONCALL_CATALOG"];
    if (!catalog) throw new ConfigError("set ONCALL_CATALOG to your Backstage catalog file, or give --recording DIR");
    return { asOf: given ?? Date.now(), catalog, env: {} };
  }
  const recording = await openRecording(folder);
  // The alert given may be another than the recording's own: the moment goes by the one that is triaged.
  const asOf = given ?? Date.parse(incident.started_at) + AS_OF_AFTER_ALERT_MS;
  const catalog = env["ONCALL_CATALOG"] || recording.path("catalog");
  if (!catalog) throw new ConfigError(`${folder} has no catalog.yaml; every recording needs one`);
  return { asOf, catalog, env: { ONCALL_RECORDING: recording.dir, ONCALL_AS_OF: new Date(asOf).toISOString() } };
}

/** Reports quote production: whom they are shown to is the engineer's choice. */
const OWNER_ONLY = { mode: 0o600 } as const;

async function writeFiles(out: string, report: Report, json: string) {
  const paths = { out, report: join(out, "report.json"), markdown: join(out, "report.md") };
  await writeFile(paths.report, json, OWNER_ONLY);
  await writeFile(paths.markdown, renderMarkdown(report), OWNER_ONLY);
  const diff = join(out, "pull-request.diff");
  // An earlier triage's diff must not lie beside a report that proposes nothing.
  if (report.pull_request) await writeFile(diff, report.pull_request.diff, OWNER_ONLY);
  else await rm(diff, { force: true });
  return { sha256: sha256(json), paths: { ...paths, diff: report.pull_request ? diff : null } };
}

/** The folder and its audit log. What cannot be written to is wrong usage, and is told before anything is asked. */
async function openOut(out: string): Promise<AuditLog> {
  try {
    await mkdir(out, { recursive: true });
    return await openAuditLog(join(out, "audit.jsonl"));
  } catch (error) {
    if (error instanceof LockedError) throw new UsageError(`--out ${out}: ${error.message}`);
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`--out ${out} cannot be written to (${code}); give a folder of your own with --out`);
  }
}
