import type { Place } from "../past.ts";
import type { WarehouseConfig } from "./config.ts";
import { type Identifier, readable } from "./identifier.ts";

/**
 * How a warehouse's history is named and linked to. `scheme` begins its addresses where no link is configured: they name the
 * table, as no warehouse has a page for a row.
 */
export function placeOf(
  scheme: string,
  name: string,
  table: readonly Identifier[],
  config: WarehouseConfig,
): Place & { readonly table: string } {
  const url = `${scheme}:${table.map((part) => encodeURIComponent(part.name)).join(".")}`;
  const link = config.ONCALL_HISTORY_LINK;
  return {
    name: `${readable(table)} in ${name}`,
    url,
    table: readable(table),
    incidentUrl: (id) => {
      const safe = encodeURIComponent(id);
      return link === undefined ? `${url}#${safe}` : link.replaceAll("{id}", () => safe);
    },
  };
}
