import { ORDINARY } from "../load/traffic.ts";
import type { Scenario } from "../scenario.ts";

const FAULT_AT = 15 * 60;

/** One query for all lines and a cache become a query a line and one a campaign, on connections held throughout. */
const PER_LINE_OFFERS = `import { connectDatabase } from "../../lib/database.js";
import { bestOffer } from "./best-offer.js";

const database = connectDatabase("offers-db");

/** The best running offer for each line, by the rules that hold at this moment. */
export async function resolveOffers(lines, trace) {
  return Promise.all(lines.map((line) => resolveLine(line, trace)));
}

function resolveLine(line, trace) {
  return database.session(async (query) => {
    const campaigns = [];
    for (const campaign of await query("campaigns_by_sku", { sku: line.sku })) {
      campaigns.push({ ...campaign, rules: await query("rules_by_campaign", { campaign: campaign.id }) });
    }
    return bestOffer(line, campaigns);
  }, trace);
}
`;

const CACHED_OFFERS = `import { createCache } from "../../lib/cache.js";
import { number } from "../../lib/config.js";
import { connectDatabase } from "../../lib/database.js";
import { bestOffer } from "./best-offer.js";

const database = connectDatabase("offers-db");
const cache = createCache({ ttlMs: number("CAMPAIGN_CACHE_TTL_MS", 20_000) });

/** The best running offer for each line. */
export async function resolveOffers(lines, trace) {
  const skus = [...new Set(lines.map((line) => line.sku))];
  const missing = skus.filter((sku) => cache.get(sku) === undefined);
  if (missing.length > 0) {
    const rows = await database.query("campaigns_with_rules_by_skus", { skus: missing }, trace);
    for (const row of rows) cache.set(row.sku, row.campaigns);
  }
  return lines.map((line) => bestOffer(line, cache.getStale(line.sku, Number.POSITIVE_INFINITY) ?? []));
}
`;

export const badDeploymentThreeHops: Scenario = {
  name: "bad-deployment-three-hops",
  summary: "storefront is slow; a commit to promotions, three hops below, exhausts its own connection pool",
  family: "bad_deployment",
  alert: "StorefrontLatencyHigh",
  rate: 20,
  traffic: ORDINARY,
  faultAt: FAULT_AT,
  happenings: [
    { at: 130, change: "catalogue-trim-query" },
    { at: 390, change: "pricing-saved-share" },
    { at: 640, change: "cart-title-ttl" },
    { at: 800, change: "accounts-since-year" },
    {
      at: FAULT_AT,
      culprit: true,
      change: {
        author: "chidi",
        message:
          "promotions: resolve offers per line item\n\nOffers now see the rules as they are when a line is priced, and the code gets shorter.",
        edits: [{ path: "services/promotions/offers.js", find: CACHED_OFFERS, replace: PER_LINE_OFFERS }],
      },
    },
    { at: FAULT_AT + 40, change: "checkout-order-currency" },
    { at: FAULT_AT + 75, change: "search-rank-prefix" },
  ],
  rootCause: {
    service: "promotions",
    kind: "service",
    accept: [],
    detail:
      "A commit to promotions resolves offers per line item: a query a line and one a campaign, on a connection held throughout, with no cache. " +
      "Its pool of connections to offers-db runs out, requests time out, and pricing and checkout carry it up to storefront.",
  },
  fixFiles: ["services/promotions/offers.js"],
};
