import { number, text } from "./config.js";
import { createClient } from "./http-client.js";
import { createPool } from "./pool.js";

/** A database of named statements, behind a pool of connections. */
export function connectDatabase(name) {
  const client = createClient(name, {
    timeoutMs: number("DB_STATEMENT_TIMEOUT_MS", 3000),
    retries: 0,
    authorization: `${text("DB_USER", "")}:${text("DB_PASSWORD", "")}`,
  });
  const pool = createPool(name, {
    size: number("DB_POOL_SIZE", 8),
    acquireTimeoutMs: number("DB_POOL_ACQUIRE_TIMEOUT_MS", 1000),
  });
  const run = async (statement, params, trace) => {
    const answer = await client.post("/query", { statement, params }, trace);
    return answer.rows;
  };
  return {
    /** One statement on a connection of its own. */
    query: (statement, params, trace) => pool.use(() => run(statement, params, trace)),
    /** Several statements on one connection. */
    session: (work, trace) => pool.use(() => work((statement, params) => run(statement, params, trace))),
  };
}
