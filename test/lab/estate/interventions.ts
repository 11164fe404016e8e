import path from "node:path";
import { readCronJob } from "../monorepo/cron-job.ts";
import { podEnvironment, readManifest } from "../monorepo/manifest.ts";
import { sleep } from "../shell.ts";
import type { ResourceName, Service } from "../topology.ts";
import type { Estate } from "./estate.ts";
import { start } from "./process.ts";

/** What befalls an estate from outside git. */
export type Intervention =
  /** Somebody edits the running Deployment. */
  | {
      readonly kind: "edit_live";
      readonly service: Service;
      readonly env: Readonly<Record<string, string>>;
      readonly by: string;
    }
  /** A resource breaks, or what measures it does. */
  | { readonly kind: "resource"; readonly resource: ResourceName; readonly mode: "down" | "failover" | "exporter" }
  /** A secret gets a new version, for which some of its readers are restarted; the old one is withdrawn after a while. */
  | {
      readonly kind: "rotate";
      readonly secret: string;
      readonly withdrawnAfterSeconds: number;
      readonly restarts: readonly Service[];
    }
  /** A CronJob's moment has come. */
  | { readonly kind: "job"; readonly name: string; readonly service: Service };

/** One sentence for the lab's own output. */
export function describe(intervention: Intervention): string {
  switch (intervention.kind) {
    case "edit_live":
      return `${intervention.service} is edited by hand: ${JSON.stringify(intervention.env)}`;
    case "resource":
      return `${intervention.resource}: ${intervention.mode}`;
    case "rotate":
      return `${intervention.secret} is rotated`;
    case "job":
      return `job ${intervention.name} runs`;
  }
}

export async function intervene(estate: Estate, intervention: Intervention): Promise<void> {
  switch (intervention.kind) {
    case "edit_live":
      return editLive(estate, intervention);
    case "resource":
      return befall(estate, intervention);
    case "rotate":
      return rotate(estate, intervention);
    case "job":
      return runJob(estate, intervention);
  }
}

type Of<Kind extends Intervention["kind"]> = Extract<Intervention, { kind: Kind }>;

async function editLive({ deployer, platformLog }: Estate, { service, env, by }: Of<"edit_live">): Promise<void> {
  const names = Object.keys(env).join(", ");
  platformLog.event(
    service,
    undefined,
    `patch deployments/${service} by ${by}: env ${names}`,
    "info",
    "kubernetes.audit",
  );
  const rolledOut = deployer.restart(service, env);
  await sleep(2500);
  const { env: desired } = await readManifest(deployer.tree, service);
  const differs = Object.entries(env).map(
    ([name, value]) => `env ${name}: live "${value}", git "${desired[name] ?? ""}"`,
  );
  const status = `Updated sync status: Synced -> OutOfSync; Deployment/${service} ${differs.join("; ")}`;
  platformLog.event(service, undefined, status, "info", "argocd.application");
  await rolledOut;
}

async function befall({ pods }: Estate, { resource, mode }: Of<"resource">): Promise<void> {
  for (const { port } of pods.of(resource)) {
    await fetch(`http://127.0.0.1:${port}/-/condition`, { method: "POST", body: JSON.stringify({ mode }) });
  }
}

async function rotate({ deployer, secrets, platformLog }: Estate, rotation: Of<"rotate">): Promise<void> {
  const { secret, withdrawnAfterSeconds, restarts } = rotation;
  const version = secrets.rotate(secret, new Date(Date.now() + withdrawnAfterSeconds * 1000));
  for (const service of restarts) {
    platformLog.event(
      service,
      undefined,
      `Secret ${secret} is at version ${version}, restarting its readers`,
      "info",
      "reloader",
    );
    await deployer.restart(service);
  }
}

const JOB_PAUSES_MS = [10_000, 20_000, 40_000, 80_000];

/** Runs a job's pod, again and again while it fails, as often as it may. */
async function runJob(estate: Estate, { name, service }: Of<"job">): Promise<void> {
  const { deployer, pods, platformLog } = estate;
  const { command, backoffLimit } = await readCronJob(deployer.tree, name);
  const run = `${name}-${Math.floor(Date.now() / 60_000)}`;
  platformLog.event(service, undefined, `Created job ${run}`);
  for (let attempt = 0; attempt <= backoffLimit; attempt += 1) {
    const pod = `${run}-${estate.random.hex(5)}`;
    platformLog.event(service, pod, `Started container ${name}`);
    const child = start({
      command: [process.execPath, ...command.slice(1)],
      cwd: deployer.tree,
      env: {
        ...(await podEnvironment(deployer.tree, await readManifest(deployer.tree, service))),
        SERVICE_NAME: service,
        POD_NAME: pod,
        ENDPOINTS_FILE: pods.endpointsFile,
      },
      output: path.join(pods.logs, `${pod}.log`),
    });
    const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
    if (code === 0) {
      platformLog.event(service, undefined, `Job ${run} completed`);
      return;
    }
    await sleep(JOB_PAUSES_MS[attempt] ?? 80_000);
  }
  platformLog.event(service, undefined, `Job ${run} has reached the specified backoff limit`, "warn");
}
