import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { z } from "zod";
import host from "../../package.json" with { type: "json" };

/** What a server's package.json says of it under `oncall`, and where its bin is. */
export interface ServerPackage {
  /** Short name, also the kind of evidence it gives: `logs`, `metrics`, ... */
  readonly server: string;
  /** First letter of its evidence ids. */
  readonly letter: string;
  /** Absolute path of the bin. */
  readonly bin: string;
  /** Names of its tools, for saying whose a tool is that is not there. */
  readonly tools: readonly string[];
  /** Environment variables it may see, exact or ending in `*`, besides the ones every server takes. */
  readonly environment: readonly string[];
  /** Those of them that have it answer from something live, and not from a recording. */
  readonly live: readonly string[];
}

const Package = z.object({
  bin: z.record(z.string(), z.string()),
  oncall: z.object({
    server: z.string(),
    letter: z.string().length(1),
    tools: z.array(z.string()).default([]),
    environment: z.array(z.string()),
    live: z.array(z.string()).default([]),
  }),
});

/** The servers among the host's dependencies: each is known by the `oncall` field of its package.json. */
export function discoverServers(): readonly ServerPackage[] {
  const require = createRequire(import.meta.url);
  return Object.keys(host.dependencies).flatMap((name): ServerPackage[] => {
    if (!name.startsWith("@oncall-copilot/")) return [];
    const file = require.resolve(`${name}/package.json`);
    const { bin, oncall } = Package.parse(JSON.parse(readFileSync(file, "utf8")));
    const [path] = Object.values(bin);
    return path === undefined ? [] : [{ ...oncall, bin: join(dirname(file), path) }];
  });
}
