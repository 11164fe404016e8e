import { loadEvidenceKey, type Report } from "@oncall-copilot/core";
import { catalogOf } from "../app/moment.ts";
import { openCases } from "../app/open-cases.ts";
import { openCatalogAt } from "../app/open-catalog.ts";
import { prune } from "../app/prune.ts";
import { readSettings } from "../app/settings.ts";
import { checkChain } from "../audit/chain.ts";
import type { Case } from "../cases/case.ts";
import type { CaseStore } from "../cases/case-store.ts";
import { oneLine, paintFor, printable } from "../deliver/style.ts";
import { renderTerminal } from "../deliver/terminal.ts";
import { openSealedReport } from "../verify/seal.ts";
import { type DecideArguments, decideCommand } from "./decide-command.ts";
import { EXIT, type ExitCode, UsageError } from "./exit.ts";
import { emptyCatalog } from "./learn-commands.ts";

export interface CasesArguments {
  readonly recording?: string | undefined;
  readonly json: boolean;
}

/** Cases that a list shows: the newest. */
const MAX_LISTED = 50;

async function withCases<T>(
  { recording }: CasesArguments,
  env: NodeJS.ProcessEnv,
  work: (cases: CaseStore) => Promise<T>,
): Promise<T> {
  const settings = readSettings(env, { recording });
  // What is kept is shown without one: whoever looks on needs no catalog.
  const named = settings.catalog ?? (settings.recording === null ? null : await catalogOf(settings));
  const cases = await openCases(
    settings.env,
    named === null ? emptyCatalog() : await openCatalogAt(named, settings.env),
  );
  try {
    return await work(cases);
  } finally {
    await cases.close();
  }
}

const counted = (total: number, firing: number): string => `${total} alert${total === 1 ? "" : "s"}, ${firing} firing`;
const time = (at: number): string => new Date(at).toISOString().slice(0, 19).replace("T", " ");

/** `oncall cases`: the newest cases, a line each. */
export function casesCommand(args: CasesArguments, env: NodeJS.ProcessEnv = process.env): Promise<ExitCode> {
  return withCases(args, env, async (cases) => {
    const listed = await cases.list({ limit: MAX_LISTED });
    if (args.json) {
      process.stdout.write(`${JSON.stringify(listed, null, 2)}\n`);
      return EXIT.ok;
    }
    if (listed.length === 0) process.stderr.write(`no case in ${cases.name}\n`);
    for (const one of listed) {
      const { total, firing } = await cases.alertsOf(one.id);
      const alerts = counted(total, firing);
      const what = `${one.alert.name} on ${one.service ?? "no known service"}`;
      process.stdout.write(`${oneLine(`${time(one.opened_at)}  ${one.id}  ${stateOf(one)}  ${what} (${alerts})`)}\n`);
    }
    return EXIT.ok;
  });
}

/** `oncall cases prune`: removes what has been kept for long enough, which `oncall serve` does each day. */
export function casesPruneCommand(args: CasesArguments, env: NodeJS.ProcessEnv = process.env): Promise<ExitCode> {
  return withCases(args, env, async (cases) => {
    const { items, folders } = await prune(env, cases);
    const pruned = args.json
      ? JSON.stringify({ items, folders })
      : `pruned ${items} items and ${folders.length} work folders`;
    process.stdout.write(`${pruned}\n`);
    return EXIT.ok;
  });
}

/** `oncall case ID`: what is known of one case, and its report. */
export function caseCommand(id: string, args: CasesArguments, env: NodeJS.ProcessEnv = process.env): Promise<ExitCode> {
  return withCases(args, env, async (cases) => {
    const one = await cases.find(id);
    if (!one) throw new UsageError(`${cases.name} has no case ${id}; \`oncall cases\` lists those that are kept`);
    const report = await reportOf(cases, one, env);
    if (args.json) {
      process.stdout.write(`${JSON.stringify({ case: one, alerts: await cases.alertsOf(id), report }, null, 2)}\n`);
      return EXIT.ok;
    }
    for (const line of await linesOf(cases, one)) process.stdout.write(`${oneLine(line)}\n`);
    if (report) process.stdout.write(`\n${renderTerminal(report, paintFor(process.stdout))}`);
    return EXIT.ok;
  });
}

/** `oncall case ID approve|reject|edit`: see {@link decideCommand}. */
export function caseDecisionCommand(
  args: DecideArguments & Pick<CasesArguments, "recording">,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ExitCode> {
  return withCases({ recording: args.recording, json: false }, env, (cases) => decideCommand(args, cases, env));
}

/** `oncall audit verify --case ID`: the chain of a case, wherever its store is. */
export function caseAuditCommand(
  id: string,
  args: CasesArguments,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ExitCode> {
  return withCases(args, env, async (cases) => {
    const { entries, head, problem } = checkChain(await cases.trailText(id));
    if (problem) {
      process.stderr.write(`${printable(`case ${id} entry ${problem.line}: ${problem.why}`)}\n`);
      return EXIT.problems;
    }
    if (entries === 0) throw new UsageError(`${cases.name} has no audit trail of a case ${id}`);
    process.stdout.write(`case ${id} in ${cases.name}: holds; ${entries} entries, head ${head}\n`);
    return EXIT.ok;
  });
}

function stateOf({ state, mode, lease, next_look_at, failure }: Case): string {
  const shadow = mode === "shadow" ? ", shadow" : "";
  const failed = failure === null ? "" : `, ${failure.kind.replaceAll("_", " ")}`;
  if (lease !== null && lease.until > Date.now()) return `being looked at${shadow}${failed}`;
  const again = state === "open" && next_look_at !== null ? `, next look ${time(next_look_at)}` : "";
  return `${state}${again}${shadow}${failed}`;
}

async function linesOf(cases: CaseStore, one: Case): Promise<string[]> {
  const { total, firing, services } = await cases.alertsOf(one.id);
  const named = services.slice(0, 10).map(({ name, alerts }) => `${name} (${alerts})`);
  const more = services.length > named.length ? ` and ${services.length - named.length} more` : "";
  return [
    `${one.id}: ${one.alert.name} on ${one.service ?? "no known service"}, ${stateOf(one)}`,
    `opened ${time(one.opened_at)}; ${counted(total, firing)}: ${named.join(", ")}${more}`,
    ...(one.back_of === null ? [] : [`back of case ${one.back_of}`]),
    ...(one.failure === null ? [] : [`attention: ${one.failure.why}`]),
    ...one.looks.map(
      ({ number, ended_at, engine, outcome, culprit, note }) =>
        `look ${number} at ${time(ended_at)} by ${engine}: ${outcome}${culprit ? `, ${culprit}` : ""}${note ? ` (${note})` : ""}`,
    ),
    ...one.events.map(({ at, kind, what }) => `${time(at)} ${kind.replaceAll("_", " ")}: ${what}`),
    ...(one.pull_request === null ? [] : [`draft ${one.pull_request.url}, at ${one.pull_request.commit}`]),
    ...(one.message === null ? [] : [`message ${one.message.ref}`]),
  ];
}

async function reportOf(cases: CaseStore, one: Case, env: NodeJS.ProcessEnv): Promise<Report | null> {
  const ref = one.final_report ?? one.looks.at(-1)?.report;
  if (!ref) return null;
  const { report, intact } = openSealedReport(await cases.document(one.id, ref), await loadEvidenceKey(env));
  if (!intact)
    process.stderr.write("! the seal of this report does not hold: it was changed, or another installation made it\n");
  return report;
}
