import { mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { type Estate, startEstate } from "../estate/estate.ts";
import { intervene } from "../estate/interventions.ts";
import { goFirst } from "../go-first.ts";
import { LoadGenerator } from "../load/generator.ts";
import { findPrograms } from "../monitoring/installed.ts";
import { type Monitoring, startMonitoring } from "../monitoring/monitoring.ts";
import { parseWebhook } from "../monitoring/receiver.ts";
import { WORK } from "../paths.ts";
import { createRandom } from "../random.ts";
import type { Scenario } from "../scenario.ts";
import { SCENARIOS } from "../scenarios/index.ts";
import { sleep } from "../shell.ts";
import { FRONT } from "../topology.ts";
import { faultyUpstream } from "./faulty-upstream.ts";
import { DoesNotApply, mergeProposal, type Proposal, readProposal } from "./proposal.ts";
import { alertsNow, Watch } from "./watch.ts";

/** The moment that a report of a recording stands for, and what its pull request is based on. */
const AS_OF_AFTER_ALERT_MS = 5 * 60_000;
/** Traffic that a scenario brings has come up by then. */
const INTO_THE_FAULT_SECONDS = 180;
const FIRES_WITHIN_MS = 16 * 60_000;
const RESOLVES_WITHIN_MS = 8 * 60_000;
/** An alert that only paused would be back by then. */
const STAYS_QUIET_MS = 2 * 60_000;
const LOOK_MS = 2000;

export interface Verdict {
  readonly recording: string;
  readonly alert: string;
  readonly works: boolean;
  readonly why: string;
  /** The revision that the estate was broken at. */
  readonly faulty: string;
  /** The revision that the merge made; null when nothing was merged. */
  readonly merged: string | null;
  readonly fired_after_seconds: number | null;
  readonly resolved_after_seconds: number | null;
  readonly other_alerts: readonly string[];
}

export interface ReplayRequest {
  readonly recording: string;
  readonly report: string;
  readonly say: (message: string) => void;
}

/** Breaks the estate as it was in a recording, merges what a report proposes, and sees whether that helps. */
export async function replay({ recording, report, say }: ReplayRequest): Promise<Verdict> {
  const scenario = await scenarioOf(recording);
  const [alert] = parseWebhook(await readFile(path.join(recording, "alert.json"))).alerts;
  if (alert === undefined) throw new Error(`${recording}/alert.json holds no alert`);
  const proposal = await readProposal(report);
  const work = path.join(WORK, `replay-${path.basename(recording)}-${process.pid}`);
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  const upstream = path.join(work, "upstream.git");
  const asOf = new Date(new Date(alert.startsAt).getTime() + AS_OF_AFTER_ALERT_MS);
  const faulty = await faultyUpstream(recording, asOf, upstream);
  const known = { recording: path.basename(recording), alert: scenario.alert, faulty };
  const fails = (why: string): Verdict => ({ ...known, works: false, why, ...NOTHING });
  if (proposal === undefined) return fails("the report has no pull request");

  await findPrograms();
  await goFirst();
  const random = createRandom(1);
  let estate: Estate | undefined;
  let monitoring: Monitoring | undefined;
  let load: LoadGenerator | undefined;
  try {
    say(`starting the estate at ${faulty.slice(0, 12)}`);
    estate = await startEstate(work, upstream, random.fork("pods"));
    const { pods, clusterPort } = estate;
    const rules = scenario.rules ?? [];
    monitoring = await startMonitoring({
      directory: path.join(work, "monitoring"),
      targetsFile: pods.targetsFile,
      clusterPort,
      rules,
    });
    load = new LoadGenerator(scenario.rate, scenario.traffic, random.fork("load"), () => pods.of(FRONT));
    const startedAt = Date.now();
    load.start(startedAt - (scenario.faultAt + INTO_THE_FAULT_SECONDS) * 1000);
    await breakAgain(estate, scenario);

    const { prometheusUrl } = monitoring;
    say(`waiting for ${scenario.alert}`);
    if (!(await fires(prometheusUrl, scenario.alert))) {
      const minutes = FIRES_WITHIN_MS / 60_000;
      throw new Error(`${scenario.alert} did not fire within ${minutes} minutes: there is nothing to judge a fix by`);
    }
    const firedAfter = seconds(Date.now() - startedAt);
    say(`${scenario.alert} fires; merging "${proposal.title}"`);
    const merged = await merge(proposal, upstream, path.join(work, "clone"));
    if (typeof merged !== "string") return { ...fails(merged.message), fired_after_seconds: firedAfter };

    const mergedAt = new Date();
    const watch = await watchOver(prometheusUrl, scenario, mergedAt);
    const quiet = watch.quietSince;
    const others = watch.others;
    return {
      ...known,
      works: quiet !== undefined && others.length === 0,
      why: reasonFor(scenario.alert, quiet, others),
      merged,
      fired_after_seconds: firedAfter,
      resolved_after_seconds: quiet === undefined ? null : seconds(quiet.getTime() - mergedAt.getTime()),
      other_alerts: others,
    };
  } finally {
    load?.stop();
    await Promise.all([estate?.stop(), monitoring?.stop()]);
    await rm(work, { recursive: true, force: true });
  }
}

const NOTHING = { merged: null, fired_after_seconds: null, resolved_after_seconds: null, other_alerts: [] } as const;

const Source = z.looseObject({ source: z.string() });

async function scenarioOf(recording: string): Promise<Scenario> {
  const { source } = Source.parse(parse(await readFile(path.join(recording, "expected.yaml"), "utf8")));
  const scenario = SCENARIOS.find(({ name }) => source.endsWith(`scenario ${name}`));
  if (scenario === undefined)
    throw new Error(`only what the lab made can be replayed; this recording is from ${source}`);
  return scenario;
}

/** What was done without a commit is done again, all of it at once. */
async function breakAgain(estate: Estate, { happenings, expiries }: Scenario): Promise<void> {
  for (const secret of Object.keys(expiries ?? {})) estate.secrets.expire(secret, new Date());
  for (const happening of happenings) {
    if (!("act" in happening)) continue;
    const { act } = happening;
    const done = intervene(estate, act.kind === "rotate" ? { ...act, withdrawnAfterSeconds: 30 } : act);
    // A job that fails goes on for minutes.
    if (act.kind === "job") done.catch(() => {});
    else await done;
  }
}

async function fires(prometheusUrl: string, alert: string): Promise<boolean> {
  const deadline = Date.now() + FIRES_WITHIN_MS;
  while (Date.now() < deadline) {
    const alerts = await alertsNow(prometheusUrl);
    if (alerts.some(({ name, state }) => name === alert && state === "firing")) return true;
    await sleep(LOOK_MS);
  }
  return false;
}

async function merge(proposal: Proposal, upstream: string, clone: string): Promise<string | DoesNotApply> {
  try {
    return await mergeProposal(proposal, upstream, clone);
  } catch (error) {
    if (error instanceof DoesNotApply) return error;
    throw error;
  }
}

/** Looks on until the alert has been quiet for long enough, or has had time enough to become so. */
async function watchOver(prometheusUrl: string, { alert, alertsOfTraffic }: Scenario, mergedAt: Date): Promise<Watch> {
  const watch = new Watch(alert, mergedAt, alertsOfTraffic);
  const deadline = mergedAt.getTime() + RESOLVES_WITHIN_MS;
  for (;;) {
    watch.see(await alertsNow(prometheusUrl), new Date());
    const quiet = watch.quietSince;
    if (quiet !== undefined && Date.now() - quiet.getTime() >= STAYS_QUIET_MS) return watch;
    if (quiet === undefined && Date.now() >= deadline) return watch;
    await sleep(LOOK_MS);
  }
}

function reasonFor(alert: string, quiet: Date | undefined, others: readonly string[]): string {
  if (quiet === undefined) return `${alert} still fires ${RESOLVES_WITHIN_MS / 60_000} minutes after the merge`;
  if (others.length > 0) return `${alert} resolved, but ${others.join(", ")} began to fire`;
  return `${alert} resolved and nothing else began to fire`;
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}
