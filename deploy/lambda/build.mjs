// Bundles the functions for Node 22 and 24: node deploy/lambda/build.mjs. Each folder of dist is one function's code, with the handler index.handler.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");

/** What Lambda's own runtime brings, and what the functions have no use for: SQLite is for one machine. */
const EXTERNAL = ["@aws-sdk/*", "@smithy/*", "libsql"];
const FUNCTIONS = ["alert"];

for (const name of FUNCTIONS) {
  const outdir = join(here, "dist", name);
  await mkdir(outdir, { recursive: true });
  // The repository's own says that its files are modules.
  await writeFile(join(outdir, "package.json"), '{"type":"commonjs"}\n');
  await build({
    entryPoints: [join(root, "agent-host/src/lambda", `${name}.ts`)],
    outfile: join(outdir, "index.js"),
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    external: EXTERNAL,
    minifySyntax: true,
    minifyWhitespace: true,
    supported: { "dynamic-import": false },
    legalComments: "none",
    logLevel: "warning",
    define: { "import.meta.url": "__bundle_url", __VERSION__: JSON.stringify("0.1.0") },
    banner: {
      js: 'const __bundle_url = require("node:url").pathToFileURL(__filename).href; globalThis.__zod_globalConfig = { jitless: true };',
    },
  });
}
