import { ORDINARY } from "../load/traffic.ts";
import type { Scenario } from "../scenario.ts";

const DOWN_AT = 13 * 60;

export const thirdPartyDown: Scenario = {
  name: "third-party-down",
  summary: "orders fail; the acquirer's card gateway is down, and nobody here can mend it",
  family: "other",
  alert: "StorefrontErrorsHigh",
  rate: 20,
  traffic: ORDINARY,
  faultAt: DOWN_AT,
  happenings: [
    { at: 120, change: "catalogue-trim-query" },
    { at: 360, change: "cart-title-ttl" },
    { at: 610, change: "checkout-order-currency" },
    { at: DOWN_AT - 85, change: "payments-decline-text" },
    { at: DOWN_AT, act: { kind: "resource", resource: "card-gateway", mode: "down" } },
    { at: DOWN_AT + 50, change: "search-rank-prefix" },
  ],
  rootCause: {
    service: "card-gateway",
    kind: "resource",
    accept: [],
    detail:
      "The acquirer's card gateway turns most authorisations away and lets the others hang. payments tries each twice, and orders fail. It is run by a third " +
      "party: nothing here is to be changed.",
  },
  fixFiles: null,
};
