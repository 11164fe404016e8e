import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDynamoTable } from "../../../agent-host/src/cases/tables/dynamodb-table.ts";
import { openSqliteTable } from "../../../agent-host/src/cases/tables/sqlite-table.ts";
import { type RunningDynamo, startDynalite } from "../../support/dynamodb/dynalite.ts";
import { dynaliteTables, sqliteTables } from "./open-tables.ts";
import { tableContract } from "./table-contract.ts";

let folder: string;
let dynamo: RunningDynamo;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "oncall-cases-"));
  dynamo = await startDynalite();
});
afterAll(async () => {
  await dynamo.stop();
  await rm(folder, { recursive: true, force: true });
});

tableContract("SQLite", sqliteTables());
tableContract("DynamoDB (dynalite)", dynaliteTables());

describe("the SQLite file", () => {
  it("is its owner's alone, and its folder is made", async () => {
    const file = join(folder, "new/folder/cases.sqlite");
    const table = await openSqliteTable(file);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await table.close();
  });

  it("is refused when a newer version made it, with what to do", async () => {
    const { default: Database } = await import("libsql");
    const file = join(folder, "newer.sqlite");
    const database = new Database(file);
    database.exec("PRAGMA user_version = 99");
    database.close();
    await expect(openSqliteTable(file)).rejects.toThrow(/made by a newer version .*update this installation/);
  });

  it("is refused when it is something else's, and left as it is", async () => {
    const { default: Database } = await import("libsql");
    const file = join(folder, "foreign.sqlite");
    const database = new Database(file);
    database.exec("CREATE TABLE songs (title TEXT)");
    database.close();
    await expect(openSqliteTable(file)).rejects.toThrow("is a SQLite file of something else");
    const text = join(folder, "text.sqlite");
    await writeFile(text, "this is no database, but it is longer than its header would be".repeat(4));
    await expect(openSqliteTable(text)).rejects.toThrow(/ONCALL_CASES/);
  });
});

describe("the DynamoDB table", () => {
  it("that is not there is told with the key it must have", async () => {
    const table = await openDynamoTable({ table: "nowhere", region: undefined, endpoint: dynamo.endpoint });
    await expect(table.read({ partition: "a", sort: "b" })).rejects.toThrow(
      /no table nowhere .*partition \(hash, string\)/,
    );
    await table.close();
  });

  it("that cannot be reached is worth another delivery", async () => {
    const gone = await startDynalite();
    await gone.stop();
    const table = await openDynamoTable({ table: "cases", region: undefined, endpoint: gone.endpoint });
    await expect(table.read({ partition: "a", sort: "b" })).rejects.toMatchObject({ name: "StoreUnavailable" });
    await table.close();
  });
});
