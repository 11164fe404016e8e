import { describe, expect, it } from "vitest";
import { historyServer } from "./ask.ts";

const row = (id: string, more: Readonly<Record<string, unknown>> = {}) => ({
  ...{ id, fingerprint: "", alert: "SlowStore", service: "storefront", severity: "page", summary: "slow" },
  ...{ started_at: "2025-10-01T10:00:00Z", resolved_at: "2025-10-01T11:00:00Z" },
  ...{ root_cause: "pool exhausted", fix: "raised the pool", fix_worked: true, pr_url: null, ...more },
});
/** The history of a recording with these rows, asked as a client would. */
const historyOf = async (rows: readonly Record<string, unknown>[]) => (await historyServer({ history: rows })).call;

const ASKED = { service: "storefront", alert: "SlowStore" };

describe("an id that several rows have", () => {
  it("is one incident, by the row that tells most, and the others are counted as a gap", async () => {
    const call = await historyOf([row("PD1", { fix: null, root_cause: null }), row("PD1"), row("PD1"), row("PD2")]);
    const { structured } = await call(ASKED);
    expect(structured).toMatchObject({ matches: { fingerprint: 2 }, stats: { count: 2 } });
    expect(structured["gaps"]).toEqual([expect.stringMatching(/^2 rows of .* repeat the id of another/)]);
    const fixes = (structured["stats"] as { fixes: { worked: number }[] }).fixes;
    expect(fixes.map(({ worked }) => worked)).toEqual([2]);
  });
});

describe("an end that cannot be read", () => {
  it.each(["10/01/2025 11:00 AM", "1759316400", "", "later", "2025-10-01T09:00:00Z"])(
    "is an end all the same, keeps cause and fix, gives no duration and is counted as a gap: %j",
    async (resolved_at) => {
      const { structured, text } = await (await historyOf([row("P1", { resolved_at })]))(ASKED);
      expect(structured).toMatchObject({
        stats: { count: 1, open: 0, median_seconds: null, root_causes: [{ count: 1 }] },
      });
      expect(structured["incidents"]).toMatchObject([{ duration_seconds: null }]);
      expect(structured["gaps"]).toEqual([
        expect.stringMatching(/^1 incidents of .* have a resolved_at that cannot be read/),
      ]);
      expect(text).toContain("over, and until when cannot be read");
      expect(text).not.toContain("not resolved yet");
    },
  );

  it("is none where nothing says that it ended", async () => {
    const { structured } = await (await historyOf([row("P1", { resolved_at: null, root_cause: null, fix: null })]))(
      ASKED,
    );
    expect(structured).toMatchObject({ stats: { open: 1 } });
    expect(structured["gaps"]).toBeUndefined();
  });
});
