import { certificates } from "@oncall-copilot/core/backend";
import { secret } from "@oncall-copilot/core/server";
import { z } from "zod";
import type { WarehouseConfig } from "../warehouse/config.ts";

/** The environment variables that configure Databricks. */
export const databricksVariables = {
  ONCALL_HISTORY_DATABRICKS_URL: z
    .url({ protocol: /^https$/, error: "takes an https address, such as https://dbc-0123.cloud.databricks.com" })
    .optional()
    .describe("Databricks workspace to answer from: https://dbc-0123.cloud.databricks.com; with ONCALL_HISTORY_TABLE"),
  ONCALL_HISTORY_DATABRICKS_HTTP_PATH: z
    .string()
    .regex(/^\/?[\w./-]+(?:\?o=\d+)?$/, "takes a path, such as /sql/1.0/warehouses/0123456789abcdef")
    .optional()
    .describe("HTTP path of its SQL warehouse, from the warehouse's connection details"),
  ONCALL_HISTORY_DATABRICKS_TOKEN: secret().optional().describe("access token for it, in place of a client's secret"),
  ONCALL_HISTORY_DATABRICKS_CLIENT_ID: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe("client id of a service principal (OAuth, machine to machine)"),
  ONCALL_HISTORY_DATABRICKS_CLIENT_SECRET: secret().optional().describe("OAuth secret of that service principal"),
  ONCALL_HISTORY_DATABRICKS_CA: certificates()
    .optional()
    .describe("the authorities to trust for it (PEM); usually given as ONCALL_HISTORY_DATABRICKS_CA_FILE"),
} as const;

const schema = z.object(databricksVariables);
export type DatabricksConfig = z.output<typeof schema> & WarehouseConfig;
