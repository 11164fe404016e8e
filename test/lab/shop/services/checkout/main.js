import { number } from "../../lib/config.js";
import { createClient } from "../../lib/http-client.js";
import { serve } from "../../lib/http-server.js";
import { createLogger } from "../../lib/logger.js";
import { createOrder } from "./order.js";

const log = createLogger("checkout.quotes");
const cart = createClient("cart", { timeoutMs: number("CART_TIMEOUT_MS", 1500) });
const pricing = createClient("pricing", { timeoutMs: number("PRICING_TIMEOUT_MS", 2000) });
const payments = createClient("payments", { timeoutMs: number("PAYMENTS_TIMEOUT_MS", 3000), retries: 0 });
const shipping = createClient("shipping", { timeoutMs: number("SHIPPING_TIMEOUT_MS", 1500) });

const slowQuoteMs = number("SLOW_QUOTE_MS", 1000);

async function quote(cartId, trace) {
  const started = performance.now();
  const basket = await cart.get(`/carts/${cartId}`, trace);
  const priced = await pricing.post("/quotes", { lines: basket.lines }, trace);
  const ms = Math.round(performance.now() - started);
  if (ms > slowQuoteMs) log.warn(`slow quote: ${basket.lines.length} lines took ${ms} ms`, trace);
  return { lines: basket.lines, ...priced };
}

serve({
  "POST /quotes": ({ body, trace }) => quote(body.cart, trace),

  "POST /orders": async ({ body, trace }) => {
    const priced = await quote(body.cart, trace);
    const payment = await payments.post("/payments", { amount: priced.total, card: body.card }, trace);
    const shipment = await shipping.post("/shipments", { lines: priced.lines }, trace);
    return createOrder(body.cart, priced, payment, shipment);
  },
});
