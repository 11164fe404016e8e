import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Declaration, ServerPackageJson } from "@oncall-copilot/core/server";

/** The repository's root, absolute. */
export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** Whose `servers/` the contract is held against. Default: this checkout's; a test of a new server sets another. */
export const SERVERS_ROOT = process.env["ONCALL_TEST_SERVERS_ROOT"] ?? ROOT;

/** A server as its package.json declares it. */
export interface BuiltServer extends Declaration {
  /** The bin's name, which is also the MCP server's: `oncall-logs`. */
  readonly name: string;
  /** Absolute path of the bin. It exists in any checkout; what it runs is there after `npm run build`. */
  readonly bin: string;
  /** Absolute path of the package. */
  readonly folder: string;
}

/** Every folder of `servers/` whose package.json has an `oncall` field: a sixth server is found by being there. */
export function discoverServers(root: string = SERVERS_ROOT): readonly BuiltServer[] {
  return readdirSync(join(root, "servers"))
    .sort()
    .flatMap((name): BuiltServer[] => {
      const folder = join(root, "servers", name);
      const file = join(folder, "package.json");
      const json: unknown = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
      if (typeof json !== "object" || json === null || !("oncall" in json)) return [];
      const { bin, oncall } = ServerPackageJson.parse(json);
      const [first] = Object.entries(bin);
      if (!first) throw new Error(`${file} has no bin`);
      return [{ ...oncall, name: first[0], bin: join(folder, first[1]), folder }];
    });
}
