import { commonVariables } from "@oncall-copilot/core/server";
import { z } from "zod";
import { openSearchVariables } from "./stores/opensearch/config.ts";

/** The environment variables of oncall-logs: those of every server, and its backends' own. */
export const configSchema = z.object({ ...commonVariables, ...openSearchVariables });
export type LogsConfig = z.output<typeof configSchema>;
