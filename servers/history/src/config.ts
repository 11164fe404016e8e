import { commonVariables } from "@oncall-copilot/core/server";
import { z } from "zod";
import { databricksVariables } from "./stores/databricks/config.ts";
import { snowflakeVariables } from "./stores/snowflake/config.ts";
import { warehouseVariables } from "./stores/warehouse/config.ts";

export const configSchema = z.object({
  ...commonVariables,
  ONCALL_HISTORY_FILE: z
    .string()
    .optional()
    .describe("past incidents: .duckdb (table incidents), .parquet, .ndjson or .ndjson.gz; default: the recording's"),
  ONCALL_HISTORY_CASES: z
    .string()
    .optional()
    .describe("NDJSON or Parquet of the team's own cases, read beside the history; oncall serve keeps it"),
  ONCALL_HISTORY_MEMORY_MB: z.coerce
    .number()
    .int()
    .min(64)
    .max(65_536)
    .default(2_048)
    .describe("most memory DuckDB may take, in MB"),
  ONCALL_HISTORY_THREADS: z.coerce.number().int().min(1).max(64).default(2).describe("threads DuckDB may use"),
  ...warehouseVariables,
  ...snowflakeVariables,
  ...databricksVariables,
});
export type HistoryConfig = z.output<typeof configSchema>;
