import { commonVariables } from "@oncall-copilot/core/server";
import { z } from "zod";

const MAX_ROWS = 100;

/** The environment variables of oncall-example: those of every server, and its backends' own. */
export const configSchema = z.object({
  ...commonVariables,
  ONCALL_EXAMPLE_MAX_ROWS: z.coerce.number().int().min(1).max(MAX_ROWS).default(20).describe("most rows in an answer"),
});
export type Config = z.output<typeof configSchema>;
