import { execFile } from "node:child_process";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { ROOT } from "../../support/mcp/servers.ts";
import { CACHE } from "../cache.ts";
import { FIRST_REQUESTS } from "./first-requests.ts";

const run = promisify(execFile);

export interface BareServer {
  /** The bundle, run as it is. */
  readonly plain: string;
  /** The same bundle, run with V8's code cache as our bins are. */
  readonly cached: string;
}

/** Bundles the bare server as the build does ours. */
export async function bundleBareServer(): Promise<BareServer> {
  const dist = join(CACHE, "bare-server");
  const plain = join(dist, "main.cjs");
  const cached = join(dist, "bin.cjs");
  await mkdir(dist, { recursive: true });
  await build({
    entryPoints: [join(ROOT, "test/bench/floor/bare-server.ts")],
    outfile: plain,
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "cjs",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    logLevel: "warning",
  });
  await copyFile(join(ROOT, "scripts/launch.cjs"), join(dist, "launch.cjs"));
  await writeFile(cached, 'require("./launch.cjs");\n');
  const storing = run(process.execPath, [join(ROOT, "scripts/store-code-cache.cjs"), dist, dist]);
  storing.child.stdin?.end(FIRST_REQUESTS.map((request) => `${JSON.stringify(request)}\n`).join(""));
  await storing;
  return { plain, cached };
}
