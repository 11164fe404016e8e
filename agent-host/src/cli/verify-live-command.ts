import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { findEvidenceKey } from "@oncall-copilot/core";
import { readSettings } from "../app/settings.ts";
import { checkChain, parseEntry } from "../audit/chain.ts";
import { oneLine, printable } from "../deliver/style.ts";
import { discoverServers } from "../tools/discover.ts";
import { openToolbox } from "../tools/open-toolbox.ts";
import { readOnlyToolbox } from "../tools/read-only.ts";
import { compareLive, type ItemStanding, type Standing } from "../verify/compare-live.ts";
import { type OpenedReport, openSealedReport } from "../verify/seal.ts";
import { EXIT, type ExitCode, UsageError } from "./exit.ts";

export interface VerifyLiveArguments {
  readonly report: string;
  readonly recording?: string | undefined;
  readonly transport?: string | undefined;
}

/** Most calls that are made again: an audit log may be of many looks. */
const MAX_CALLS = 80;
/** All of it may take this long, in milliseconds. */
const MAX_MS = 5 * 60_000;

const SAYS: Readonly<Record<Standing, string>> = {
  same: "still says the same",
  differs: "DIFFERS: the source says something else now",
  expired: "expired: the source answers, and no longer has it",
  not_asked: "not told: the source could not be asked",
};

/**
 * `oncall verify --live REPORT.json`: makes the calls of the report's audit log again, as of the same moment, and tells of each cited item
 * whether its source still says the same. Reads alone; what writes is never called.
 *
 * @throws UsageError when the report or its audit log cannot be read, or is another installation's
 */
export async function verifyLiveCommand(args: VerifyLiveArguments, env: NodeJS.ProcessEnv): Promise<ExitCode> {
  const settings = readSettings(env, { recording: args.recording, transport: args.transport });
  const key = await findEvidenceKey(env);
  const opened = await openReport(args.report, key);
  if (!key || !opened.ours || !opened.intact)
    throw new UsageError(
      `${args.report}: only an unchanged report of this installation can be asked for again; try oncall verify`,
    );
  const { report } = opened;
  const calls = await callsIn(join(dirname(args.report), "audit.jsonl"));
  const toolbox = await openToolbox({
    key,
    env: { ...settings.env, ONCALL_AS_OF: report.as_of },
    transport: settings.transport,
  });
  try {
    const asking = readOnlyToolbox(toolbox);
    const signal = AbortSignal.timeout(MAX_MS);
    const mayAsk = new Set(asking.tools.map(({ name }) => name));
    const made = await Promise.all(
      calls.filter(({ tool }) => mayAsk.has(tool)).map(({ tool, args: own }) => asking.call(tool, own, { signal })),
    );
    const failed = new Set(made.filter(({ outcome }) => outcome === "could_not_look").map(({ server }) => server));
    const blind = new Set(
      discoverServers().flatMap(({ server, letter }) =>
        failed.has(server) || !made.some((one) => one.server === server) ? [letter] : [],
      ),
    );
    return tell(args.report, compareLive(report.evidence, toolbox.evidence, blind));
  } finally {
    await toolbox.close();
  }
}

async function openReport(file: string, key: Parameters<typeof openSealedReport>[1]): Promise<OpenedReport> {
  try {
    return openSealedReport(await readFile(file, "utf8"), key);
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

interface LoggedCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** The calls that an audit log tells of, each once. */
async function callsIn(file: string): Promise<readonly LoggedCall[]> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`cannot read ${file} (${error.code}): it tells what was asked, so keep it beside the report`);
  });
  const { problem } = checkChain(text);
  if (problem) throw new UsageError(`${file} line ${problem.line}: ${problem.why}`);
  const calls = new Map<string, LoggedCall>();
  for (const { type, data } of text.trimEnd().split("\n").map(parseEntry)) {
    const { tool, arguments: args } = data;
    if (type !== "tool_called" || typeof tool !== "string" || args === null || typeof args !== "object") continue;
    const own = args as Readonly<Record<string, unknown>>;
    calls.set(JSON.stringify([tool, own]), { tool, args: own });
  }
  return [...calls.values()].slice(0, MAX_CALLS);
}

/** Characters that a person reads of an item at a glance. */
const MAX_SHOWN = 120;
const beginning = (text: string): string => oneLine(text.slice(0, 2 * MAX_SHOWN)).slice(0, MAX_SHOWN);

function tell(file: string, standings: readonly ItemStanding[]): ExitCode {
  for (const { item, standing, now } of standings) {
    const was = beginning(item.text);
    const line = `${item.id} ${SAYS[standing]}: ${was}`;
    const is = now ? `\n  now: ${beginning(now.text)}` : "";
    process.stdout.write(`${printable(`${line}${is}`)}\n`);
  }
  const count = (standing: Standing) => standings.filter((one) => one.standing === standing).length;
  process.stdout.write(
    `${file}: of ${standings.length} cited items ${count("same")} still say the same, ${count("differs")} differ, ${count("expired")} have expired, ${count("not_asked")} could not be asked for\n`,
  );
  return count("same") === standings.length ? EXIT.ok : EXIT.problems;
}
