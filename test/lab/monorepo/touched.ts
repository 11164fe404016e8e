import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { SERVICES } from "../topology.ts";

/** Which services run differently once these files change: by source, by manifest, by shared config, by library. */
export async function touchedServices(tree: string, files: readonly string[]): Promise<string[]> {
  const touched = new Set<string>();
  for (const service of SERVICES) {
    const configs = await configFiles(tree, service);
    if (files.some((file) => concerns(service, configs, file))) touched.add(service);
  }
  return [...touched];
}

function concerns(service: string, configs: readonly string[], file: string): boolean {
  if (file.startsWith("lib/")) return true;
  if (file.startsWith(`services/${service}/`)) return !file.endsWith(".md");
  return file === `deploy/${service}.yaml` || configs.includes(file);
}

async function configFiles(tree: string, service: string): Promise<string[]> {
  try {
    const manifest = await readManifest(tree, service);
    return manifest.configs.map((name) => `deploy/config/${name}.yaml`);
  } catch (error) {
    // A service that has not moved in yet.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** What the deployer needs to know of a Deployment manifest. */
export interface Manifest {
  readonly replicas: number;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly configs: readonly string[];
}

export async function readManifest(tree: string, service: string): Promise<Manifest> {
  const document = parse(await readFile(path.join(tree, "deploy", `${service}.yaml`), "utf8"));
  const container = document.spec.template.spec.containers[0];
  const configs: string[] = (container.envFrom ?? []).map(
    (source: { configMapRef: { name: string } }) => source.configMapRef.name,
  );
  const own: [string, string][] = (container.env ?? []).map((entry: { name: string; value: string }) => [
    entry.name,
    entry.value,
  ]);
  return { replicas: document.spec.replicas, command: container.command, env: Object.fromEntries(own), configs };
}

/** The environment of a pod: the shared config first, then the manifest's own, which wins. */
export async function podEnvironment(tree: string, manifest: Manifest): Promise<Record<string, string>> {
  const env: Record<string, string> = {};
  for (const name of manifest.configs) {
    const config = parse(await readFile(path.join(tree, "deploy", "config", `${name}.yaml`), "utf8"));
    Object.assign(env, config.data);
  }
  return Object.assign(env, manifest.env);
}
