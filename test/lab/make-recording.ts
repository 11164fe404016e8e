import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { type Estate, startEstate } from "./estate/estate.ts";
import { goFirst } from "./go-first.ts";
import { LoadGenerator } from "./load/generator.ts";
import { findPrograms } from "./monitoring/installed.ts";
import { type Monitoring, startMonitoring } from "./monitoring/monitoring.ts";
import { type Delivery, parseWebhook } from "./monitoring/receiver.ts";
import { buildMonorepo } from "./monorepo/build.ts";
import { WORK } from "./paths.ts";
import { playHappenings } from "./play-happenings.ts";
import { createRandom } from "./random.ts";
import { assemble } from "./recording/assemble.ts";
import { weigh } from "./recording/write.ts";
import type { Scenario } from "./scenario.ts";
import { sleep } from "./shell.ts";
import { FRONT } from "./topology.ts";

/** Caches fill, connections open and rates settle before the recording begins. */
const WARM_UP_MS = 75_000;
/** Nobody who reads a recording looks past this. */
const AFTER_ALERT_MS = 5 * 60_000;
/** An alert that has not come by then will not come. */
const ALERT_PATIENCE_MS = 16 * 60_000;

export interface Request {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly out: string;
  readonly say: (message: string) => void;
  /** More recordings of the same run, of alerts that need nothing but to be waited for. */
  readonly alongside?: readonly Waited[];
  /** How long to go on after the alert; as long as anybody looks, unless told otherwise. */
  readonly afterAlertMs?: number;
}

export interface Waited {
  readonly scenario: Scenario;
  readonly out: string;
}

/** Runs a scenario for real and writes down what could be seen of it. */
export async function makeRecording({
  scenario,
  seed,
  out,
  say,
  alongside = [],
  afterAlertMs = AFTER_ALERT_MS,
}: Request): Promise<void> {
  const versions = await findPrograms();
  await goFirst();
  const random = createRandom(seed);
  const work = path.join(WORK, `${scenario.name}-${seed}-${process.pid}`);
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });

  const begins = new Date(Date.now() + WARM_UP_MS + 15_000);
  say("building the monorepo");
  const past = scenario.past?.(begins);
  const gitRandom = random.fork("history of the monorepo");
  const monorepo = await buildMonorepo(path.join(work, "git"), begins, gitRandom, past?.commits);

  let estate: Estate | undefined;
  let monitoring: Monitoring | undefined;
  let load: LoadGenerator | undefined;
  try {
    say("starting the estate");
    estate = await startEstate(work, monorepo.repository.upstream, random.fork("pods"));
    const { pods } = estate;
    for (const [secret, seconds] of Object.entries(scenario.expiries ?? {})) {
      estate.secrets.expire(secret, new Date(begins.getTime() + seconds * 1000));
    }
    monitoring = await startMonitoring({
      directory: path.join(work, "monitoring"),
      targetsFile: pods.targetsFile,
      clusterPort: estate.clusterPort,
      rules: [scenario, ...alongside.map((one) => one.scenario)].flatMap(({ rules }) => rules ?? []),
    });
    load = new LoadGenerator(scenario.rate, scenario.traffic, random.fork("load"), () => pods.of(FRONT));
    load.start(begins.getTime());
    say(`warming up; the recording begins at ${begins.toISOString()}`);
    await sleep(begins.getTime() - Date.now());

    const { repository } = monorepo;
    const pushed = await playHappenings({ scenario, repository, estate, begins, say });
    const culprit = pushed ?? monorepo.past.find(({ message }) => message === past?.culprit);
    const faultAt = new Date(begins.getTime() + scenario.faultAt * 1000);
    const alerts: Heard[] = [];
    for (const one of [{ scenario, out }, ...alongside]) {
      const delivery = await untilAlert(monitoring, one.scenario.alert, faultAt, say);
      if (delivery === undefined) {
        const why = `${one.scenario.alert} did not fire within ${ALERT_PATIENCE_MS / 60_000} minutes of the fault`;
        if (one.scenario === scenario) throw new Error(why);
        say(`${why}: no recording of ${one.scenario.name}`);
        continue;
      }
      const alertAt = startOf(delivery, one.scenario.alert);
      const ends = new Date(alertAt.getTime() + afterAlertMs);
      say(`${one.scenario.alert} started at ${alertAt.toISOString()}; recording until ${ends.toISOString()}`);
      alerts.push({ ...one, delivery, alertAt, ends });
    }
    await sleep(Math.max(...alerts.map(({ ends }) => ends.getTime())) - Date.now() + 6000);
    load.stop();

    for (const { out: directory, ...heard } of alerts) {
      const own = heard.scenario === scenario;
      await assemble({
        ...heard,
        seed,
        out: directory,
        begins,
        culprit: own ? culprit : undefined,
        faultAt,
        repository,
        deployments: [...monorepo.deployments, ...estate.deployer.deployments],
        logs: pods.logs,
        prometheusUrl: monitoring.prometheusUrl,
        otherAlerts: alertNames(monitoring),
        versions,
        random: random.fork("past incidents"),
        ...(own ? {} : { runOf: scenario }),
      });
      say(`written to ${directory}, ${Math.round((await weigh(directory)) / 1024)} KiB`);
    }
  } finally {
    load?.stop();
    await Promise.all([estate?.stop(), monitoring?.stop()]);
  }
  await rm(work, { recursive: true, force: true });
}

interface Heard extends Waited {
  readonly delivery: Delivery;
  readonly alertAt: Date;
  readonly ends: Date;
}

async function untilAlert(
  monitoring: Monitoring,
  alertname: string,
  since: Date,
  say: Request["say"],
): Promise<Delivery | undefined> {
  say(`waiting for ${alertname}`);
  const deadline = Date.now() + ALERT_PATIENCE_MS;
  while (Date.now() < deadline) {
    const delivery = monitoring.receiver.find(alertname, since);
    if (delivery !== undefined) return delivery;
    await sleep(500);
  }
  return undefined;
}

function startOf(delivery: Delivery, alertname: string): Date {
  const alert = parseWebhook(delivery.body).alerts.find((one) => one.labels["alertname"] === alertname);
  if (alert === undefined) throw new Error(`the delivery holds no ${alertname}`);
  return new Date(alert.startsAt);
}

function alertNames(monitoring: Monitoring): string[] {
  const names = monitoring.receiver.deliveries.flatMap(({ body }) =>
    parseWebhook(body).alerts.map(({ labels }) => `${labels["alertname"]} on ${labels["service"]}`),
  );
  return [...new Set(names)];
}
