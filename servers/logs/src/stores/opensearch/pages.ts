import type { Clause } from "./clauses.ts";
import { documentParts, type FoundLine, inOrder, lineOf } from "./documents.ts";
import type { Reach } from "./reach.ts";

const PAGE = 1_000;

/** Reads the lines that pass the filters, oldest first, at most so many, page by page out of an index held still. */
export async function readLines(reach: Reach, filters: readonly Clause[], most: number): Promise<FoundLine[]> {
  const { search, fields, mapping } = reach;
  const lines: FoundLine[] = [];
  const pit = await reach.pit();
  let id = pit;
  try {
    let after: unknown;
    while (lines.length < most) {
      const size = Math.min(PAGE, most - lines.length);
      const { hits, pit_id } = await search.one({
        ...documentParts(fields),
        ...{
          size,
          track_total_hits: false,
          query: { bool: { filter: filters } },
          sort: inOrder(fields, mapping.nanos),
        },
        ...(id === undefined ? {} : { pit: { id, keep_alive: "1m" } }),
        ...(after === undefined ? {} : { search_after: after }),
      });
      id = id === undefined ? undefined : (pit_id ?? id);
      for (const hit of hits.hits) lines.push(lineOf(hit, fields, lines.length + 1));
      after = hits.hits.at(-1)?.sort;
      if (hits.hits.length < size || after === undefined) break;
    }
  } finally {
    if (id !== undefined) await search.closePit(id);
  }
  return lines;
}
