import { peak } from "../load/traffic.ts";
import type { Scenario } from "../scenario.ts";

const PEAK_AT = 13 * 60;

export const undersizedHpaMax: Scenario = {
  name: "undersized-hpa-max",
  summary: "a sale brings three times the usual traffic; pricing, two hops below, may not grow beyond three pods",
  family: "undersized_hpa",
  alert: "StorefrontLatencyHigh",
  rate: 14,
  traffic: peak(PEAK_AT, 90, 3.4),
  alertsOfTraffic: ["StorefrontTrafficHigh"],
  faultAt: PEAK_AT,
  past: () => ({
    commits: [
      {
        hoursAgo: 9.4 * 24,
        author: "chidi",
        message: "pricing: three pods at the most\n\nThere were never more than two in the last quarter.",
        edits: [{ path: "deploy/hpa/pricing.yaml", find: "maxReplicas: 6", replace: "maxReplicas: 3" }],
      },
      {
        hoursAgo: 3.3 * 24,
        author: "chidi",
        message: "pricing: weigh the offers of a basket against each other",
        edits: [
          {
            path: "services/pricing/main.js",
            find: "await compute(3 * body.lines.length);",
            replace: "await compute(26 * body.lines.length);",
          },
        ],
      },
    ],
  }),
  happenings: [
    { at: 130, change: "search-rank-prefix" },
    { at: 370, change: "accounts-since-year" },
    { at: 590, change: "cart-title-ttl" },
    { at: PEAK_AT - 60, change: "checkout-order-currency" },
    { at: PEAK_AT + 70, change: "notifications-workers" },
  ],
  rootCause: {
    service: "pricing",
    kind: "service",
    accept: [],
    detail:
      "Quotes come in faster than three pods of pricing can work them off, and its autoscaler may not go beyond maxReplicas 3. " +
      "Its CPU limit is used up, quotes queue, and checkout's timeouts and retries carry it up to storefront.",
  },
  fixFiles: ["deploy/hpa/pricing.yaml"],
};
