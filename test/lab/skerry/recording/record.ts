import { createHash } from "node:crypto";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { stringify } from "yaml";
import { createRandom } from "../../random.ts";
import { alertBody } from "../estate/alerting.ts";
import { formatPast, pastIncidents } from "../past/incidents.ts";
import { tagFile } from "../plan/manifests.ts";
import { factsOf, GITOPS, makePlan, type Plan } from "../plan/plan.ts";
import type { Scenario, Seed } from "../scenario.ts";
import { catalogText } from "./catalog.ts";
import { notesOf } from "./notes.ts";
import { type Simulated, simulate } from "./simulate.ts";

const RUNBOOKS = path.join(import.meta.dirname, "..", "runbooks");
const DAY = 86_400_000;
/** What goes on for longer is sampled each half minute. */
const LONG_MS = 5_400_000;

/** A folder's name that tells nothing of what is in it. */
export const neutralName = ({ name }: Scenario, { seed }: Seed): string =>
  `case-${createHash("sha256").update(`${name}/${seed}`).digest("hex").slice(0, 4)}`;

export interface Recorded {
  readonly folder: string;
  readonly simulated: Simulated;
}

/** One scenario with one seed as a recording below `out`. The same code and seed give the same, but for how git packs. */
export async function record(scenario: Scenario, seed: Seed, out: string): Promise<Recorded> {
  const random = createRandom(Number.parseInt(neutralName(scenario, seed).slice(5), 16) * 31 + seed.seed);
  // In office hours of a working day.
  const day = random.pick([9, 10, 11, 12, 16, 17, 18, 19, 23, 24, 25, 26]);
  const faultAt = Date.UTC(
    2026,
    10,
    day,
    random.integer(7, 14),
    random.integer(0, 59),
    random.integer(0, 59),
    random.integer(0, 999),
  );
  const folder = path.join(out, neutralName(scenario, seed));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const plan = await makePlan(scenario, faultAt, random.fork("plan"), folder);
  const simulated = await simulate(scenario, plan, faultAt, random.fork("run"));
  const { from, to, alert, log, monitoring } = simulated;
  const write = (name: string, content: string | Buffer): Promise<void> => writeFile(path.join(folder, name), content);
  const packed = (text: string): Buffer => gzipSync(text, { level: 9 });
  await write("alert.json", `${JSON.stringify(alertBody(alert))}\n`);
  await write("catalog.yaml", catalogText());
  await write("logs.ndjson.gz", packed(log.format(from, to)));
  await write("metrics.csv.gz", packed(monitoring.format(from, to, to - from > LONG_MS ? 2 : 1)));
  await write("history.ndjson.gz", packed(formatPast(pastIncidents(alert.at - 2 * DAY, random.fork("history")))));
  await write("deployments.ndjson", deployments(plan, to));
  await write("expected.yaml", stringify(expected(scenario, seed, plan, faultAt), { lineWidth: 120 }));
  await write("NOTES.md", notesOf(scenario, seed, plan, simulated, faultAt));
  await cp(RUNBOOKS, path.join(folder, "runbooks"), { recursive: true });
  return { folder, simulated };
}

function deployments({ rollouts, upstreams }: Plan, until: number): string {
  const ids = upstreams.get(GITOPS)?.ids ?? [];
  return rollouts
    .filter(({ at }) => at <= until)
    .map(({ service, at, place, tag, by }) => {
      const images = [`registry.skerry.example/${service}:${tag}`];
      return `${JSON.stringify({ service, revision: ids[place], repository: GITOPS, images, at: new Date(at).toISOString(), by })}\n`;
    })
    .join("");
}

function expected(scenario: Scenario, { seed, heldOut }: Seed, plan: Plan, faultAt: number): object {
  const { rootCause, family, fix, rollout } = scenario;
  const carrier = plan.culpritRollout;
  const ids = plan.upstreams.get(GITOPS)?.ids ?? [];
  const taken =
    rollout && carrier ? { rollout: { commit: ids[carrier.place], files: [tagFile(factsOf(carrier.service))] } } : {};
  return {
    root_cause: rootCause,
    family,
    injected_at: rootCause === null ? null : new Date(faultAt).toISOString(),
    fix: fix && { ...fix, culprit_commit: plan.culprit?.id ?? null, ...taken },
    decoys: plan.decoys,
    held_out: heldOut,
    source: `oncall-copilot lab, second estate, scenario ${scenario.name}, seed ${seed}`,
  };
}
