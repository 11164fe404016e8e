import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { readEnvironment } from "@oncall-copilot/core/server";
import { buildServer, configSchema } from "@oncall-copilot/history";
import { HISTORY_COLUMNS } from "../../../../servers/history/src/stores/columns.ts";
import { loadSql } from "../../../../servers/history/src/stores/duckdb-sql.ts";
import { statementsOf } from "../../history.ts";
import { DEMO } from "../../start.ts";
import { answerOf, type OpenEngine, tokensOf } from "./engine.ts";

/** The embedded engine, over the Parquet file that a warehouse would export. */
export const duckDbEngine: OpenEngine = async (folder) => {
  const file = join(folder, "history.parquet");
  const server = await buildServer(
    readEnvironment(configSchema, { ONCALL_RECORDING: DEMO, ONCALL_HISTORY_FILE: file }),
  );
  const answer = await answerOf(server);
  const statements = await statementsOf(() => answerOf(server));
  const instance = await DuckDBInstance.create(":memory:", { threads: "2", memory_limit: "2048MB" });
  const connection = await instance.connect();
  await connection.run(loadSql("parquet", new Set(HISTORY_COLUMNS)), { file });
  return {
    count: async () => ({ tokens: tokensOf(answer), statements: statements.length, requests: "in process" }),
    ask: async () => void (await answerOf(server)),
    // On a connection of its own each time, as the tool does: it sets rows aside in a temporary table.
    raw: async () => {
      const own = await instance.connect();
      for (const [sql, values] of statements) (await own.runAndReadAll(sql, values)).getRowObjects();
      own.closeSync();
    },
    close: async () => {
      await server.close?.();
      connection.closeSync();
      instance.closeSync();
    },
  };
};
