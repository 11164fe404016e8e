import { createHash } from "node:crypto";
import { PRODUCTS } from "../../lib/products.js";

/** Baskets are kept in the customer's token; the id carries what is in them. */
export function linesOf(cart) {
  const bytes = createHash("sha256").update(cart).digest();
  const count = 3 + (bytes[0] % 4);
  const lines = [];
  for (let index = 0; index < count; index += 1) {
    const product = PRODUCTS[bytes[index + 1] % PRODUCTS.length];
    lines.push({ sku: product.sku, quantity: 1 + (bytes[index + 10] % 3) });
  }
  return lines;
}
