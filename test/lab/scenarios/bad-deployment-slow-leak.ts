import { ORDINARY } from "../load/traffic.ts";
import type { Scenario } from "../scenario.ts";

const FAULT_AT = 13 * 60;

export const badDeploymentSlowLeak: Scenario = {
  name: "bad-deployment-slow-leak",
  summary: "latency climbs for ten minutes; inventory asks stock-db for ever more rows since its last deployment",
  family: "bad_deployment",
  alert: "StorefrontLatencyHigh",
  rate: 20,
  traffic: ORDINARY,
  faultAt: FAULT_AT,
  happenings: [
    { at: 130, change: "payments-decline-text" },
    { at: 410, change: "shipping-log-carrier" },
    { at: 640, change: "pricing-saved-share" },
    {
      at: FAULT_AT,
      culprit: true,
      change: {
        author: "emre",
        message:
          "inventory: read along what was looked at lately\n\nThe next basket often holds the same products; the database then has them at hand.",
        edits: [
          {
            path: "services/inventory/main.js",
            find: '    const rows = await database.query("stock_by_skus", { skus }, trace);',
            replace: `    asked += 1;
    if (asked % 4 === 0) lately.push(skus[0]);
    const rows = await database.query("stock_by_skus", { skus: [...skus, ...lately] }, trace);`,
          },
          {
            path: "services/inventory/main.js",
            find: "\nserve({\n",
            replace: "/** Products of a sample of the baskets. */\nconst lately = [];\nlet asked = 0;\n\nserve({\n",
          },
        ],
      },
    },
    { at: FAULT_AT + 130, change: "search-rank-prefix" },
    { at: FAULT_AT + 300, change: "accounts-since-year" },
    { at: FAULT_AT + 450, change: "checkout-order-currency" },
  ],
  rootCause: {
    service: "inventory",
    kind: "service",
    accept: [],
    detail:
      "A commit to inventory adds products to a list that never gets shorter and asks stock-db for all of them each time. Each answer takes longer than the " +
      "one before, until cart's timeouts are reached.",
  },
  fixFiles: ["services/inventory/main.js"],
};
