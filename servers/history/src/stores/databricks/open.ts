import { ConfigError } from "@oncall-copilot/core";
import { httpClient } from "@oncall-copilot/core/backend";
import type { Estate } from "@oncall-copilot/core/server";
import { warehouseHistory } from "../warehouse/history.ts";
import { limited, timeFor } from "../warehouse/limit.ts";
import { placeOf } from "../warehouse/place.ts";
import type { DatabricksConfig } from "./config.ts";
import { credentialOf } from "./credential.ts";
import { examineDatabricks } from "./examine.ts";
import { type DatabricksNames, PREFIX, VARIABLES } from "./names.ts";
import { pastSql } from "./sql.ts";
import { stateOf, warehouseId } from "./state.ts";
import { statements } from "./statements.ts";
import { databricksWarehouse } from "./warehouse.ts";

/** A store that answers from the Databricks of the configuration. Throws ConfigError; asks nothing yet. */
export function openDatabricks(config: DatabricksConfig, estate: Estate) {
  const { ONCALL_HISTORY_TABLE: table, ONCALL_HISTORY_COLUMNS: columns } = config;
  const { ONCALL_HISTORY_DATABRICKS_HTTP_PATH: given, ONCALL_HISTORY_DATABRICKS_CA: ca } = config;
  const url = new URL(config.ONCALL_HISTORY_DATABRICKS_URL ?? "");
  if (table === undefined) throw new ConfigError(`${PREFIX}URL needs ONCALL_HISTORY_TABLE`);
  if (given === undefined) throw new ConfigError(`${PREFIX}URL needs ${PREFIX}HTTP_PATH`);
  if (url.username !== "" || url.password !== "" || url.pathname !== "/" || url.search !== "") {
    throw new ConfigError(`${PREFIX}URL must be the workspace's address alone, without a path or credentials`);
  }
  const path = `/${given.replace(/^\/+|\/+$/g, "")}`;
  const place = placeOf("databricks", `Databricks at ${url.origin}`, table, config);
  const id = warehouseId(path);
  const names: DatabricksNames = {
    ...{ name: `Databricks at ${url.origin}`, variables: VARIABLES, table: place.table },
    compute: id === undefined ? "its cluster" : `SQL warehouse ${id}`,
  };
  const limitMs = timeFor(config.ONCALL_TIMEOUT_SECONDS);
  const backend = { ...names, url, ...(ca === undefined ? {} : { ca }) };
  const connectMs = Math.min(3_000, limitMs);
  const rest = httpClient({ ...backend, connectMs, answerMs: Math.min(8_000, limitMs) });
  const bearer = credentialOf(config, rest, names);
  const http = httpClient({
    // A session is not answered before its warehouse runs: the question's own limit ends that wait, and says so.
    ...{ ...backend, connectMs, answerMs: limitMs + 1_000 },
    sign: async () => ({ authorization: `Bearer ${(await bearer()).reveal()}` }),
  });
  const runs = statements({ http, url, path, names, limitMs });
  const ask = stateOf(path, rest, bearer, names);
  const within = limited(names.name, limitMs);
  const store = warehouseHistory({
    ...{ warehouse: databricksWarehouse(names, runs, ask), limited: within, place },
    pastSql: pastSql({ table, columns }),
  });
  const close = async () => {
    await store.close();
    http.close();
    rest.close();
  };
  const examined = { names, store, runs, ask, within, table };
  return { store: { ...store, close }, examine: examineDatabricks(examined, estate) };
}
