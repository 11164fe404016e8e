import type { Random } from "../../random.ts";
import { autoscale } from "../estate/acts.ts";
import { Alerting, type Fired } from "../estate/alerting.ts";
import { buildEstate, SERVICES } from "../estate/estate.ts";
import { bringCustomers, startLife } from "../estate/life.ts";
import { Monitoring } from "../estate/signals.ts";
import type { Plan, PlannedRollout } from "../plan/plan.ts";
import type { Scenario } from "../scenario.ts";
import type { Logbook } from "../world/logbook.ts";
import type { Spec } from "../world/workload.ts";

const SECOND = 1000;
/** Life before anything is recorded, so that rates and queues are as on any day. */
const WARM_UP_SECONDS = 150;
/** What is recorded after the page: a little more than a reader may see. */
const AFTER_ALERT_SECONDS = 375;
const USUAL_BEFORE_SECONDS = 2100;
const USUAL_PATIENCE_SECONDS = 1200;

export interface Simulated {
  readonly from: number;
  readonly to: number;
  readonly alert: Fired;
  /** Further pages until the end. */
  readonly others: readonly Fired[];
  readonly log: Logbook;
  readonly monitoring: Monitoring;
}

/** Plays a plan on the virtual clock until the first page after the fault, and a little longer. */
export async function simulate(scenario: Scenario, plan: Plan, faultAt: number, random: Random): Promise<Simulated> {
  const { before = USUAL_BEFORE_SECONDS, patience = USUAL_PATIENCE_SECONDS, perSecond = 8 } = scenario;
  const from = Math.ceil((faultAt - before * SECOND) / 15_000) * 15_000;
  const begins = from - WARM_UP_SECONDS * SECOND;
  const live = new Map<string, PlannedRollout>();
  for (const rollout of plan.rollouts) if (rollout.at < begins) live.set(rollout.service, rollout);
  const versions = new Map([...live].map(([service, { tag }]) => [service, tag]));
  const long = patience > 2 * USUAL_PATIENCE_SECONDS;
  const estate = buildEstate(begins, random.fork("world"), versions, long ? 220 : 60);
  const { world, cluster } = estate;
  for (const rollout of plan.rollouts) {
    if (rollout.at < begins) continue;
    world.clock.at(rollout.at, () => {
      const workload = world.workload(rollout.service);
      void cluster.rollOut(workload, specAfter(workload.spec, rollout));
    });
  }
  for (const happening of scenario.happenings) {
    if ("act" in happening)
      world.clock.at(faultAt + happening.at * SECOND, () => happening.act(estate, random.fork("act")));
  }
  const latest = faultAt + (patience + AFTER_ALERT_SECONDS) * SECOND;
  startLife(estate, scenario.notifyReaders);
  for (const { name, mostReplicas } of SERVICES)
    if (mostReplicas !== undefined) autoscale(estate, name, mostReplicas, 0.7);
  bringCustomers(estate, perSecond, latest);
  const alerting = new Alerting(scenario.silenced);
  const monitoring: Monitoring = new Monitoring(estate, begins, (at) => alerting.evaluate(monitoring, at));
  await world.clock.run(latest - AFTER_ALERT_SECONDS * SECOND, () => alerting.fired.length > 0);
  const [alert] = alerting.fired;
  if (alert === undefined) throw new Error(`${scenario.name}: nobody is paged`);
  if (alert.at < faultAt)
    throw new Error(`${scenario.name}: ${alert.rule.alert} of ${alert.rule.service} before the fault`);
  const to = alert.at + AFTER_ALERT_SECONDS * SECOND;
  await world.clock.run(to);
  return { from, to, alert, others: alerting.fired.slice(1), log: world.log, monitoring };
}

/** What runs after a roll-out: the version, and what its happening changes. */
function specAfter(spec: Spec, { tag, happening, innocent }: PlannedRollout): Spec {
  const env = { ...spec.env, ...innocent?.env, ...(happening && "env" in happening ? happening.env : {}) };
  const effect = happening && "effect" in happening ? happening.effect : {};
  const more = happening && "spec" in happening ? happening.spec : {};
  const cannotStart = happening && "cannotStart" in happening ? happening.cannotStart : undefined;
  return {
    ...spec,
    ...more,
    env,
    version: tag,
    code: { ...spec.code, ...effect },
    ...(cannotStart === undefined ? {} : { cannotStart }),
  };
}
