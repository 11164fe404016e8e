import { formatHistory, generateHistory } from "../history/generate.ts";
import type { Versions } from "../monitoring/installed.ts";
import { type Delivery, parseWebhook } from "../monitoring/receiver.ts";
import type { Deployment } from "../monorepo/build.ts";
import type { Repository } from "../monorepo/repository.ts";
import type { Culprit } from "../play-happenings.ts";
import type { Random } from "../random.ts";
import type { Scenario } from "../scenario.ts";
import { formatDeployments } from "./deployments.ts";
import { expectedAnswer } from "./expected.ts";
import { collectLogs } from "./logs.ts";
import { exportMetrics } from "./metrics.ts";
import { writeNotes } from "./notes.ts";
import { readCatalog, writeRecording } from "./write.ts";

export interface RunFacts {
  readonly scenario: Scenario;
  /** The scenario that ran, when it is another one that this one was recorded alongside. */
  readonly runOf?: Scenario;
  readonly seed: number;
  readonly out: string;
  readonly begins: Date;
  readonly ends: Date;
  readonly alertAt: Date;
  readonly delivery: Delivery;
  readonly culprit: Culprit | undefined;
  readonly faultAt: Date;
  readonly repository: Repository;
  readonly deployments: readonly Deployment[];
  readonly logs: string;
  readonly prometheusUrl: string;
  readonly otherAlerts: readonly string[];
  readonly versions: Versions;
  readonly random: Random;
}

/** Turns what a run left behind into a recording. */
export async function assemble(facts: RunFacts): Promise<void> {
  const { begins, ends, culprit } = facts;
  const rollOut = facts.deployments.find(({ revision }) => revision === culprit?.revision);
  await writeRecording(facts.out, {
    alert: facts.delivery.body,
    catalog: await readCatalog(facts.repository.clone),
    logs: await collectLogs(facts.logs, begins, ends),
    metrics: await exportMetrics(facts.prometheusUrl, begins, ends),
    history: formatHistory(
      generateHistory({ until: facts.alertAt, labels: alertLabels(facts), seed: facts.seed, random: facts.random }),
    ),
    deployments: formatDeployments(facts.deployments, ends),
    expected: expectedAnswer(facts, rollOut?.at),
    notes: writeNotes(facts),
    upstream: facts.repository.upstream,
  });
}

/** The labels that every alert of this estate carries, whatever it is about. */
function alertLabels({ delivery }: RunFacts): Readonly<Record<string, string>> {
  const { alertname: _, service: __, severity: ___, ...common } = parseWebhook(delivery.body).alerts[0]?.labels ?? {};
  return common;
}
