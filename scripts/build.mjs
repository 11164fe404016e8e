// Bundles each bin into one CommonJS file and stores V8's compiled code beside it: a single file with its code cache
// starts about three times faster than the same server from node_modules.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { serversByName } from "./servers-by-name.mjs";

const scripts = dirname(fileURLToPath(import.meta.url));
/** Whose packages are built: `--root DIR`, by default this checkout's. */
const root = process.argv.includes("--root") ? process.argv[process.argv.indexOf("--root") + 1] : join(scripts, "..");
const run = promisify(execFile);
const quiet = process.argv.includes("--quiet");

/**
 * zod compiles each schema with `new Function` at its first use, which pays only after some thousand values; a server
 * checks a few and then waits. Without it a start is a tenth shorter and nothing is evaluated from strings.
 */
const BANNER = [
  'const __bundle_url = require("node:url").pathToFileURL(__filename).href;',
  "globalThis.__zod_globalConfig = { jitless: true };",
].join("\n");

/** What a client says first: the start-up whose code belongs in the cache. */
const FIRST_REQUESTS = [
  {
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "build", version: "1" } },
  },
  { method: "notifications/initialized" },
  { id: 2, method: "tools/list", params: {} },
]
  .map((request) => `${JSON.stringify({ jsonrpc: "2.0", ...request })}\n`)
  .join("");

const host = join(root, "agent-host");
const folders = [...(await readdir(join(root, "servers"))).map((name) => join(root, "servers", name)), host].filter(
  (folder) => existsSync(join(folder, "src/main.ts")),
);

const packages = await Promise.all(
  folders.map(async (folder) => JSON.parse(await readFile(join(folder, "package.json"), "utf8"))),
);

/** What is left where npm puts it: each package says so of its own dependencies. */
const EXTERNAL = [...new Set(packages.flatMap(({ oncall }) => oncall?.external ?? []))];

const SERVERS_BY_NAME = serversByName(packages.filter(({ oncall }) => oncall?.server).map(({ name }) => name));

await Promise.all(folders.map(bundle));
if (!quiet) process.stdout.write(`built ${folders.length} bins\n`);

/** Builds beside `dist` and swaps it in at the end, so that a build which fails, or two at once, leave a whole one. */
async function bundle(folder) {
  const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const dist = join(folder, "dist");
  const fresh = join(folder, `dist.${process.pid}`);
  const stale = `${fresh}.old`;
  try {
    await mkdir(fresh, { recursive: true });
    await build({
      entryPoints: [join(folder, "src/main.ts")],
      outfile: join(fresh, "main.cjs"),
      bundle: true,
      platform: "node",
      target: "node20.19",
      format: "cjs",
      external: EXTERNAL,
      plugins: [SERVERS_BY_NAME],
      minifySyntax: true,
      minifyWhitespace: true,
      // A script run from V8's code cache has no callback for import(): what stays outside the bundle is required.
      supported: { "dynamic-import": false },
      legalComments: "none",
      logLevel: "warning",
      define: { "import.meta.url": "__bundle_url", __VERSION__: JSON.stringify(version) },
      banner: { js: BANNER },
    });
    await copyFile(join(scripts, "launch.cjs"), join(fresh, "launch.cjs"));
    await storeCodeCache(fresh, dist, folder === host ? "version" : "server");
    await rename(dist, stale).catch(() => {}); // there is none the first time
    await rename(fresh, dist);
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(stale, { recursive: true, force: true });
  }
}

/** From a start on a small recording. A bin that needs more to start, or is no server, prints its version instead. */
async function storeCodeCache(fresh, dist, kind) {
  const store = async (flags, input) => {
    const running = run(process.execPath, [join(scripts, "store-code-cache.cjs"), fresh, dist, ...flags], {
      env: {
        PATH: process.env.PATH,
        ONCALL_RECORDING: join(scripts, "warm-up"),
        ONCALL_EVIDENCE_KEY: "0".repeat(64),
      },
    });
    running.child.stdin.on("error", () => {}); // it ended before it had read all; its exit code says why
    running.child.stdin.end(input);
    await running;
  };
  if (
    kind === "server" &&
    (await store([], FIRST_REQUESTS).then(
      () => true,
      () => false,
    ))
  )
    return;
  await store(["--version"], "");
}
