import type { Bind, Connection, ConnectionOptions } from "snowflake-sdk";
import type { WarehouseRow } from "../warehouse/warehouse.ts";
import type { Credential } from "./credential.ts";
import { type Driver, loadDriver, silence } from "./driver.ts";
import { type Names, snowflakeFailure } from "./failure.ts";
import { readRows } from "./rows.ts";

export interface SessionParts {
  readonly names: Names;
  readonly credential: Credential;
  /** Account, address, role and the like. */
  readonly options: ConnectionOptions;
  /** Whether certificates are checked for revocation. */
  readonly checksRevocation: boolean;
  /** Sent with every statement: its tag, its time limit, and how it reads and writes instants. */
  readonly parameters: Readonly<Record<string, string | number>>;
}

/** A connection that nothing used for so long is closed, in milliseconds. */
const IDLE_MS = 60_000;
/** Longest that a close waits for Snowflake. */
const CLOSING_MS = 1_000;
/** The session is over: by time, or since somebody ended it. */
const ENDED = new Set(["390111", "390112", "390114", "390104", "407002", "405503"]);

/** One connection to Snowflake, opened when it is needed and closed when it has been idle. */
export class SnowflakeSession {
  readonly #parts: SessionParts;
  #opening: Promise<Connection> | undefined;
  #idle: NodeJS.Timeout | undefined;
  #running = 0;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** Runs one statement. An abort cancels it there. Rejects with CouldNotLook. */
  async run(sqlText: string, binds: Bind[], signal: AbortSignal): Promise<WarehouseRow[]> {
    clearTimeout(this.#idle);
    this.#running++;
    try {
      return await this.#insist(sqlText, binds, signal);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw snowflakeFailure(error, this.#parts.names);
    } finally {
      this.#running--;
      if (this.#running === 0) this.#idle = setTimeout(() => void this.close(), IDLE_MS).unref();
    }
  }

  /** A connection that is not there yet is not waited for: it ends when it comes to be. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const opening = this.#opening;
    this.#opening = undefined;
    const ending = opening?.then(ended, () => {});
    const late = new Promise<void>((resolve) => setTimeout(resolve, CLOSING_MS).unref());
    await Promise.race([ending, late]);
  }

  /** A session that has ended in the meantime is opened again, once. */
  async #insist(sqlText: string, binds: Bind[], signal: AbortSignal): Promise<WarehouseRow[]> {
    const opening = this.#connected();
    const giveUp = () => this.#forget(opening);
    signal.addEventListener("abort", giveUp, { once: true });
    const connection = await opening.finally(() => signal.removeEventListener("abort", giveUp));
    signal.throwIfAborted();
    try {
      return await this.#execute(connection, sqlText, binds, signal);
    } catch (error) {
      const code = String((error as { code?: unknown }).code);
      if (!ENDED.has(code) || signal.aborted) throw error;
      this.#forget(opening);
      return await this.#execute(await this.#connected(), sqlText, binds, signal);
    }
  }

  /** The next question opens another one. Those that still wait for this one, or use it, have their time. */
  #forget(opening: Promise<Connection>): void {
    if (this.#opening !== opening) return;
    this.#opening = undefined;
    opening.then(
      (connection) => setTimeout(() => void ended(connection), IDLE_MS).unref(),
      () => {},
    );
  }

  #connected(): Promise<Connection> {
    if (this.#opening) return this.#opening;
    const opening = this.#open();
    opening.catch(() => {
      if (this.#opening === opening) this.#opening = undefined;
    });
    this.#opening = opening;
    return opening;
  }

  async #open(): Promise<Connection> {
    const { credential, options, checksRevocation } = this.#parts;
    const [driver, login] = await Promise.all([loadDriver(), credential()]);
    driver.configure({ disableOCSPChecks: !checksRevocation, ocspFailOpen: true, keepAlive: true });
    const connection = driver.createConnection({ ...options, ...login });
    await connected(connection, driver);
    return connection;
  }

  #execute(connection: Connection, sqlText: string, binds: Bind[], signal: AbortSignal): Promise<WarehouseRow[]> {
    const { parameters } = this.#parts;
    return new Promise((resolve, reject) => {
      const statement = connection.execute({
        ...{ sqlText, binds, parameters: { ...parameters }, streamResult: true },
        complete: (error, answered) => {
          const rows = error ? Promise.reject(error) : readRows(answered, signal);
          rows.then(resolve, reject).finally(() => signal.removeEventListener("abort", cancel));
        },
      });
      const cancel = () => statement.cancel(() => {});
      signal.addEventListener("abort", cancel, { once: true });
    });
  }
}

/** Its first connection looks for a log configuration of its own, which would undo what silences it. */
function connected(connection: Connection, driver: Driver): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()));
  }).finally(() => silence(driver));
}

const ended = (connection: Connection): Promise<void> => new Promise((resolve) => connection.destroy(() => resolve()));
