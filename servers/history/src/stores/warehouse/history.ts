import { CouldNotLook } from "@oncall-copilot/core";
import { z } from "zod";
import type { HistoryStore } from "../../store.ts";
import { asked, Cause, Extent, Fix, Matches, type Place, pastOf, Row, type Told, Totals } from "../past.ts";
import type { Limited } from "./limit.ts";
import type { Warehouse, WarehouseRow } from "./warehouse.ts";

/**
 * A row of the one statement that a question takes: which part of the answer it is, its place in that part, and the rest as
 * JSON. Each trip to a warehouse costs a second or more, so that all parts come at once.
 */
const Tagged = z.object({
  part: z.enum(["extent", "totals", "cause", "fix", "incident"]),
  n: z.coerce.number(),
  body: z.string(),
});

export interface WarehouseParts {
  readonly warehouse: Warehouse;
  readonly limited: Limited;
  /** The statement, in the warehouse's dialect, with the parameters of `Asked` by name. */
  readonly pastSql: string;
  readonly place: Place;
}

/** The port over a table in a warehouse: one statement a question, and few rows come back. */
export function warehouseHistory({ warehouse, limited, pastSql, place }: WarehouseParts): HistoryStore {
  return {
    name: place.name,
    url: place.url,
    past: async (question, options) => {
      const values = { ...asked(question) };
      const rows = await limited(options, (query) => warehouse.query(pastSql, values, query));
      return pastOf(toldBy(rows, warehouse.name), place);
    },
    close: () => warehouse.close(),
  };
}

function toldBy(rows: readonly WarehouseRow[], name: string): Told {
  try {
    const tagged = z.array(Tagged).parse(rows);
    const bodies = (part: z.output<typeof Tagged>["part"]): unknown[] =>
      tagged
        .filter((row) => row.part === part)
        .sort((a, b) => a.n - b.n)
        .map((row) => JSON.parse(row.body) as unknown);
    // In one row or in two: what matches may be found on another way than how much there is.
    const extent = Object.assign({ fingerprint: 0, alike: 0 }, ...bodies("extent")) as unknown;
    return {
      extent: Extent.parse(extent),
      matches: Matches.parse(extent),
      totals: z.array(Totals).parse(bodies("totals"))[0],
      causes: z.array(Cause).parse(bodies("cause")),
      fixes: z.array(Fix).parse(bodies("fix")),
      rows: z.array(Row).parse(bodies("incident")),
    };
  } catch (error) {
    throw new CouldNotLook("bad_response", `${name} answered with rows of another shape than was asked for`, {
      cause: error,
    });
  }
}
