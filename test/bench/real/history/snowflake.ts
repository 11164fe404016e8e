import { join } from "node:path";
import { alertFingerprint } from "@oncall-copilot/core";
import { readEnvironment } from "@oncall-copilot/core/server";
import { buildServer, configSchema } from "@oncall-copilot/history";
import type { Connection } from "snowflake-sdk";
import { asked } from "../../../../servers/history/src/stores/past.ts";
import { loadDriver } from "../../../../servers/history/src/stores/snowflake/driver.ts";
import { numbered } from "../../../../servers/history/src/stores/snowflake/named.ts";
import { pastSql } from "../../../../servers/history/src/stores/snowflake/sql.ts";
import { SAME_NAMES } from "../../../../servers/history/src/stores/warehouse/table.ts";
import { tellingWords } from "../../../../servers/history/src/words.ts";
import { privateKeyPem } from "../../../history/snowflake/key.ts";
import { startFakesnow } from "../../../real/snowflake/start.ts";
import { ASKED } from "../../history.ts";
import { DEMO } from "../../start.ts";
import { answerOf, type OpenEngine, tokensOf } from "./engine.ts";

const TABLE = ["BENCH", "SRE", "INCIDENTS"].map((name) => ({ name, quoted: true }));
const STATEMENT = "POST /queries/v1/query-request";

/** Snowflake's SQL and protocol, run by fakesnow on DuckDB: its times are not Snowflake's, the ratio is the adapter's. */
export const snowflakeEngine: OpenEngine = async (folder) => {
  const fakesnow = await startFakesnow();
  await fakesnow.run(["CREATE DATABASE BENCH", "CREATE SCHEMA BENCH.SRE"]);
  const columns = Object.keys(SAME_NAMES).map(
    (name) => `${name.toUpperCase()} ${name === "fix_worked" ? "BOOLEAN" : "VARCHAR"}`,
  );
  await fakesnow.run([`CREATE TABLE BENCH.SRE.INCIDENTS (${columns.join(", ")})`]);
  const file = join(folder, "history.parquet").replaceAll("'", "''");
  await fakesnow.load(
    `INSERT INTO BENCH.SRE.INCIDENTS SELECT ${Object.keys(SAME_NAMES).join(", ")} FROM read_parquet('${file}')`,
  );
  const server = await buildServer(
    readEnvironment(configSchema, {
      ...{ ONCALL_RECORDING: DEMO, ONCALL_HISTORY_TABLE: "bench.sre.incidents", ONCALL_TIMEOUT_SECONDS: "300" },
      ...{ ONCALL_HISTORY_SNOWFLAKE_ACCOUNT: "bench", ONCALL_HISTORY_SNOWFLAKE_URL: fakesnow.url },
      ...{ ONCALL_HISTORY_SNOWFLAKE_USER: "bench", ONCALL_HISTORY_SNOWFLAKE_PRIVATE_KEY: privateKeyPem() },
    }),
  );
  const answer = await answerOf(server);
  const statement = numbered(pastSql({ table: TABLE, columns: SAME_NAMES }), { ...asked(questionAt(server.now())) });
  const connection = await connect(fakesnow.url);
  return {
    count: async () => {
      const before = (await fakesnow.seen()).length;
      await answerOf(server);
      const made = (await fakesnow.seen()).slice(before);
      const statements = made.filter((request) => request === STATEMENT).length;
      return { tokens: tokensOf(answer), statements, requests: made.length };
    },
    ask: async () => void (await answerOf(server)),
    raw: () =>
      new Promise((resolve, reject) => {
        connection.execute({ ...statement, complete: (error) => (error ? reject(error) : resolve()) });
      }),
    close: async () => {
      await server.close?.();
      await new Promise<void>((resolve) => void connection.destroy(() => resolve()));
      await fakesnow.stop();
    },
  };
};

const questionAt = (now: number) => ({
  ...{ fingerprint: alertFingerprint(ASKED), exact: false, alert: ASKED.alert, service: ASKED.service },
  ...{ words: tellingWords(ASKED.summary, ASKED.service), now, most: 5 },
});

async function connect(url: string): Promise<Connection> {
  const driver = await loadDriver();
  const login = { authenticator: "SNOWFLAKE_JWT", username: "bench", privateKey: privateKeyPem() };
  const connection = driver.createConnection({
    account: "bench",
    accessUrl: url,
    database: "BENCH",
    schema: "SRE",
    ...login,
  });
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  return connection;
}
