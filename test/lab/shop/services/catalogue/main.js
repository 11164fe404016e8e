import { HttpError } from "../../lib/errors.js";
import { serve } from "../../lib/http-server.js";
import { readObject } from "../../lib/object-store.js";
import { BY_SKU, PRODUCTS } from "../../lib/products.js";
import { matches } from "./matches.js";

serve({
  "GET /products": async ({ query }) => {
    const skus = (query.get("skus") ?? "").split(",");
    await readObject("page");
    return { products: skus.flatMap((sku) => BY_SKU.get(sku) ?? []) };
  },

  "GET /products/:sku": async ({ params }) => {
    const product = BY_SKU.get(params.sku);
    if (product === undefined) throw new HttpError(404, `no product ${params.sku}`);
    await readObject("page");
    return product;
  },

  "GET /listing": async ({ query }) => {
    await readObject("listing");
    return { products: PRODUCTS.filter((product) => matches(product, query.get("q") ?? "")) };
  },
});
