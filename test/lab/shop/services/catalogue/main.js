import { clientKeys } from "../../lib/client-keys.js";
import { HttpError } from "../../lib/errors.js";
import { serve } from "../../lib/http-server.js";
import { readObject } from "../../lib/object-store.js";
import { BY_SKU, PRODUCTS } from "../../lib/products.js";
import { matches } from "./matches.js";

const routes = {
  "GET /products": async ({ query, trace }) => {
    const skus = (query.get("skus") ?? "").split(",");
    await readObject("pages/products", trace);
    return { products: skus.flatMap((sku) => BY_SKU.get(sku) ?? []) };
  },

  "GET /products/:sku": async ({ params, trace }) => {
    const product = BY_SKU.get(params.sku);
    if (product === undefined) throw new HttpError(404, `no product ${params.sku}`);
    await readObject("pages/products", trace);
    return product;
  },

  "GET /listing": async ({ query, trace }) => {
    await readObject("pages/listing", trace);
    return { products: PRODUCTS.filter((product) => matches(product, query.get("q") ?? "")) };
  },
};

serve(routes, { admit: clientKeys("catalogue-clients") });
