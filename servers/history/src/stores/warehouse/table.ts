import { HISTORY_COLUMNS, type HistoryColumn } from "../columns.ts";
import { type Identifier, identifierAt } from "./identifier.ts";

/** Which column of the operator's table holds what; null where it has none. */
export type ColumnMapping = Readonly<Record<HistoryColumn, Identifier | null>>;

/** Where a warehouse keeps the history. */
export interface HistoryTable {
  readonly table: readonly Identifier[];
  readonly columns: ColumnMapping;
}

/** Without these there is no incident to tell of. */
const NEEDED: readonly HistoryColumn[] = ["id", "service", "started_at"];

/** Every column under its own name. */
export const SAME_NAMES = Object.fromEntries(
  HISTORY_COLUMNS.map((column) => [column, { name: column, quoted: false }]),
) as ColumnMapping;

/**
 * `id=incident_id,severity=`: a column that is not named keeps its name, and one that is set to nothing does not exist.
 *
 * @throws Error that says what is wrong with it.
 */
export function columnMapping(text: string): ColumnMapping {
  const columns: Record<HistoryColumn, Identifier | null> = { ...SAME_NAMES };
  for (let at = 0; at < text.length; ) {
    const [whole = "", name = ""] = /^\s*(\w+)\s*=\s*/.exec(text.slice(at)) ?? [];
    if (whole === "") throw new Error(`takes column=name pairs, comma-separated; see "${text.slice(at, at + 40)}"`);
    if (!isColumn(name)) throw new Error(`there is no column ${name}; it takes ${HISTORY_COLUMNS.join(", ")}`);
    at += whole.length;
    const read = identifierAt(text, at);
    if (read === undefined && NEEDED.includes(name)) throw new Error(`${name} needs a column`);
    columns[name] = read?.identifier ?? null;
    at = read?.end ?? at;
    if (at < text.length && text[at] !== ",") {
      throw new Error(
        `${name} takes a column's name, in double quotes if it has other signs than letters, digits and _`,
      );
    }
    at++;
  }
  return columns;
}

const isColumn = (name: string): name is HistoryColumn => (HISTORY_COLUMNS as readonly string[]).includes(name);
