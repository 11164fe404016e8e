import { commonVariables } from "@oncall-copilot/core/server";
import { z } from "zod";
import { confluenceVariables } from "./stores/confluence/config.ts";
import { markdownVariables } from "./stores/markdown/config.ts";

const count = () => z.coerce.number().int().min(1).max(100_000);

/** The environment variables of oncall-runbooks: those of every server, and its backends' own. */
export const configSchema = z.object({
  ...commonVariables,
  ...confluenceVariables,
  ...markdownVariables,
  ONCALL_RUNBOOKS_DEPLOYMENTS: z
    .string()
    .optional()
    .describe("file of deployments (NDJSON: service, at) to hold pages against, as a recording has one"),
  ONCALL_RUNBOOKS_STALE_DAYS: count().default(365).describe("days without an update after which a page counts as old"),
  ONCALL_RUNBOOKS_STALE_DEPLOYMENTS: count()
    .default(10)
    .describe("deployments of its service since its update after which a page counts as old"),
});
export type RunbooksConfig = z.output<typeof configSchema>;
