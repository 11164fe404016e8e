import type { HistoryQuestion, HistoryStore, Past } from "../store.ts";
import { DuckDb, type DuckDbLimits, type DuckDbSource, type Session } from "./duckdb.ts";
import { CAUSES_SQL, COUNT_SQL, EXTENT_SQL, FIXES_SQL, MATCH_SQL, ROWS_SQL, TOTALS_SQL } from "./duckdb-sql.ts";
import { MAX_KINDS } from "./likeness.ts";
import { asked, basisOf, Cause, Extent, Fix, Matches, type Place, pastOf, Row, type Told, Totals } from "./past.ts";

/** The port over one file of past incidents, asked in SQL; few rows leave DuckDB. */
export function duckDbHistory(source: DuckDbSource, place: Place, limits: DuckDbLimits): HistoryStore {
  const database = new DuckDb(source, limits);
  return {
    name: place.name,
    url: place.url,
    past: (question, { signal, progress }) => {
      if (!database.isOpen) progress(`loading ${place.name}`);
      return database.session(signal, (session) => ask(session, question, place));
    },
    close: () => database.close(),
  };
}

async function ask(session: Session, question: HistoryQuestion, place: Place): Promise<Past> {
  const { now, most, ...keys } = asked(question);
  const [extent = Extent.parse({ searched: 0, unreadable: 0 })] = await session.all(EXTENT_SQL, { now }, Extent);
  await session.run(MATCH_SQL, { now, ...keys });
  const [matches = { fingerprint: 0, alike: 0 }] = await session.all(COUNT_SQL, {}, Matches);
  const figures =
    matches[basisOf(matches)] > 0 ? await summarize(session, basisOf(matches) === "fingerprint", now) : {};
  const rows = await session.all(ROWS_SQL, { now, most }, Row);
  return pastOf({ totals: undefined, causes: [], fixes: [], ...figures, extent, matches, rows }, place);
}

async function summarize(
  session: Session,
  same: boolean,
  now: number,
): Promise<Pick<Told, "totals" | "causes" | "fixes">> {
  const [totals] = await session.all(TOTALS_SQL, { now, same }, Totals);
  const causes = await session.all(CAUSES_SQL, { now, same, most: MAX_KINDS }, Cause);
  const fixes = await session.all(FIXES_SQL, { now, same, most: MAX_KINDS }, Fix);
  return { totals, causes, fixes };
}
