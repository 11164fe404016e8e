import { number } from "../../lib/config.js";
import { createClient } from "../../lib/http-client.js";
import { serve } from "../../lib/http-server.js";
import { recommendationsFor } from "./recommendations.js";

const accounts = createClient("accounts", { timeoutMs: number("ACCOUNTS_TIMEOUT_MS", 1000) });
const search = createClient("search", { timeoutMs: number("SEARCH_TIMEOUT_MS", 1500) });
const cart = createClient("cart", { timeoutMs: number("CART_TIMEOUT_MS", 1500) });
const checkout = createClient("checkout", { timeoutMs: number("CHECKOUT_TIMEOUT_MS", 5000), retries: 0 });

serve({
  "GET /": async ({ query, trace }) => {
    const [session, teasers] = await Promise.all([
      accounts.get(`/sessions/${query.get("session") ?? "s-0"}`, trace),
      search.get("/search?q=jacket", trace),
    ]);
    return { greeting: session.name, teasers: recommendationsFor(session, teasers.hits) };
  },

  "GET /search": ({ query, trace }) => search.get(`/search?q=${encodeURIComponent(query.get("q") ?? "")}`, trace),

  "GET /basket/:id": async ({ params, trace }) => {
    const [basket, quote] = await Promise.all([
      cart.get(`/carts/${params.id}`, trace),
      checkout.post("/quotes", { cart: params.id }, trace),
    ]);
    return { lines: basket.lines, total: quote.total };
  },

  "POST /checkout": ({ body, trace }) => checkout.post("/orders", { cart: body.cart, card: body.card }, trace),

  "GET /account/:id": ({ params, trace }) => accounts.get(`/profiles/${params.id}`, trace),
});
