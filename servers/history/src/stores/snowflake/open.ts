import { ConfigError } from "@oncall-copilot/core";
import type { Estate } from "@oncall-copilot/core/server";
import type { HistoryStore } from "../../store.ts";
import { warehouseHistory } from "../warehouse/history.ts";
import type { Identifier } from "../warehouse/identifier.ts";
import { limited, timeFor } from "../warehouse/limit.ts";
import { placeOf } from "../warehouse/place.ts";
import type { SnowflakeConfig } from "./config.ts";
import { credentialOf } from "./credential.ts";
import { examineSnowflake } from "./examine.ts";
import { SnowflakeSession } from "./session.ts";
import { pastSql, quoted } from "./sql.ts";
import { snowflakeWarehouse } from "./warehouse.ts";

const VARIABLES = {
  url: "ONCALL_HISTORY_SNOWFLAKE_ACCOUNT or _URL",
  credentials: "ONCALL_HISTORY_SNOWFLAKE_PRIVATE_KEY or _TOKEN",
  ca: "NODE_EXTRA_CA_CERTS",
};

/** A store that answers from the Snowflake of the configuration. Throws ConfigError; asks nothing yet. */
export function openSnowflake(config: SnowflakeConfig, estate: Estate) {
  const account = config.ONCALL_HISTORY_SNOWFLAKE_ACCOUNT ?? "";
  const table = tableOf(config);
  const url = new URL(config.ONCALL_HISTORY_SNOWFLAKE_URL ?? addressOf(account));
  if (url.username !== "" || url.password !== "") {
    throw new ConfigError("ONCALL_HISTORY_SNOWFLAKE_URL must not hold credentials: they have variables of their own");
  }
  const address = url.href.replace(/\/+$/, "");
  const name = `Snowflake at ${address}`;
  const { ONCALL_HISTORY_SNOWFLAKE_WAREHOUSE: warehouse, ONCALL_HISTORY_SNOWFLAKE_ROLE: role } = config;
  const place = placeOf("snowflake", name, table, config);
  const limitMs = timeFor(config.ONCALL_TIMEOUT_SECONDS);
  const session = new SnowflakeSession({
    names: { name, variables: VARIABLES, table: place.table, warehouse, role },
    credential: credentialOf(config, name),
    checksRevocation: config.ONCALL_HISTORY_SNOWFLAKE_OCSP !== "off",
    options: {
      ...{ account, accessUrl: address },
      ...{ database: asWritten(table[0]), schema: asWritten(table[1]) },
      ...(warehouse === undefined ? {} : { warehouse }),
      ...(role === undefined ? {} : { role }),
      ...{ clientSessionKeepAlive: false, application: "oncall-copilot", disableQueryContextCache: true },
      // Longer than a question may take, so that an answer which is waited for is not asked for twice.
      ...{ timeout: Math.ceil(limitMs) + 5_000, sfRetryMaxLoginRetries: 1 },
    },
    parameters: {
      QUERY_TAG: config.ONCALL_HISTORY_SNOWFLAKE_QUERY_TAG,
      STATEMENT_TIMEOUT_IN_SECONDS: Math.ceil(limitMs / 1000),
      ...INSTANTS,
    },
  });
  const within = limited(name, limitMs);
  const store: HistoryStore = warehouseHistory({
    ...{ warehouse: snowflakeWarehouse(name, session, warehouse), limited: within, place },
    pastSql: pastSql({ table, columns: config.ONCALL_HISTORY_COLUMNS }),
  });
  const examined = { name, store, session, limited: within, table, columns: config.ONCALL_HISTORY_COLUMNS, warehouse };
  return { store, examine: examineSnowflake(examined, estate) };
}

/** A login takes a name as a statement would: without quotes it is put in capitals there. */
const asWritten = (name: Identifier | undefined) => (name?.quoted ? quoted(name) : (name?.name ?? ""));

const FORMAT = 'YYYY-MM-DD"T"HH24:MI:SS.FF6';
const ZONED = `${FORMAT}TZH:TZM`;

/** A timestamp becomes a text that reads back as the same instant, whatever the account's own formats are; no zone means UTC. */
const INSTANTS = {
  TIMEZONE: "UTC",
  TIMESTAMP_INPUT_FORMAT: "AUTO",
  TIMESTAMP_OUTPUT_FORMAT: ZONED,
  TIMESTAMP_NTZ_OUTPUT_FORMAT: FORMAT,
  TIMESTAMP_LTZ_OUTPUT_FORMAT: ZONED,
  TIMESTAMP_TZ_OUTPUT_FORMAT: ZONED,
};

/** A host's name has no underscore. */
const addressOf = (account: string) => `https://${account.replaceAll("_", "-").toLowerCase()}.snowflakecomputing.com`;

/** The table with the database and schema that it does not name itself. */
function tableOf(config: SnowflakeConfig): readonly Identifier[] {
  const table = config.ONCALL_HISTORY_TABLE;
  if (table === undefined) throw new ConfigError("ONCALL_HISTORY_SNOWFLAKE_ACCOUNT needs ONCALL_HISTORY_TABLE");
  const defaults = [config.ONCALL_HISTORY_SNOWFLAKE_DATABASE, config.ONCALL_HISTORY_SNOWFLAKE_SCHEMA];
  const missing = defaults.slice(0, 3 - table.length);
  if (missing.includes(undefined)) {
    throw new ConfigError(
      "ONCALL_HISTORY_TABLE must name database, schema and table, or ONCALL_HISTORY_SNOWFLAKE_DATABASE and _SCHEMA what it does not",
    );
  }
  return [...missing.flatMap((part) => (part === undefined ? [] : [{ name: part, quoted: false }])), ...table];
}
