import { appendFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Estate, startEstate } from "../../lab/estate/estate.ts";
import { LoadGenerator } from "../../lab/load/generator.ts";
import { ORDINARY } from "../../lab/load/traffic.ts";
import { findPrograms } from "../../lab/monitoring/installed.ts";
import { type Monitoring, type Paged, startMonitoring } from "../../lab/monitoring/monitoring.ts";
import { buildMonorepo } from "../../lab/monorepo/build.ts";
import type { Change } from "../../lab/monorepo/edit.ts";
import type { Repository } from "../../lab/monorepo/repository.ts";
import { createRandom } from "../../lab/random.ts";
import { formatDeployments } from "../../lab/recording/deployments.ts";
import { readCatalog } from "../../lab/recording/write.ts";
import { badDeploymentOwnConflict } from "../../lab/scenarios/bad-deployment-own-conflict.ts";
import { FRONT } from "../../lab/topology.ts";

const RATE = 20;
const SEED = 12;
const DEPLOYMENTS_EVERY_MS = 1_000;

/** The lab's estate, alive: its pods, customers, Prometheus and Alertmanager, and a repository that is deployed from. */
export interface LiveShop {
  readonly repository: Repository;
  readonly catalogFile: string;
  /** What Argo CD would tell, kept up to date. */
  readonly deploymentsFile: string;
  readonly prometheusUrl: string;
  /** Every line that the pods have written so far. */
  logLines(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Commits and pushes; the deployer does the rest. Gives the revision. */
  deploy(change: Change): Promise<string>;
  stop(): Promise<void>;
}

/** A commit that answers 500 to half of storefront's home pages. */
export const BAD_CHANGE: Change = badChange();

function badChange(): Change {
  const found = badDeploymentOwnConflict.happenings.find((one) => "change" in one && one.culprit === true);
  if (!found || !("change" in found) || typeof found.change === "string")
    throw new Error("that scenario has a culprit of its own");
  return found.change;
}

export async function startLiveShop(folder: string, pages: readonly Paged[]): Promise<LiveShop> {
  await findPrograms();
  await mkdir(folder, { recursive: true });
  const random = createRandom(SEED);
  const monorepo = await buildMonorepo(join(folder, "git"), new Date(), random.fork("history of the monorepo"));
  const { repository } = monorepo;
  const catalogFile = join(folder, "catalog.yaml");
  const deploymentsFile = join(folder, "deployments.ndjson");
  await writeFile(catalogFile, await readCatalog(repository.clone));
  await writeFile(deploymentsFile, formatDeployments(monorepo.deployments, new Date()));
  let estate: Estate | undefined;
  let monitoring: Monitoring | undefined;
  let load: LoadGenerator | undefined;
  let telling: NodeJS.Timeout | undefined;
  const stop = async () => {
    clearInterval(telling);
    load?.stop();
    await Promise.all([estate?.stop(), monitoring?.stop()]);
  };
  try {
    const running = await startEstate(folder, repository.upstream, random.fork("pods"));
    estate = running;
    monitoring = await startMonitoring({
      ...{ directory: join(folder, "monitoring"), targetsFile: running.pods.targetsFile },
      ...{ clusterPort: running.clusterPort, rules: [], pages },
    });
    load = new LoadGenerator(RATE, ORDINARY, random.fork("load"), () => running.pods.of(FRONT));
    load.start(Date.now());
    let told = 0;
    telling = setInterval(() => {
      const fresh = running.deployer.deployments.slice(told);
      told += fresh.length;
      if (fresh.length > 0) void appendFile(deploymentsFile, formatDeployments(fresh, new Date(Date.now() + 1_000)));
    }, DEPLOYMENTS_EVERY_MS);
    const logs = running.pods.logs;
    return {
      ...{ repository, catalogFile, deploymentsFile, prometheusUrl: monitoring.prometheusUrl, stop },
      logLines: () => readLines(logs),
      deploy: async (change) => {
        const revision = await repository.commit(change, new Date());
        await repository.push();
        return revision;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function readLines(folder: string): Promise<Readonly<Record<string, unknown>>[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".log"));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), "utf8")));
  const whole = texts.flatMap((text) => text.split("\n").filter((line) => /^\{"@timestamp".*\}$/.test(line)));
  const parsed = whole.map((line) => JSON.parse(line) as Record<string, unknown>);
  return parsed.sort((a, b) => (String(a["@timestamp"]) < String(b["@timestamp"]) ? -1 : 1));
}

export const removeFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });
