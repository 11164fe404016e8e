import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const SecretKey = z.object({ secretKeyRef: z.object({ name: z.string(), key: z.string() }) });

const Variable = z.union([
  z.object({ name: z.string(), value: z.string() }),
  z.object({ name: z.string(), valueFrom: SecretKey }),
]);

const Cpu = z.object({ cpu: z.string().optional() });

const Container = z.object({
  command: z.array(z.string()),
  env: z.array(Variable).default([]),
  envFrom: z.array(z.object({ configMapRef: z.object({ name: z.string() }) })).default([]),
  resources: z.object({ requests: Cpu.default({}), limits: Cpu.default({}) }).default({ requests: {}, limits: {} }),
});

const Volume = z.object({ secret: z.object({ secretName: z.string() }).optional() });

/** As much of a Kubernetes Deployment as the deployer acts on. */
const Deployment = z.object({
  spec: z.object({
    replicas: z.int().min(0),
    template: z.object({ spec: z.object({ containers: z.tuple([Container]), volumes: z.array(Volume).default([]) }) }),
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
  /** Variables that come out of a Secret, read once, when the pod starts. */
  readonly fromSecrets: readonly { readonly name: string; readonly secret: string; readonly key: string }[];
  /** Every Secret that it names, in a variable or as a volume. */
  readonly secrets: readonly string[];
  /** In cores. */
  readonly cpu: { readonly request: number | undefined; readonly limit: number | undefined };
}

export async function readManifest(tree: string, service: string): Promise<Manifest> {
  const { spec } = Deployment.parse(parse(await readFile(path.join(tree, "deploy", `${service}.yaml`), "utf8")));
  const { containers, volumes } = spec.template.spec;
  const [container] = containers;
  const fromSecrets = container.env.flatMap((one) => {
    if (!("valueFrom" in one)) return [];
    const { name: secret, key } = one.valueFrom.secretKeyRef;
    return [{ name: one.name, secret, key }];
  });
  const mounted = volumes.flatMap(({ secret }) => (secret === undefined ? [] : [secret.secretName]));
  return {
    replicas: spec.replicas,
    command: container.command,
    env: Object.fromEntries(container.env.flatMap((one) => ("value" in one ? [[one.name, one.value]] : []))),
    configs: container.envFrom.map(({ configMapRef }) => configMapRef.name),
    fromSecrets,
    secrets: [...new Set([...fromSecrets.map(({ secret }) => secret), ...mounted])],
    cpu: { request: cores(container.resources.requests.cpu), limit: cores(container.resources.limits.cpu) },
  };
}

function cores(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return text.endsWith("m") ? Number(text.slice(0, -1)) / 1000 : Number(text);
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
