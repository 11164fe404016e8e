import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import hostPackage from "../../../agent-host/package.json" with { type: "json" };
import { serversByName } from "../../../scripts/servers-by-name.mjs";

const ROOT = join(import.meta.dirname, "../../..");
const SERVERS = Object.keys(hostPackage.dependencies).filter((name) => name.startsWith("@oncall-copilot/"));

/** Packages are somebody else's: what counts is what our own code asks of them. */
const OURS_ALONE: Plugin = {
  name: "ours-alone",
  setup: (building) => {
    building.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === "entry-point" || path.startsWith("@oncall-copilot/") ? undefined : { path, external: true },
    );
  },
};

/** The files of ours that a function's bundle holds, from the repository's root. */
export async function bundleFiles(name: string): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: [join(ROOT, "agent-host/src/lambda", `${name}.ts`)],
    ...{ bundle: true, write: false, metafile: true, platform: "node", format: "esm", absWorkingDir: ROOT },
    plugins: [serversByName(SERVERS), OURS_ALONE],
    outdir: join(ROOT, "dist"),
    logLevel: "error",
  });
  return Object.keys(metafile.inputs).filter((file) => file.endsWith(".ts"));
}
