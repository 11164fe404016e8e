import { z } from "zod";
import { HISTORY_COLUMNS } from "../columns.ts";
import { tableName } from "./identifier.ts";
import { columnMapping, SAME_NAMES } from "./table.ts";

/** The environment variables that say where any warehouse keeps the history. */
export const warehouseVariables = {
  ONCALL_HISTORY_TABLE: z
    .string()
    .transform((text, context) => {
      const table = tableName(text.trim());
      if (table) return table;
      context.addIssue({ code: "custom", message: "takes catalog.schema.table, schema.table or table" });
      return z.NEVER;
    })
    .optional()
    .describe("a warehouse's table or view of past incidents: catalog.schema.table"),
  ONCALL_HISTORY_COLUMNS: z
    .string()
    .transform((text, context) => {
      try {
        return columnMapping(text);
      } catch (error) {
        context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
        return z.NEVER;
      }
    })
    .default(SAME_NAMES)
    .describe(
      `names of its columns where they differ (default: they do not), nothing for one it has not: id=incident_id,severity=; columns are ${HISTORY_COLUMNS.join(", ")}`,
    ),
  ONCALL_HISTORY_LINK: z
    .string()
    .regex(/^https?:\/\/\S*\{id\}\S*$/, "takes an http or https address with {id} in it")
    .optional()
    .describe("where a person sees one incident of a warehouse: https://incidents.example/{id}"),
} as const;

const schema = z.object(warehouseVariables);

/** Those, and the call's own deadline, where the configuration sets it. */
export type WarehouseConfig = z.output<typeof schema> & { readonly ONCALL_TIMEOUT_SECONDS?: number | undefined };
