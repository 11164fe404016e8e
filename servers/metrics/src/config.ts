import { commonVariables } from "@oncall-copilot/core/server";
import { z } from "zod";
import { cloudWatchVariables } from "./stores/cloudwatch/config.ts";
import { prometheusVariables } from "./stores/prometheus/config.ts";

/** The environment variables of oncall-metrics: those of every server, and its backends' own. */
export const configSchema = z.object({
  ...commonVariables,
  ...prometheusVariables,
  ...cloudWatchVariables,
  ONCALL_METRICS_FIRST: z
    .enum(["prometheus", "cloudwatch"])
    .default("prometheus")
    .describe("where both are configured and know the same signal of a service, the one that is believed"),
});
export type MetricsConfig = z.output<typeof configSchema>;
