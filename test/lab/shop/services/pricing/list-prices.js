import { createCache } from "../../lib/cache.js";
import { number, text } from "../../lib/config.js";
import { createClient } from "../../lib/http-client.js";

const catalogue = createClient("catalogue", {
  timeoutMs: number("CATALOGUE_TIMEOUT_MS", 800),
  authorization: text("CATALOGUE_KEY"),
});
const cache = createCache({ ttlMs: number("PRICE_CACHE_TTL_MS", 60_000) });

export async function listPrices(lines, trace) {
  const prices = new Map();
  const missing = [];
  for (const { sku } of lines) {
    const price = cache.get(sku);
    if (price === undefined) missing.push(sku);
    else prices.set(sku, price);
  }
  if (missing.length > 0) {
    const { products } = await catalogue.get(`/products?skus=${missing.join(",")}`, trace);
    for (const product of products) {
      cache.set(product.sku, product.price);
      prices.set(product.sku, product.price);
    }
  }
  return prices;
}
