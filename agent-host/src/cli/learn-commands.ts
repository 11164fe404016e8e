import { Catalog, loadEvidenceKey } from "@oncall-copilot/core";
import { openCases } from "../app/open-cases.ts";
import { openCatalogAt } from "../app/open-catalog.ts";
import { readSettings } from "../app/settings.ts";
import type { Case } from "../cases/case.ts";
import type { CaseStore } from "../cases/case-store.ts";
import { allCases } from "../learn/all-cases.ts";
import { EXPORT_FORMATS, exportCases, exportPlace } from "../learn/export-cases.ts";
import { historyRowOf } from "../learn/history-row.ts";
import { hasOutcome, outcomeKey, outcomeOf } from "../learn/outcome-of.ts";
import { backlogCsv, backlogMarkdown, runbookBacklog } from "../learn/runbook-backlog.ts";
import { scoresOf } from "../learn/scoreboard.ts";
import { scoreboardHtml, scoreboardText } from "../learn/scoreboard-text.ts";
import { openSealedReport } from "../verify/seal.ts";
import { EXIT, type ExitCode, UsageError } from "./exit.ts";

export const EXPORT_USAGE = "usage: oncall cases export [--out FOLDER|s3://BUCKET/PREFIX] [--format ndjson|parquet]";

/** What is asked of the cases wants no catalog but for whose they are. */
async function withCases<T>(
  env: NodeJS.ProcessEnv,
  work: (cases: CaseStore, catalog: Catalog) => Promise<T>,
): Promise<T> {
  const settings = readSettings(env);
  const catalog = settings.catalog === null ? emptyCatalog() : await openCatalogAt(settings.catalog, settings.env);
  const cases = await openCases(settings.env, catalog);
  try {
    return await work(cases, catalog);
  } finally {
    await cases.close();
  }
}

export const emptyCatalog = (): Catalog => new Catalog(() => ({ entries: [], dangling: [], problems: [] }));

async function listed(cases: CaseStore): Promise<Case[]> {
  const all: Case[] = [];
  for await (const one of allCases(cases)) all.push(one);
  return all;
}

/** `oncall cases export`: cases whose alerts have cleared, as rows of the history. */
export async function exportCommand(
  {
    out = "oncall-cases-export",
    format = "ndjson",
  }: { readonly out?: string | undefined; readonly format?: string | undefined },
  env: NodeJS.ProcessEnv = process.env,
): Promise<ExitCode> {
  const known = EXPORT_FORMATS.find((one) => one === format);
  if (known === undefined) throw new UsageError(`--format takes ${EXPORT_FORMATS.join(" or ")}, not "${format}"`);
  return withCases(env, async (cases) => {
    const key = await loadEvidenceKey(env);
    const rows = [];
    for (const one of await listed(cases)) {
      if (!hasOutcome(one)) continue;
      const ref = one.final_report ?? one.looks.at(-1)?.report;
      const stale = one.outcome?.of !== outcomeKey(one);
      const report = stale && ref ? openSealedReport(await cases.document(one.id, ref), key).report : null;
      rows.push(historyRowOf(one, one.outcome && !stale ? one.outcome : outcomeOf(one, report)));
    }
    const place = await exportCases(rows.reverse(), known, exportPlace(out, env["AWS_ENDPOINT_URL_S3"]));
    process.stdout.write(`${rows.length} ${rows.length === 1 ? "case" : "cases"} in ${place}\n`);
    return EXIT.ok;
  });
}

const STATS_FORMATS = ["text", "json", "html"];

/** `oncall stats`: the scoreboard, by team and month. */
export async function statsCommand(
  { format = "text" }: { readonly format?: string | undefined },
  env: NodeJS.ProcessEnv = process.env,
): Promise<ExitCode> {
  if (!STATS_FORMATS.includes(format))
    throw new UsageError(`--format takes ${STATS_FORMATS.join(", ")}, not "${format}"`);
  return withCases(env, async (cases, catalog) => {
    const teamOf = (service: string | null) => (service && catalog.find(service)?.owner) || "no known owner";
    const scores = scoresOf(await listed(cases), teamOf);
    if (format === "json") process.stdout.write(`${JSON.stringify(scores, null, 2)}\n`);
    else process.stdout.write(format === "html" ? scoreboardHtml(scores, Date.now()) : scoreboardText(scores));
    if (catalog.entries().length === 0)
      process.stderr.write("ONCALL_CATALOG is not set, so that nobody's team is known\n");
    return EXIT.ok;
  });
}

/** `oncall runbooks`: the backlog of pages to mend. */
export async function runbooksCommand(
  { format = "md" }: { readonly format?: string | undefined },
  env: NodeJS.ProcessEnv = process.env,
): Promise<ExitCode> {
  if (format !== "md" && format !== "csv") throw new UsageError(`--format takes md or csv, not "${format}"`);
  return withCases(env, async (cases) => {
    const pages = runbookBacklog(await listed(cases));
    process.stdout.write(format === "csv" ? backlogCsv(pages) : backlogMarkdown(pages));
    return EXIT.ok;
  });
}
