import { describe, expect, it } from "vitest";
import type { Claimed } from "../../../agent-host/src/cases/case-store.ts";
import { type Upgrades, upgraded } from "../../../agent-host/src/cases/items.ts";
import { leadAlert } from "../../../agent-host/src/cases/lead-alert.ts";
import { couldShareCause } from "../../../agent-host/src/cases/neighbourhood.ts";
import { openCaseStore } from "../../../agent-host/src/cases/open-case-store.ts";
import { alertOf, catalogOf, ESTATE, resolved, START } from "./alerts.ts";
import { sqliteTables } from "./open-tables.ts";
import { Clock } from "./table-contract.ts";

const open = sqliteTables();

/** Two hundred services in ten chains behind one gateway, each chain with a database at its end. */
function largeEstate(): Record<string, string[]> {
  const estate: Record<string, string[]> = { gateway: [] };
  for (let chain = 0; chain < 10; chain++) {
    estate["gateway"]?.push(`s${chain}-0`);
    for (let link = 0; link < 20; link++) estate[`s${chain}-${link}`] = link < 19 ? [`s${chain}-${link + 1}`] : [];
  }
  return estate;
}

describe("a storm of 10,000 deliveries over 200 services", () => {
  it("makes a handful of cases, and loses none of the alerts", async () => {
    const services = Object.keys(largeEstate()).filter((name) => name !== "gateway");
    const clock = new Clock();
    const tables = await open(clock);
    const stores = tables.map((table) => openCaseStore(table, { catalog: catalogOf(largeEstate()), now: clock.now }));
    // Each of 2,000 alerts comes five times: HA peers, repeats and retries.
    const alerts = services.flatMap((service, index) =>
      Array.from({ length: 10 }, (_, kind) =>
        alertOf(service, { alert: `Alert${kind}`, at: START + ((index * 37 + kind * 11) % 300) * 1_000 }),
      ),
    );
    const deliveries = [0, 1, 2, 3, 4].flatMap((round) => alerts.map((alert) => ({ alert, round })));
    const claimed: Claimed[] = [];
    for (let first = 0; first < deliveries.length; first += 50) {
      const batch = deliveries.slice(first, first + 50);
      const claims = batch.map(({ alert, round }) => stores[round % 2]?.claim(alert));
      claimed.push(...(await Promise.all(claims)).filter((one) => one !== undefined));
    }
    expect(claimed).toHaveLength(10_000);
    const cases = (await stores[0]?.list({ limit: 1_000 })) ?? [];
    expect(cases.length).toBeGreaterThanOrEqual(1);
    expect(cases.length).toBeLessThanOrEqual(5);
    const counted = await Promise.all(cases.map(async ({ id }) => (await stores[1]?.alertsOf(id))?.total ?? 0));
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(2_000);
    expect(claimed.filter(({ outcome }) => outcome === "new")).toHaveLength(cases.length);
    expect(claimed.filter(({ outcome }) => outcome === "repeat")).toHaveLength(8_000);
    for (const alert of alerts.slice(0, 20)) await stores[0]?.claim(resolved(alert));
    const firing = await Promise.all(cases.map(async ({ id }) => (await stores[1]?.alertsOf(id))?.firing ?? 0));
    expect(firing.reduce((sum, count) => sum + count, 0)).toBe(1_980);
  });
});

describe("the neighbourhood of an alert", () => {
  it.each([
    ["storefront", "ledger", true],
    ["ledger-db", "checkout", true],
    ["storefront", "reports", false],
    ["search", "checkout", false],
    ["nobody-knows", "nobody-knows", true],
  ])("has %s and %s share a cause: %s", (one, other, shared) => {
    expect(couldShareCause(ESTATE, one, other)).toBe(shared);
    expect(couldShareCause(ESTATE, other, one)).toBe(shared);
  });
});

describe("the alert that is looked at", () => {
  const member = (service: string | null, start: number, resolvedAt: number | null = null) => ({
    ...{ fingerprint: `f-${service}`, name: "A", service, severity: null, summary: "", started_at: start },
    ...{ resolved_at: resolvedAt, received_at: start },
  });

  it("is of the service that most others depend on, whatever came first", () => {
    const alerts = [member("storefront", 1), member("search", 2), member("ledger", 4), member("checkout", 3)];
    expect(leadAlert(alerts, ESTATE)?.service).toBe("ledger");
  });

  it("is the earliest that still fires, where the graph tells nothing", () => {
    expect(leadAlert([member("search", 1, 5), member("reports", 2)], ESTATE)?.service).toBe("reports");
    expect(leadAlert([member(null, 1), member("reports", 2)], ESTATE)?.service).toBe("reports");
    expect(leadAlert([], ESTATE)).toBeNull();
  });
});

describe("what an older version wrote", () => {
  const upgrades: Upgrades = {
    1: ({ who, ...rest }) => ({ ...rest, by: who }),
    2: (value) => ({ ...value, words: null }),
  };

  it("is brought up one version after the other", () => {
    expect(upgraded("case", { schema_version: 1, who: "ana" }, upgrades, 3)).toEqual({
      schema_version: 3,
      by: "ana",
      words: null,
    });
  });

  it("is refused when a newer one wrote it, with what to do", () => {
    expect(() => upgraded("case", { schema_version: 9 }, upgrades, 3)).toThrow(/version 9.*update this installation/);
    expect(() => upgraded("case", {}, upgrades, 3)).toThrow(/schema version undefined/);
  });
});
