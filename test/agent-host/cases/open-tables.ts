import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { CaseTable } from "../../../agent-host/src/cases/case-table.ts";
import { openDynamoTable } from "../../../agent-host/src/cases/tables/dynamodb-table.ts";
import { openSqliteTable } from "../../../agent-host/src/cases/tables/sqlite-table.ts";
import { createTable, type RunningDynamo, startDynalite } from "../../support/dynamodb/dynalite.ts";
import type { OpenTables } from "./table-contract.ts";

let count = 0;

async function twice(open: () => Promise<CaseTable>, opened: CaseTable[]): Promise<readonly [CaseTable, CaseTable]> {
  const tables = [await open(), await open()] as const;
  opened.push(...tables);
  return tables;
}

/** A SQLite file for each who asks. */
export function sqliteTables(): OpenTables {
  const opened: CaseTable[] = [];
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "oncall-cases-"));
  });
  afterAll(async () => {
    for (const table of opened) await table.close();
    await rm(folder, { recursive: true, force: true });
  });
  return (clock) => {
    const file = join(folder, `cases-${++count}.sqlite`);
    return twice(() => openSqliteTable(file, clock.now), opened);
  };
}

/** A DynamoDB table for each who asks, in a DynamoDB that `start` starts. */
export function dynamoTables(start: () => Promise<RunningDynamo>): OpenTables {
  const opened: CaseTable[] = [];
  let dynamo: RunningDynamo;
  beforeAll(async () => {
    dynamo = await start();
  });
  afterAll(async () => {
    for (const table of opened) await table.close();
    await dynamo?.stop();
  });
  return async (clock) => {
    const table = `cases-${++count}`;
    const { endpoint } = dynamo;
    await createTable(endpoint, table);
    return twice(() => openDynamoTable({ table, region: undefined, endpoint, now: clock.now }), opened);
  };
}

export const dynaliteTables = (): OpenTables => dynamoTables(startDynalite);
