import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { ALERT_AT, cleanupRecordings } from "../support/recording.ts";
import { historyServer, incident } from "./ask.ts";

afterAll(cleanupRecordings);

const AS_OF = ALERT_AT + 5 * 60_000;
const DAY_MS = 86_400_000;

const rows = fc.array(
  fc.record({
    start: fc.integer({ min: -1_000_000, max: 30 }),
    lasted: fc.option(fc.integer({ min: 1, max: 600 })),
    fix: fc.option(fc.constantFrom("restart", "Restart.", "revert 0a1b2c3d", "revert 9f8e7d6c")),
    worked: fc.option(fc.boolean()),
    same: fc.boolean(),
  }),
  { maxLength: 40 },
);

/** Linear interpolation between the two nearest ranks: R's type 7, and DuckDB's quantile_cont. */
function quantile(values: readonly number[], q: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const low = sorted[Math.floor(place)];
  const high = sorted[Math.ceil(place)];
  return low === undefined || high === undefined ? null : Math.round(low + (high - low) * (place - Math.floor(place)));
}

describe("the figures of query_history", () => {
  test("are those of a plain count over the same rows, and see nothing from after its moment", async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        const history = given.map((row, i) =>
          incident({ ...row, id: `INC-${i}`, fingerprint: row.same ? "00000000000000aa" : "00000000000000bb" }),
        );
        const { ask, server } = await historyServer({
          history: [...history, incident({ id: "INC-late", start: 500 })],
        });
        const { matches, stats } = await ask({ service: "storefront", fingerprint: "00000000000000aa" });
        await server.close?.();

        const past = given.filter((row) => row.same && ALERT_AT + row.start * 60_000 < AS_OF);
        const closed = past.flatMap((row) =>
          row.lasted !== null && ALERT_AT + (row.start + row.lasted) * 60_000 <= AS_OF
            ? [{ ...row, lasted: row.lasted }]
            : [],
        );
        const since = (days: number) =>
          past.filter((row) => ALERT_AT + row.start * 60_000 >= AS_OF - days * DAY_MS).length;
        expect(matches.fingerprint).toBe(past.length);
        if (past.length === 0) return;
        const seconds = closed.map((row) => row.lasted * 60);
        expect(stats).toMatchObject({
          count: past.length,
          open: past.length - closed.length,
          last_90_days: since(90),
          last_365_days: since(365),
          median_seconds: quantile(seconds, 0.5),
          p25_seconds: quantile(seconds, 0.25),
          p75_seconds: quantile(seconds, 0.75),
        });
        const times = (start: string, worked: boolean | null) =>
          closed.filter((row) => row.fix?.toLowerCase().startsWith(start) && row.worked === worked).length;
        const kinds = ["restart", "revert"].filter((kind) =>
          closed.some((row) => row.fix?.toLowerCase().startsWith(kind)),
        );
        expect(stats?.fixes).toHaveLength(kinds.length);
        for (const kind of kinds) {
          expect(stats?.fixes.find(({ fix }) => fix.toLowerCase().startsWith(kind))).toMatchObject({
            worked: times(kind, true),
            failed: times(kind, false),
            unknown: times(kind, null),
          });
        }
      }),
      { numRuns: 25 },
    );
  });
});
