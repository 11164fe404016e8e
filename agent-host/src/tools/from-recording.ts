import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "@oncall-copilot/core";
import { RECORDING_NEEDS } from "@oncall-copilot/core/recording";
import { discoverServers } from "./discover.ts";

/**
 * The environment in which everything answers from one recording, whatever else is configured: it was asked for on the command
 * line, and a replay must not mix with what is live. Limits and the like stay; a server that runs elsewhere is started here.
 *
 * @throws ConfigError that names the flag, since that is what was given, when the folder is no recording
 */
export function fromRecording(env: NodeJS.ProcessEnv, dir: string): NodeJS.ProcessEnv {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new ConfigError(`--recording ${dir} is not a folder`);
  if (!existsSync(join(dir, "alert.json")))
    throw new ConfigError(`--recording ${dir} has no alert.json; ${RECORDING_NEEDS}`);
  const servers = discoverServers();
  const live = [
    "ONCALL_CATALOG",
    ...servers.flatMap((server) => server.live),
    ...servers.map(({ server }) => `ONCALL_SERVER_${server.toUpperCase()}_URL`),
  ];
  const left = new Set(live.flatMap((name) => [name, `${name}_FILE`]));
  const kept = Object.entries(env).filter(([name]) => !left.has(name));
  return { ...Object.fromEntries(kept), ONCALL_RECORDING: dir };
}
