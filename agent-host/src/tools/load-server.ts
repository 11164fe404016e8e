import type { ServerDefinition } from "@oncall-copilot/core/server";
import type { z } from "zod";

/** What every server's package exports. */
export interface ServerModule {
  readonly configSchema: z.ZodObject;
  buildServer(config: never): Promise<ServerDefinition>;
}

/**
 * A server's code, by the name of its package. Run from source, Node finds the package; a bundle holds only what is named in
 * it, so the build writes the host's servers out in this function's place (scripts/build.mjs).
 */
export function loadServer(packageName: string): Promise<ServerModule> {
  return import(packageName) as Promise<ServerModule>;
}
