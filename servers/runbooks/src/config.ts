import { commonVariables } from "@oncall-copilot/core";
import { z } from "zod";

const count = () => z.coerce.number().int().min(1).max(100_000);

export const configSchema = z.object({
  ...commonVariables,
  ONCALL_RUNBOOKS_STALE_DAYS: count().default(365).describe("days without an update after which a page counts as old"),
  ONCALL_RUNBOOKS_STALE_DEPLOYMENTS: count()
    .default(10)
    .describe("deployments of its service since its update after which a page counts as old"),
});
export type RunbooksConfig = z.output<typeof configSchema>;
