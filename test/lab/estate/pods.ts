import type { ChildProcess } from "node:child_process";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Random } from "../random.ts";
import { freePort } from "./ports.ts";
import { start, stop, untilReady } from "./process.ts";

export interface PodSpec {
  readonly service: string;
  readonly revision: string;
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** For what is not deployed but simply there; a deployed pod's name is made from its revision. */
  readonly podName?: string;
}

export interface Pod extends PodSpec {
  readonly name: string;
  readonly port: number;
  readonly child: ChildProcess;
}

const DRAIN_MS = 2500;

/** The pods that run, who of them may be called, and who is to be scraped. */
export class Pods {
  readonly #directory: string;
  readonly #random: Random;
  readonly #running = new Set<Pod>();
  readonly #ready = new Set<Pod>();

  constructor(directory: string, random: Random) {
    this.#directory = directory;
    this.#random = random;
    mkdirSync(this.logs, { recursive: true });
    this.#publish();
  }

  get logs(): string {
    return path.join(this.#directory, "logs");
  }

  /** What every client reads to find a service. */
  get endpointsFile(): string {
    return path.join(this.#directory, "endpoints.json");
  }

  /** What Prometheus reads to find its targets. */
  get targetsFile(): string {
    return path.join(this.#directory, "targets.json");
  }

  of(service: string): Pod[] {
    return [...this.#ready].filter((pod) => pod.service === service);
  }

  /** Starts a pod and lets calls in once it says that it is ready. */
  async add(spec: PodSpec): Promise<Pod> {
    const port = await freePort();
    const name = spec.podName ?? `${spec.service}-${spec.revision.slice(0, 9)}-${this.#random.hex(5)}`;
    const child = start({
      command: spec.command[0] === "node" ? [process.execPath, ...spec.command.slice(1)] : spec.command,
      cwd: spec.cwd,
      env: {
        ...spec.env,
        PORT: String(port),
        POD_NAME: name,
        SERVICE_NAME: spec.service,
        REVISION: spec.revision,
        ENDPOINTS_FILE: this.endpointsFile,
        DRAIN_MS: String(DRAIN_MS),
      },
      output: path.join(this.logs, `${name}.log`),
    });
    const pod: Pod = { ...spec, name, port, child };
    this.#running.add(pod);
    await untilReady(`http://127.0.0.1:${port}/healthz`, child, name);
    this.#ready.add(pod);
    this.#publish();
    return pod;
  }

  /** Takes a pod out of rotation, lets it finish, ends it. */
  async remove(pod: Pod): Promise<void> {
    this.#ready.delete(pod);
    this.#publish();
    await stop(pod.child, DRAIN_MS * 3);
    this.#running.delete(pod);
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#running].map((pod) => stop(pod.child)));
    this.#running.clear();
  }

  #publish(): void {
    const endpoints: Record<string, { host: string; port: number }[]> = {};
    for (const pod of this.#ready) {
      endpoints[pod.service] ??= [];
      endpoints[pod.service]?.push({ host: "127.0.0.1", port: pod.port });
    }
    replaceFile(this.endpointsFile, endpoints);
    replaceFile(
      this.targetsFile,
      [...this.#ready].map((pod) => ({
        targets: [`127.0.0.1:${pod.port}`],
        labels: { service: pod.service, pod: pod.name, namespace: "shop" },
      })),
    );
  }
}

/** Readers see the old file or the new one, never half of one. */
function replaceFile(file: string, content: unknown): void {
  writeFileSync(`${file}.new`, JSON.stringify(content));
  renameSync(`${file}.new`, file);
}
