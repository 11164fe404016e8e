// Bundles the three functions for Node 22 and 24, each into a folder of dist with the handler index.handler:
//   node deploy/lambda/build.mjs [--install arm64|x64] [--catalog FILE]
// --install puts the triage function's native add-ons beside its bundle, for that processor; --catalog puts your catalog into each.
import { execFile } from "node:child_process";
import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { build } from "esbuild";
import { serversByName } from "../../scripts/servers-by-name.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const { values } = parseArgs({ options: { install: { type: "string" }, catalog: { type: "string" } } });
if (values.install !== undefined && !["arm64", "x64"].includes(values.install))
  throw new Error(`--install takes arm64 or x64, not "${values.install}"`);

const packageOf = async (folder) => JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
const host = await packageOf(join(root, "agent-host"));
const servers = await Promise.all(
  (await readdir(join(root, "servers"))).map((name) => packageOf(join(root, "servers", name))),
);

/** The functions have no use for it: SQLite is for one machine. */
const NOT_IN_LAMBDA = ["libsql"];
const fits = (name, patterns) =>
  patterns.some((one) => (one.endsWith("*") ? name.startsWith(one.slice(0, -1)) : name === one));
/** What each package says cannot be bundled: native code, files beside the code, vendors' clients. Only triage uses any of it. */
const BESIDE = [...new Set([host, ...servers].flatMap(({ oncall }) => oncall?.external ?? []))].filter(
  (name) => !NOT_IN_LAMBDA.includes(name),
);
const VERSIONS = Object.fromEntries(
  [host, ...servers]
    .flatMap(({ dependencies }) => Object.entries(dependencies))
    .filter(([name]) => fits(name, BESIDE))
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);

/** zod brings its messages in fifty languages, a third of a bundle; ours is the default one. */
const ONE_LANGUAGE = {
  name: "one-language",
  setup(building) {
    building.onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
    }));
  },
};

/** Reading two megabytes of code is most of a cold start: it is done at the first event, by a file that is read at once. */
const INDEX = `"use strict";
let main;
exports.handler = async (event) => {
  main ??= require("./main.js");
  return main.handler(event);
};
`;

const FUNCTIONS = { alert: NOT_IN_LAMBDA, slack: NOT_IN_LAMBDA, triage: [...NOT_IN_LAMBDA, ...BESIDE, "@smithy/*"] };

await Promise.all(Object.entries(FUNCTIONS).map(([name, external]) => bundle(name, external)));
await bringServers(join(here, "dist/triage"));
if (values.install) await install(join(here, "dist/triage"), values.install);

async function bundle(name, external) {
  const outdir = join(here, "dist", name);
  await mkdir(outdir, { recursive: true });
  // The repository's own says that its files are modules.
  const about = { type: "commonjs", private: true, ...(name === "triage" ? { dependencies: VERSIONS } : {}) };
  await writeFile(join(outdir, "package.json"), `${JSON.stringify(about, null, 2)}\n`);
  await writeFile(join(outdir, "index.js"), INDEX);
  if (values.catalog) await copyFile(values.catalog, join(outdir, "catalog.yaml"));
  await build({
    entryPoints: [join(root, "agent-host/src/lambda", `${name}.ts`)],
    outfile: join(outdir, "main.js"),
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    external,
    plugins: [serversByName(servers.map((one) => one.name)), ONE_LANGUAGE],
    minifySyntax: true,
    minifyWhitespace: true,
    supported: { "dynamic-import": false },
    legalComments: "none",
    logLevel: "warning",
    define: { "import.meta.url": "__bundle_url", __VERSION__: JSON.stringify(host.version) },
    banner: {
      js: 'const __bundle_url = require("node:url").pathToFileURL(__filename).href; globalThis.__zod_globalConfig = { jitless: true };',
    },
  });
}

/** The host finds its servers by what their package.json declares; their code is in the bundle. */
async function bringServers(folder) {
  for (const one of servers) {
    const place = join(folder, "node_modules", one.name);
    await rm(place, { recursive: true, force: true });
    await mkdir(place, { recursive: true });
    await cp(join(root, "servers", one.oncall.server, "package.json"), join(place, "package.json"));
  }
}

/** As Lambda needs them, whatever this machine is. npm removes what it did not install, so the servers are brought again. */
async function install(folder, cpu) {
  const flags = ["--omit=dev", "--no-audit", "--no-fund", "--os=linux", `--cpu=${cpu}`, "--libc=glibc"];
  await promisify(execFile)("npm", ["install", ...flags], { cwd: folder, shell: process.platform === "win32" });
  await bringServers(folder);
}
