// Runs the unit and contract tests on another Node, which comes from npm once and is kept apart from the dependencies.
//   node scripts/on-node.mjs 22 [--project NAME] [vitest's arguments]
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const VERSIONS = { 22: "22.23.3", 24: "24.21.0" };
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [major, ...rest] = process.argv.slice(2);
const version = VERSIONS[major];
if (!version) {
  process.stderr.write(`usage: node scripts/on-node.mjs ${Object.keys(VERSIONS).join("|")} [vitest's arguments]\n`);
  process.exit(2);
}
const folder = join(process.env.ONCALL_NODE_CACHE ?? join(root, "node_modules/.cache/oncall-node"), version);
const node = join(folder, "node_modules/node/bin/node");
if (!existsSync(node)) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies: { node: version } }));
  must(
    spawnSync("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock"], { cwd: folder, stdio: "inherit" }),
  );
}
const projects = rest.includes("--project") ? [] : ["--project", "unit", "--project", "contract"];
const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
must(spawnSync(node, ["--version"], { stdio: "inherit" }));
must(
  spawnSync(node, [join(root, "node_modules/vitest/vitest.mjs"), "run", ...projects, ...rest], {
    cwd: root,
    env,
    stdio: "inherit",
  }),
);

function must({ status, error }) {
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
