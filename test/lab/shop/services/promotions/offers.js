import { createCache } from "../../lib/cache.js";
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
