import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export interface Probe {
  /** Absolute path of the bundle. */
  readonly bin: string;
  remove(): Promise<void>;
}

/** Bundles the probe server the way the real bins are. */
export async function buildProbe(): Promise<Probe> {
  const folder = await mkdtemp(join(tmpdir(), "oncall-probe-"));
  const bin = join(folder, "probe.cjs");
  await build({
    entryPoints: [fileURLToPath(new URL("main.ts", import.meta.url))],
    outfile: bin,
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "cjs",
    logLevel: "error",
  });
  return { bin, remove: () => rm(folder, { recursive: true, force: true }) };
}
