import { createCache } from "../../lib/cache.js";
import { number, text } from "../../lib/config.js";
import { createClient } from "../../lib/http-client.js";
import { serve } from "../../lib/http-server.js";
import { linesOf } from "./lines.js";

const inventory = createClient("inventory", { timeoutMs: number("INVENTORY_TIMEOUT_MS", 800) });
const catalogue = createClient("catalogue", {
  timeoutMs: number("CATALOGUE_TIMEOUT_MS", 800),
  authorization: text("CATALOGUE_KEY"),
});
const titles = createCache({ ttlMs: number("TITLE_CACHE_TTL_MS", 30_000) });

serve({
  "GET /carts/:id": async ({ params, trace }) => {
    const lines = linesOf(params.id);
    const [stock] = await Promise.all([inventory.post("/availability", { lines }, trace), loadTitles(lines, trace)]);
    return {
      cart: params.id,
      lines: lines.map((line, index) => ({
        ...line,
        title: titles.getStale(line.sku, Number.POSITIVE_INFINITY),
        available: stock.available[index],
      })),
    };
  },
});

async function loadTitles(lines, trace) {
  const missing = lines.filter(({ sku }) => titles.get(sku) === undefined).map(({ sku }) => sku);
  if (missing.length === 0) return;
  const { products } = await catalogue.get(`/products?skus=${missing.join(",")}`, trace);
  for (const product of products) titles.set(product.sku, product.title);
}
