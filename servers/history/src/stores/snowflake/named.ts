import type { Bind } from "snowflake-sdk";
import type { Values } from "../warehouse/warehouse.ts";

/** A quoted name or text, which is left alone, or a named parameter. */
const PARAMETER = /"(?:[^"]|"")*"|'(?:[^']|'')*'|:([a-z]\w*)/g;

/** Snowflake binds by number: each name gets the number of its first place, and its value goes there. */
export function numbered(sql: string, values: Values): { sqlText: string; binds: Bind[] } {
  const numbers = new Map<string, number>();
  const sqlText = sql.replace(PARAMETER, (whole, name: string | undefined) => {
    if (name === undefined) return whole;
    if (!Object.hasOwn(values, name)) throw new Error(`no value for the parameter ${name}`);
    const number = numbers.get(name) ?? numbers.size + 1;
    numbers.set(name, number);
    return `:${number}`;
  });
  return { sqlText, binds: [...numbers.keys()].map((name) => values[name] ?? null) };
}
