import { ORDINARY } from "../load/traffic.ts";
import type { Scenario } from "../scenario.ts";

const FAILOVER_AT = 13 * 60;

export const databaseFailover: Scenario = {
  name: "database-failover",
  summary: "baskets and orders fail, then are slow; stock-db fails over to its standby",
  family: "other",
  alert: "StorefrontErrorsHigh",
  rate: 20,
  traffic: ORDINARY,
  faultAt: FAILOVER_AT,
  happenings: [
    { at: 130, change: "pricing-saved-share" },
    { at: 380, change: "search-rank-prefix" },
    { at: 620, change: "accounts-since-year" },
    { at: FAILOVER_AT - 70, change: "cart-title-ttl" },
    { at: FAILOVER_AT, act: { kind: "resource", resource: "stock-db", mode: "failover" } },
    { at: FAILOVER_AT + 90, change: "payments-decline-text" },
  ],
  rootCause: {
    service: "stock-db",
    kind: "resource",
    accept: [],
    detail:
      "stock-db failed over to its standby. For forty seconds it answered nothing; then it was slow, since the new primary had nothing in memory. inventory " +
      "and cart carry it up to storefront. It mends itself.",
  },
  fixFiles: null,
};
