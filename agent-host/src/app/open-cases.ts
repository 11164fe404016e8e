import { type Catalog, ConfigError } from "@oncall-copilot/core";
import { commaSeparated } from "@oncall-copilot/core/backend";
import { readEnvironment } from "@oncall-copilot/core/server";
import { z } from "zod";
import type { CaseStore } from "../cases/case-store.ts";
import type { CaseTable } from "../cases/case-table.ts";
import { openCaseStore } from "../cases/open-case-store.ts";
import { openDynamoTable } from "../cases/tables/dynamodb-table.ts";
import { openSqliteTable } from "../cases/tables/sqlite-table.ts";

/** Where cases are kept: a file, or a DynamoDB table. */
export const CaseVariables = z.object({
  ONCALL_CASES: z
    .string()
    .optional()
    .describe("SQLite file that keeps the cases; default for oncall serve: oncall-cases.db"),
  ONCALL_CASES_TABLE: z.string().optional().describe("DynamoDB table that keeps them instead"),
  ONCALL_CASES_REGION: z.string().optional().describe("the table's region; default: AWS_REGION"),
  ONCALL_CASES_ENDPOINT: z.string().optional().describe("an origin in place of DynamoDB's own"),
  ONCALL_KEEP_DAYS: z.coerce.number().int().min(2).max(3_650).default(400).describe("how long a case is kept, whole"),
  ONCALL_MODE: z
    .enum(["live", "shadow"])
    .default("shadow")
    .describe(
      "shadow: everything runs, nothing is posted or proposed; a service's annotation oncall/mode goes before it",
    ),
  ONCALL_LIVE_SERVICES: z
    .string()
    .transform(commaSeparated)
    .default([])
    .describe("services that are live in shadow mode too, comma-separated, * standing for anything: cart,shop-*"),
});

/** @throws ConfigError when both are named, or the file cannot be opened */
export async function openCases(env: NodeJS.ProcessEnv, catalog: Catalog): Promise<CaseStore> {
  const read = readEnvironment(CaseVariables, env);
  if (read.ONCALL_CASES && read.ONCALL_CASES_TABLE)
    throw new ConfigError("ONCALL_CASES and ONCALL_CASES_TABLE are both set; cases are kept in one place");
  return openCaseStore(await openTable(read, env), {
    catalog,
    mode: read.ONCALL_MODE,
    live: read.ONCALL_LIVE_SERVICES,
    keepDays: read.ONCALL_KEEP_DAYS,
  });
}

function openTable(read: z.output<typeof CaseVariables>, env: NodeJS.ProcessEnv): Promise<CaseTable> {
  if (!read.ONCALL_CASES_TABLE) return openSqliteTable(read.ONCALL_CASES ?? "oncall-cases.db");
  return openDynamoTable({
    table: read.ONCALL_CASES_TABLE,
    region: read.ONCALL_CASES_REGION ?? env["AWS_REGION"],
    endpoint: read.ONCALL_CASES_ENDPOINT,
  });
}
