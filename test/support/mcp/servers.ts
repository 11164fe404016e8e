import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** The repository's root, absolute. */
export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** A server as its package.json declares it. */
export interface BuiltServer {
  /** Short name: `logs`, `metrics`, ... */
  readonly server: string;
  /** First letter of its evidence ids. */
  readonly letter: string;
  /** The bin's name, which is also the MCP server's: `oncall-logs`. */
  readonly name: string;
  /** Absolute path of the bin. It exists in any checkout; what it runs is there after `npm run build`. */
  readonly bin: string;
  /** Absolute path of the package. */
  readonly folder: string;
  /** Environment variables of its own, exact or ending in `*`. */
  readonly environment: readonly string[];
  /** Those that have it answer from something live. */
  readonly live: readonly string[];
  /** Names of its tools. */
  readonly tools: readonly string[];
}

const Package = z.object({
  bin: z.record(z.string(), z.string()),
  oncall: z.object({
    server: z.string(),
    letter: z.string().length(1),
    environment: z.array(z.string()),
    live: z.array(z.string()),
    tools: z.array(z.string()),
  }),
});

/** Every folder of `servers/` whose package.json has an `oncall` field: a sixth server is found by being there. */
export function discoverServers(root: string = ROOT): readonly BuiltServer[] {
  return readdirSync(join(root, "servers"))
    .sort()
    .flatMap((name): BuiltServer[] => {
      const folder = join(root, "servers", name);
      const file = join(folder, "package.json");
      const json: unknown = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
      if (typeof json !== "object" || json === null || !("oncall" in json)) return [];
      const { bin, oncall } = Package.parse(json);
      const [first] = Object.entries(bin);
      if (!first) throw new Error(`${file} has no bin`);
      return [{ ...oncall, name: first[0], bin: join(folder, first[1]), folder }];
    });
}
