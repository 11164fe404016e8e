import { ORDINARY } from "../load/traffic.ts";
import { setting } from "../monorepo/setting.ts";
import type { Scenario } from "../scenario.ts";

const FAULT_AT = 13 * 60;

export const badDeploymentTwoAtOnce: Scenario = {
  name: "bad-deployment-two-at-once",
  summary: "baskets fail; of promotions and pricing, deployed two minutes apart, only pricing is to blame",
  family: "bad_deployment",
  alert: "StorefrontErrorsHigh",
  rate: 20,
  traffic: ORDINARY,
  faultAt: FAULT_AT,
  happenings: [
    { at: 120, change: "accounts-since-year" },
    { at: 400, change: "search-rank-prefix" },
    { at: 620, change: "shipping-log-carrier" },
    {
      at: FAULT_AT - 110,
      change: {
        author: "chidi",
        message: "promotions: campaigns may be half a minute old",
        edits: [setting("promotions", "CAMPAIGN_CACHE_TTL_MS", 20000, 30000)],
      },
    },
    {
      at: FAULT_AT,
      culprit: true,
      change: {
        author: "bruno",
        message:
          "pricing: never sell a line below its floor\n\nAgreed with purchasing: 12 % off at the most for three and more.",
        edits: [
          {
            path: "services/pricing/total.js",
            find: "    sum += full - off;",
            replace: `    if (quantity >= 3 && off > full * FLOOR) throw new RangeError(\`\${sku}: \${off} off \${full} is below the floor\`);
    sum += full - off;`,
          },
          {
            path: "services/pricing/total.js",
            find: "/** Prices are in cents",
            replace: `/** The most that may come off a line. */
const FLOOR = 0.12;

/** Prices are in cents`,
          },
        ],
      },
    },
    { at: FAULT_AT + 45, change: "cart-title-ttl" },
  ],
  rootCause: {
    service: "pricing",
    kind: "service",
    accept: [],
    detail:
      "A commit to pricing throws for every line of three and more whose offer takes off more than 12 %, instead of capping it. promotions, deployed two " +
      "minutes before, is innocent.",
  },
  fixFiles: ["services/pricing/total.js"],
};
