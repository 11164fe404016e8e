import { addAbortSignal } from "node:stream";
import type { RowStatement } from "snowflake-sdk";
import type { WarehouseRow } from "../warehouse/warehouse.ts";

/** Most that one answer may bring, in bytes: what any other backend may, by core's HTTP client. */
export const MAX_BYTES = 32 * 1_048_576;

/** More rows, or longer ones, than may be brought. */
export class TooMuch extends Error {
  constructor() {
    super(`more than ${MAX_BYTES} bytes`);
  }
}

/**
 * A statement's rows, read as they come: a long answer lies in parts, and those after the limit are not fetched. Rejects with
 * {@link TooMuch}, or with what the driver says; an abort ends it.
 */
export function readRows(statement: RowStatement, signal: AbortSignal): Promise<WarehouseRow[]> {
  return new Promise((resolve, reject) => {
    const rows: WarehouseRow[] = [];
    let bytes = 0;
    const stream = addAbortSignal(signal, statement.streamRows());
    stream.on("data", (row: Readonly<Record<string, unknown>>) => {
      bytes += sizeOf(row);
      if (bytes > MAX_BYTES) stream.destroy(new TooMuch());
      else rows.push(lowerKeys(row));
    });
    stream.on("end", () => resolve(rows));
    stream.on("error", reject);
  });
}

const sizeOf = (row: Readonly<Record<string, unknown>>): number =>
  Object.values(row).reduce<number>((sum, value) => sum + Buffer.byteLength(String(value ?? "")), 0);

const lowerKeys = (row: Readonly<Record<string, unknown>>): WarehouseRow =>
  Object.fromEntries(Object.entries(row).map(([key, value]) => [key.toLowerCase(), value]));
