import { commonVariables } from "@oncall-copilot/core";
import { z } from "zod";
import { prometheusVariables } from "./stores/prometheus/config.ts";

/** The environment variables of oncall-metrics: those of every server, and its backends' own. */
export const configSchema = z.object({ ...commonVariables, ...prometheusVariables });
export type MetricsConfig = z.output<typeof configSchema>;
