import { SERVICES } from "../topology.ts";
import { readManifest } from "./manifest.ts";

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
