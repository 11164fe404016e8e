import { join } from "node:path";
import { build } from "esbuild";

const ROOT = join(import.meta.dirname, "../../../..");

/** The worker's process as one file, since a test starts twenty of them. Packages from npm stay where they are. */
export async function bundleWorker(): Promise<string> {
  const outfile = join(ROOT, `agent-host/dist.worker-${process.pid}/worker.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, "worker-process.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "esm",
    logLevel: "warning",
    define: { __VERSION__: JSON.stringify("test") },
    plugins: [
      {
        name: "npm stays outside",
        setup: ({ onResolve }) =>
          onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
            kind === "entry-point" || path.startsWith("@oncall-copilot/") ? undefined : { external: true },
          ),
      },
    ],
  });
  return outfile;
}
