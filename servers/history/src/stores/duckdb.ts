import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from "@duckdb/node-api";
import { briefly, CouldNotLook } from "@oncall-copilot/core";
import { z } from "zod";
import { FILE_COLUMNS, HISTORY_COLUMNS } from "./columns.ts";
import { columnsSql, loadSql, type SourceKind } from "./duckdb-sql.ts";

export interface DuckDbLimits {
  readonly memoryMb: number;
  readonly threads: number;
}

export interface DuckDbSource {
  readonly kind: SourceKind;
  readonly file: string;
  /** The file as people know it, for messages. */
  readonly name: string;
}

/** Values bound to a statement's `$names`; never a part of its text. */
export type Bound = Readonly<Record<string, DuckDBValue>>;

/** One question's own connection: what it sets aside in temporary tables is its own and goes with it. */
export interface Session {
  /** Runs one statement and gives its rows, checked against `row`. */
  all<R extends z.ZodType>(sql: string, values: Bound, row: R): Promise<z.output<R>[]>;
  run(sql: string, values: Bound): Promise<void>;
}

/**
 * A history held in DuckDB's memory: loaded once, on the first question, and then shut off from files, network and any
 * change of its settings, so that no statement could reach out even if one were wrong.
 */
export class DuckDb {
  readonly #source: DuckDbSource;
  readonly #limits: DuckDbLimits;
  #loading: Promise<DuckDBInstance> | undefined;

  constructor(source: DuckDbSource, limits: DuckDbLimits) {
    this.#source = source;
    this.#limits = limits;
  }

  /** Whether the history is loaded, or being loaded. */
  get isOpen(): boolean {
    return this.#loading !== undefined;
  }

  /** Runs `work` on a connection of its own. An abort interrupts the statement that is running there. */
  async session<T>(signal: AbortSignal, work: (session: Session) => Promise<T>): Promise<T> {
    const instance = await this.#open();
    signal.throwIfAborted();
    const connection = await instance.connect();
    const interrupt = () => connection.interrupt();
    signal.addEventListener("abort", interrupt, { once: true });
    try {
      return await work(sessionOn(connection, signal));
    } catch (error) {
      if (signal.aborted || error instanceof CouldNotLook) throw error;
      throw new CouldNotLook("bad_response", `DuckDB could not answer from ${this.#source.name}`, { cause: error });
    } finally {
      signal.removeEventListener("abort", interrupt);
      connection.closeSync();
    }
  }

  async close(): Promise<void> {
    const loading = this.#loading;
    this.#loading = undefined;
    await loading?.then(
      (instance) => instance.closeSync(),
      () => {},
    );
  }

  /** Loading goes on when the caller that began it gives up: the next one finds it done. A failure is not kept. */
  #open(): Promise<DuckDBInstance> {
    this.#loading ??= load(this.#source, this.#limits).catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }
}

function sessionOn(connection: DuckDBConnection, signal: AbortSignal): Session {
  return {
    all: async (sql, values, row) => {
      signal.throwIfAborted();
      const reader = await connection.runAndReadAll(sql, { ...values });
      return z.array(row).parse(reader.getRowObjects());
    },
    run: async (sql, values) => {
      signal.throwIfAborted();
      await connection.run(sql, { ...values });
    },
  };
}

async function load(source: DuckDbSource, limits: DuckDbLimits): Promise<DuckDBInstance> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", {
    threads: String(limits.threads),
    memory_limit: `${limits.memoryMb}MB`,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    if (source.kind === "duckdb") {
      // ATTACH takes no parameter: a path is spliced with its quotes doubled, and comes from the operator alone.
      await connection.run(`ATTACH '${source.file.replaceAll("'", "''")}' AS history (READ_ONLY)`);
      await connection.run(loadSql(source.kind, await columnsOf(connection, source)));
      await connection.run("DETACH history");
    } else {
      await connection.run(loadSql(source.kind, await columnsOf(connection, source)), { file: source.file });
    }
    await connection.run("SET enable_external_access = false");
    await connection.run("SET lock_configuration = true");
    return instance;
  } catch (error) {
    instance.closeSync();
    if (error instanceof CouldNotLook) throw error;
    throw new CouldNotLook(
      "bad_response",
      `${source.name} cannot be read as past incidents: ${firstLine(error, source)}`,
      {
        cause: error,
        tryNext: [`the operator checks ${source.name}: one incident a row, with the documented columns`],
      },
    );
  } finally {
    connection.closeSync();
  }
}

/** Without these there is no incident to tell of. */
const NEEDED = ["id", "service", "started_at"];

/** The columns of ours that a source has, whatever their case. @throws CouldNotLook that names those which are missing. */
async function columnsOf(connection: DuckDBConnection, source: DuckDbSource): Promise<ReadonlySet<string>> {
  // What NDJSON has is asked for by name, and is null where a line has none.
  if (source.kind === "ndjson") return new Set(FILE_COLUMNS);
  const values: Bound = source.kind === "duckdb" ? {} : { file: source.file };
  const reader = await connection.runAndReadAll(columnsSql(source.kind), { ...values });
  const has = new Set(reader.getRowObjects().map((row) => String(row["column_name"]).toLowerCase()));
  const missing = NEEDED.filter((name) => !has.has(name));
  if (missing.length > 0) {
    throw new CouldNotLook("bad_response", `${source.name} has no column ${missing.join(", ")}`, {
      tryNext: [
        `the operator names its columns as documented: ${HISTORY_COLUMNS.join(", ")}; all but ${NEEDED.join(", ")} may be left out`,
      ],
    });
  }
  return has;
}

/** DuckDB's messages go on for lines and name the file's path; the first line, without it, tells what is wrong. */
function firstLine(error: unknown, source: DuckDbSource): string {
  const message = error instanceof Error ? error.message : String(error);
  return briefly((message.split("\n")[0] ?? "").replaceAll(source.file, source.name), 200);
}
