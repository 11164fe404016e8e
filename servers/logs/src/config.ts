import { commonVariables } from "@oncall-copilot/core";
import { z } from "zod";

/** The environment variables that the logs server reads. */
export const configSchema = z.object({ ...commonVariables });
export type LogsConfig = z.infer<typeof configSchema>;
