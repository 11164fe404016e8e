import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const Container = z.object({
  command: z.array(z.string()),
  env: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  envFrom: z.array(z.object({ configMapRef: z.object({ name: z.string() }) })).default([]),
});

/** As much of a Kubernetes Deployment as the deployer acts on. */
const Deployment = z.object({
  spec: z.object({
    replicas: z.int().min(0),
    template: z.object({ spec: z.object({ containers: z.tuple([Container]) }) }),
  }),
});

const ConfigMap = z.object({ data: z.record(z.string(), z.string()) });

/** What the deployer needs to know of a Deployment manifest. */
export interface Manifest {
  readonly replicas: number;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The ConfigMaps that it reads, by name. */
  readonly configs: readonly string[];
}

export async function readManifest(tree: string, service: string): Promise<Manifest> {
  const { spec } = Deployment.parse(parse(await readFile(path.join(tree, "deploy", `${service}.yaml`), "utf8")));
  const [container] = spec.template.spec.containers;
  return {
    replicas: spec.replicas,
    command: container.command,
    env: Object.fromEntries(container.env.map(({ name, value }) => [name, value])),
    configs: container.envFrom.map(({ configMapRef }) => configMapRef.name),
  };
}

/** The environment of a pod: the shared config first, then the manifest's own, which wins. */
export async function podEnvironment(tree: string, manifest: Manifest): Promise<Record<string, string>> {
  const env: Record<string, string> = {};
  for (const name of manifest.configs) {
    const text = await readFile(path.join(tree, "deploy", "config", `${name}.yaml`), "utf8");
    Object.assign(env, ConfigMap.parse(parse(text)).data);
  }
  return Object.assign(env, manifest.env);
}
