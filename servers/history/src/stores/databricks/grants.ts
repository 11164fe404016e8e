import type { Identifier } from "../warehouse/identifier.ts";
import type { Values, WarehouseRow } from "../warehouse/warehouse.ts";
import { quote, quoteTable } from "./sql.ts";

/** What reading takes; whatever else is granted is too much. */
const READING = new Set(["SELECT", "BROWSE", "USE CATALOG", "USE SCHEMA"]);

export interface Grant {
  readonly privilege: string;
  readonly grantee: string;
  /** `TABLE`, or `SCHEMA` or `CATALOG` that it is inherited from. */
  readonly on: "TABLE" | "SCHEMA" | "CATALOG";
}

/**
 * What the credential, or a group that it is in, was granted on the table, whoever owns it included. A catalog's own
 * `information_schema` tells it with the privileges that are inherited (Unity Catalog); SHOW GRANTS would tell them one by one.
 */
export function grantsSql(table: readonly Identifier[]): { sql: string; values: Values } {
  const [name, schema, catalog] = [...table].reverse();
  const from = catalog === undefined ? "information_schema" : `${quote(catalog)}.information_schema`;
  const its = (owner: string) => `(${owner} = session_user() OR is_account_group_member(${owner}))`;
  const where = "lower(table_schema) = coalesce(:schema, current_schema()) AND lower(table_name) = :table";
  return {
    sql: `
SELECT privilege_type AS privilege, grantee, inherited_from AS source FROM ${from}.table_privileges
WHERE ${where} AND ${its("grantee")}
UNION ALL
SELECT 'OWNERSHIP', table_owner, 'NONE' FROM ${from}.tables
WHERE ${where} AND ${its("table_owner")}
LIMIT 100`,
    values: { table: name?.name.toLowerCase() ?? "", schema: schema?.name.toLowerCase() ?? null },
  };
}

export const grantsOf = (rows: readonly WarehouseRow[]): Grant[] =>
  rows.map(({ privilege, grantee, source }) => ({
    privilege: String(privilege).toUpperCase().replaceAll("_", " "),
    grantee: String(grantee),
    on: inheritedFrom(source),
  }));

/** The kind of what stands above the table; `NONE` where the grant is the table's own. */
function inheritedFrom(source: unknown): Grant["on"] {
  const kind = String(source).toUpperCase();
  return kind === "SCHEMA" || kind === "CATALOG" ? kind : "TABLE";
}

export const beyondReading = (grants: readonly Grant[]): Grant[] =>
  grants.filter(({ privilege }) => !READING.has(privilege));

export const said = ({ privilege, on, grantee }: Grant): string =>
  `${privilege} on the ${on.toLowerCase()} (${grantee})`;

/** The statement that takes it back. */
export function takeBack({ privilege, on, grantee }: Grant, table: readonly Identifier[]): string {
  const depth = { TABLE: 0, SCHEMA: 1, CATALOG: 2 }[on];
  const securable = `${on} ${quoteTable(table.slice(0, table.length - depth))}`;
  if (privilege === "OWNERSHIP") return `ALTER ${securable} OWNER TO <another principal>;`;
  return `REVOKE ${privilege} ON ${securable} FROM ${quote({ name: grantee, quoted: true })};`;
}

/** The grants of the server's README, with this table in them. */
export function readingGrants(table: readonly Identifier[]): string {
  const to = "TO `<the service principal's application id>`;";
  const above = [
    ...(table.length > 2 ? [`GRANT USE CATALOG ON CATALOG ${quoteTable(table.slice(0, 1))} ${to}`] : []),
    ...(table.length > 1 ? [`GRANT USE SCHEMA ON SCHEMA ${quoteTable(table.slice(0, -1))} ${to}`] : []),
  ];
  return [...above, `GRANT SELECT ON TABLE ${quoteTable(table)} ${to}`].join(" ");
}
