import type * as Types from "@databricks/sql/thrift/TCLIService_types";
import { Int64, types } from "./definitions.ts";
import type { Table } from "./engine.ts";

const { TTypeId } = types;

/** How a type of Spark's goes over the wire in a column: which of its lists, and which type it is said to be. */
const WIRE: Readonly<Record<string, readonly [id: Types.TTypeId, list: keyof Types.TColumn]>> = {
  boolean: [TTypeId.BOOLEAN_TYPE, "boolVal"],
  int: [TTypeId.INT_TYPE, "i32Val"],
  bigint: [TTypeId.BIGINT_TYPE, "i64Val"],
  double: [TTypeId.DOUBLE_TYPE, "doubleVal"],
};
const wireOf = (type: string) => WIRE[type] ?? ([TTypeId.STRING_TYPE, "stringVal"] as const);
const NOTHING = { boolVal: false, i32Val: 0, i64Val: new Int64(0), doubleVal: 0, stringVal: "" };

export const schemaOf = ({ columns }: Table): Types.TTableSchema =>
  new types.TTableSchema({
    columns: columns.map(
      ({ name, type }, index) =>
        new types.TColumnDesc({
          columnName: name,
          position: index + 1,
          typeDesc: new types.TTypeDesc({
            types: [new types.TTypeEntry({ primitiveEntry: new types.TPrimitiveTypeEntry({ type: wireOf(type)[0] }) })],
          }),
        }),
    ),
  });

/** Rows `from` up to `to` as `COLUMN_BASED_SET`: a list of values a column, and a bit a row where there is none. */
export function rowSetOf({ columns, rows }: Table, from: number, to: number): Types.TRowSet {
  const shown = rows.slice(from, to);
  return new types.TRowSet({
    startRowOffset: new Int64(from),
    rows: [],
    columns: columns.map(({ type }, index) => {
      const list = wireOf(type)[1];
      const values = shown.map((row) => row[index] ?? null);
      const nulls = Buffer.alloc(Math.ceil(shown.length / 8));
      values.forEach((value, row) => {
        if (value === null) nulls[row >> 3] = (nulls[row >> 3] ?? 0) | (1 << (row & 7));
      });
      const known = values.map((value) => {
        if (value === null) return NOTHING[list as keyof typeof NOTHING];
        if (list === "i64Val") return new Int64(Number(value));
        return list === "stringVal" ? String(value) : value;
      });
      return new types.TColumn({ [list]: { values: known, nulls } });
    }),
  });
}
