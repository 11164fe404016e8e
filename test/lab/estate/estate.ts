import path from "node:path";
import { RESOURCE_PROGRAM } from "../paths.ts";
import type { Random } from "../random.ts";
import { RESOURCES } from "../topology.ts";
import { Deployer } from "./deployer.ts";
import { createPlatformLog, type PlatformLog } from "./platform-log.ts";
import { Pods } from "./pods.ts";

/** Everything that runs in place of a cluster: the resources, the services, and who deploys them. */
export interface Estate {
  readonly pods: Pods;
  readonly deployer: Deployer;
  readonly platformLog: PlatformLog;
  stop(): Promise<void>;
}

export async function startEstate(directory: string, upstream: string, random: Random): Promise<Estate> {
  const pods = new Pods(directory, random);
  const platformLog = createPlatformLog(pods.logs);
  const deployer = new Deployer(upstream, directory, pods, platformLog);
  const stop = async (): Promise<void> => {
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
        env: {},
        podName: `${name}-0`,
      });
    }
    await deployer.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { pods, deployer, platformLog, stop };
}
