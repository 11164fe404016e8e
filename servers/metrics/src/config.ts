import { commonVariables } from "@oncall-copilot/core";
import { z } from "zod";

/** The environment variables of oncall-metrics. Only the common ones, as long as a recording is its only backend. */
export const configSchema = z.object({ ...commonVariables });
export type MetricsConfig = z.output<typeof configSchema>;
