import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type Declaration, ServerPackageJson } from "@oncall-copilot/core/server";
import host from "../../package.json" with { type: "json" };

/** What a server's package.json says of it, and where its bin is. */
export interface ServerPackage extends Declaration {
  /** The npm package's name. */
  readonly packageName: string;
  /** Absolute path of the bin. */
  readonly bin: string;
}

/** The servers among the host's dependencies: each is known by the `oncall` field of its package.json. */
export function discoverServers(): readonly ServerPackage[] {
  const require = createRequire(import.meta.url);
  return Object.keys(host.dependencies).flatMap((packageName): ServerPackage[] => {
    if (!packageName.startsWith("@oncall-copilot/")) return [];
    const file = require.resolve(`${packageName}/package.json`);
    const { bin, oncall } = ServerPackageJson.parse(JSON.parse(readFileSync(file, "utf8")));
    const [path] = Object.values(bin);
    return path === undefined ? [] : [{ ...oncall, packageName, bin: join(dirname(file), path) }];
  });
}
