import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "../support/mcp/servers.ts";

const run = promisify(execFile);
const INSPECTOR = "2.12.0";
/** The Inspector needs Node 22.19; where this one is older, another comes from npm. */
const NODE = "22.23.3";

export interface Inspector {
  /** The Node that runs it, and its script. */
  readonly node: string;
  readonly script: string;
}

/** Installs the Inspector once, apart from the project's own dependencies. `npm ci` clears it. */
export async function installInspector(): Promise<Inspector> {
  const own = atLeast(process.versions.node, [22, 19]);
  const folder = join(ROOT, "node_modules/.cache/oncall-inspector", `${INSPECTOR}-${own ? "own" : NODE}`);
  if (!existsSync(folder)) {
    process.stderr.write("installing the MCP Inspector, once\n");
    const draft = `${folder}.${process.pid}`;
    await mkdir(draft, { recursive: true });
    const dependencies = { "@modelcontextprotocol/inspector": INSPECTOR, ...(own ? {} : { node: NODE }) };
    await writeFile(join(draft, "package.json"), JSON.stringify({ private: true, dependencies }));
    try {
      await run("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock"], { cwd: draft });
      await rename(draft, folder);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }
  return {
    node: own ? process.execPath : join(folder, "node_modules/node/bin/node"),
    script: join(folder, "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js"),
  };
}

function atLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split(".").map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
