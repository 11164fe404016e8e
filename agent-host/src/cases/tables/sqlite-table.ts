import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { ConfigError } from "@oncall-copilot/core";
import type { default as Libsql } from "libsql";
import { StoreTooNew, StoreUnavailable } from "../case-store.ts";
import type { CaseTable, NewItem, RangeOptions, StoredItem, Write } from "../case-table.ts";
import { newVersion } from "./version.ts";

/** How long a writer waits for another process's turn. Turns last milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;
/** Of the file's tables; what an item holds has its own. */
const FILE_VERSION = 1;

const SCHEMA = `
  CREATE TABLE items (
    partition TEXT NOT NULL, sort TEXT NOT NULL, version TEXT NOT NULL, value TEXT NOT NULL, expires_at INTEGER,
    PRIMARY KEY (partition, sort)
  ) WITHOUT ROWID;
  CREATE INDEX items_by_expiry ON items (expires_at) WHERE expires_at IS NOT NULL;
  PRAGMA user_version = ${FILE_VERSION};
`;

interface Row {
  readonly partition: string;
  readonly sort: string;
  readonly version: string;
  readonly value: string;
  readonly expires_at: number | null;
}

const isThere = "(expires_at IS NULL OR expires_at > ?)";

/**
 * One SQLite file with a write-ahead log, for processes of one machine. A write is on disk when it resolves. A list of writes is
 * done as a whole or not at all.
 *
 * @throws ConfigError when the file cannot be opened or is none of ours, StoreTooNew when a newer version made it.
 */
export async function openSqliteTable(file: string, now: () => number = Date.now): Promise<CaseTable> {
  const database = await openDatabase(file);
  const read = database.prepare(`SELECT * FROM items WHERE partition = ? AND sort = ? AND ${isThere}`);
  const create = database.prepare(
    `INSERT INTO items (partition, sort, version, value, expires_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (partition, sort) DO UPDATE SET version = excluded.version, value = excluded.value, expires_at = excluded.expires_at
     WHERE items.expires_at <= ?`,
  );
  const put = database.prepare(
    "INSERT OR REPLACE INTO items (partition, sort, version, value, expires_at) VALUES (?, ?, ?, ?, ?)",
  );
  const replace = database.prepare(
    `UPDATE items SET version = ?, value = ?, expires_at = ? WHERE partition = ? AND sort = ? AND version = ? AND ${isThere}`,
  );
  const remove = database.prepare("DELETE FROM items WHERE partition = ? AND sort = ?");
  const removeThat = database.prepare("DELETE FROM items WHERE partition = ? AND sort = ? AND version = ?");
  const removeExpired = database.prepare(
    `DELETE FROM items WHERE (partition, sort) IN
     (SELECT partition, sort FROM items WHERE expires_at IS NOT NULL AND expires_at <= ? LIMIT ?)`,
  );
  const ranges = {
    ascending: database.prepare(rangeSql("ASC")),
    descending: database.prepare(rangeSql("DESC")),
  };
  const columns = ({ partition, sort, value, expiresAt }: NewItem) =>
    [partition, sort, newVersion(), value, expiresAt] as const;
  /** How many rows it touched. */
  const carryOut = (write: Write): number => {
    switch (write.kind) {
      case "create":
        return create.run(...columns(write.item), now()).changes;
      case "put":
        return put.run(...columns(write.item)).changes;
      case "replace": {
        const [partition, sort, version, value, expiresAt] = columns(write.item);
        return replace.run(version, value, expiresAt, partition, sort, write.version, now()).changes;
      }
      case "remove":
        if (write.version !== null) return removeThat.run(write.key.partition, write.key.sort, write.version).changes;
        remove.run(write.key.partition, write.key.sort);
        return 1;
    }
  };
  const oneOf = (writes: readonly Write[]): boolean => {
    database.exec("SAVEPOINT one");
    const done = writes.every((write) => carryOut(write) > 0);
    database.exec(done ? "RELEASE one" : "ROLLBACK TO one; RELEASE one");
    return done;
  };
  const all = database.transaction((lists: readonly (readonly Write[])[]) => lists.map(oneOf));
  const told = async <T>(work: () => T): Promise<T> => {
    try {
      return work();
    } catch (error) {
      throw explained(error, file);
    }
  };
  return {
    name: `SQLite file ${file}`,
    read: (key) =>
      told(() => {
        const row = read.get(key.partition, key.sort, now()) as Row | undefined;
        return row ? itemOf(row) : null;
      }),
    range: (partition, options = {}) =>
      told(() => {
        const { from, below, limit, descending } = bounds(options);
        const statement = descending ? ranges.descending : ranges.ascending;
        return (statement.all(partition, from, below, below, now(), limit) as Row[]).map(itemOf);
      }),
    write: inOneGo((lists: readonly (readonly Write[])[]) => told(() => all.immediate(lists))),
    removeExpired: (most) => told(() => removeExpired.run(now(), most).changes),
    close: async () => {
      database.close();
    },
  };
}

/** What is written at the same time goes to the disk together: one sync for all, each with its own result. */
function inOneGo<T>(work: (all: readonly T[]) => Promise<readonly boolean[]>): (one: T) => Promise<boolean> {
  let gathered: { readonly all: T[]; readonly done: Promise<readonly boolean[]> } | undefined;
  return async (one) => {
    if (!gathered) {
      const all: T[] = [];
      const done = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        gathered = undefined;
        return work(all);
      });
      gathered = { all, done };
    }
    const { all, done } = gathered;
    const index = all.push(one) - 1;
    return (await done)[index] ?? false;
  };
}

async function openDatabase(file: string): Promise<Libsql.Database> {
  const { default: Database } = await import("libsql");
  let database: Libsql.Database;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(file, "a", 0o600)); // reports quote production: whom they are shown to is the operator's choice
    database = new Database(file);
    database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = FULL");
  } catch (error) {
    throw new ConfigError(
      `cannot open the case file ${file} (${codeOf(error)}); ONCALL_CASES names a SQLite file on a disk of this machine that this user may write`,
    );
  }
  try {
    database.transaction(() => bringUpToDate(database, file)).immediate();
  } catch (error) {
    database.close();
    throw explained(error, file);
  }
  return database;
}

function bringUpToDate(database: Libsql.Database, file: string): void {
  const { user_version: found } = database.prepare("PRAGMA user_version").get() as { user_version: number };
  if (found === FILE_VERSION) return;
  if (found > FILE_VERSION) {
    throw new StoreTooNew(
      `${file} was made by a newer version (its tables have version ${found}, this one knows ${FILE_VERSION}); update this installation`,
    );
  }
  const tables = database.prepare("SELECT count(*) AS count FROM sqlite_schema").get() as { count: number };
  if (tables.count > 0) throw new ConfigError(`${file} is a SQLite file of something else; give ONCALL_CASES another`);
  database.exec(SCHEMA);
}

const rangeSql = (order: string) =>
  `SELECT * FROM items WHERE partition = ? AND sort >= ? AND (? IS NULL OR sort < ?) AND ${isThere} ORDER BY sort ${order} LIMIT ?`;

const bounds = ({ from = "", below, descending = false, limit = -1 }: RangeOptions) => ({
  from,
  below: below ?? null,
  descending,
  limit,
});

const itemOf = ({ partition, sort, version, value, expires_at }: Row): StoredItem => ({
  partition,
  sort,
  version,
  value,
  expiresAt: expires_at,
});

const codeOf = (error: unknown): string => {
  const code = error !== null && typeof error === "object" && "code" in error ? error.code : undefined;
  return typeof code === "string" && code !== "" ? code : String(error);
};

/** What SQLite says of a lock, a full disk or a broken file, with what to do. */
function explained(error: unknown, file: string): unknown {
  const code = codeOf(error);
  if (!code.startsWith("SQLITE_")) return error;
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) {
    return new StoreUnavailable(`the case file ${file} was busy for ${BUSY_TIMEOUT_MS / 1000} s; ask again`);
  }
  if (code === "SQLITE_NOTADB")
    return new ConfigError(`${file} is not a SQLite file; give ONCALL_CASES the path of one, or of none yet`);
  return new StoreUnavailable(`the case file ${file} cannot be used (${code}): see to its disk and its owner`);
}
