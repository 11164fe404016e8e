import path from "node:path";
import { RESOURCE_PROGRAM } from "../paths.ts";
import type { Random } from "../random.ts";
import { RESOURCES } from "../topology.ts";
import { Autoscaler } from "./autoscaler.ts";
import { ClusterMetrics } from "./cluster-metrics.ts";
import { Deployer } from "./deployer.ts";
import { createPlatformLog, type PlatformLog } from "./platform-log.ts";
import { Pods } from "./pods.ts";
import { freePort } from "./ports.ts";
import { Secrets } from "./secrets.ts";

/** Everything that runs in place of a cluster: the resources, the services, and who deploys them. */
export interface Estate {
  readonly pods: Pods;
  readonly deployer: Deployer;
  readonly secrets: Secrets;
  readonly platformLog: PlatformLog;
  readonly random: Random;
  /** Where Prometheus finds what the cluster says of replicas. */
  readonly clusterPort: number;
  stop(): Promise<void>;
}

export async function startEstate(directory: string, upstream: string, random: Random): Promise<Estate> {
  const pods = new Pods(directory, random);
  const platformLog = createPlatformLog(pods.logs);
  const secrets = new Secrets(directory, random.fork("secrets"));
  const policiesFile = path.join(directory, "policies.json");
  const deployer = new Deployer({ upstream, directory, pods, log: platformLog, secrets, policiesFile });
  let autoscaler: Autoscaler | undefined;
  let clusterMetrics: ClusterMetrics | undefined;
  const stop = async (): Promise<void> => {
    clusterMetrics?.close();
    await autoscaler?.stop();
    await deployer.stop();
    await pods.stopAll();
  };
  try {
    for (const name of RESOURCES) {
      await pods.add({
        service: name,
        revision: "managed",
        command: ["node", RESOURCE_PROGRAM],
        cwd: path.dirname(RESOURCE_PROGRAM),
        env: { CREDENTIALS_FILE: secrets.credentialsFile, POLICIES_FILE: policiesFile },
        podName: `${name}-0`,
      });
    }
    await deployer.start();
    autoscaler = new Autoscaler(deployer, pods, platformLog);
    clusterMetrics = new ClusterMetrics(pods, autoscaler);
    const clusterPort = await freePort();
    await clusterMetrics.listen(clusterPort);
    return { pods, deployer, secrets, platformLog, random, clusterPort, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
