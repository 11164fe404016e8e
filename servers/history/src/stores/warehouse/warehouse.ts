import type { ReadOptions } from "../../store.ts";

/** How a warehouse is asked: besides the caller's signal and progress, it can say what the answer waits for. */
export interface QueryOptions extends ReadOptions {
  /**
   * Says that a warehouse has to start first, or that it need no longer be waited for. A caller hears of it as progress, and an
   * answer that does not come in time is then no sign that the warehouse is down.
   */
  waitingFor(what: string | undefined): void;
}

/** A row as the driver gives it, its keys in lower case. */
export type WarehouseRow = Readonly<Record<string, unknown>>;

/**
 * A connection to a warehouse, behind one vendor's driver. It opens at the first question and closes when it has been idle.
 */
export interface Warehouse {
  /** Who and where: `Snowflake at https://ab12345.snowflakecomputing.com`. */
  readonly name: string;
  /**
   * Runs one statement with its named parameters (`:now`) bound. Rejects with {@link CouldNotLook} for whatever the warehouse or
   * the way to it does; an abort cancels the statement there.
   */
  query(sql: string, values: Values, options: QueryOptions): Promise<readonly WarehouseRow[]>;
  close(): Promise<void>;
}

/** What a statement's named parameters stand for. */
export type Values = Readonly<Record<string, string | number | boolean | null>>;
