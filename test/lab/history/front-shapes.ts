import { changed, restarted, reverted, type Shape, waited } from "./shape.ts";

/** What the storefront's own alerts were about, over the years. */
export const FRONT_SHAPES: readonly Shape[] = [
  {
    alert: "StorefrontLatencyHigh",
    service: "storefront",
    severity: "page",
    summary: "storefront: 1 % of requests take longer than {seconds} s",
    perYear: 44,
    when: "office",
    courses: [
      reverted(3, "promotions", "pool of connections to offers-db exhausted after a deployment", 0.95),
      restarted(1.5, "promotions", "pool of connections to offers-db exhausted after a deployment", 0.1),
      changed(2, "promotions", "offers resolved one query at a time", "batched the queries and raised the pool", 0.8),
      reverted(4, "pricing", "cache of list prices dropped by a deployment, stampede on catalogue"),
      reverted(4, "checkout", "payments called before the quote was known, in sequence"),
      changed(5, "search", "index rebuild took the CPU of the query threads", "rebuild throttled"),
      changed(4, "inventory", "reconciliation held locks in stock-db", "reconciliation in smaller steps"),
      waited(7, "card-gateway: acquirer slow", "waited for the acquirer, status page followed"),
      changed(4, "accounts", "sessions read without an index", "index added to accounts-db"),
      changed(3, "storefront", "too few requests in flight allowed at peak", "raised MAX_IN_FLIGHT"),
      restarted(4, "cart", "event loop blocked by large baskets"),
      reverted(4, "storefront", "teasers fetched one after the other"),
    ],
  },
  {
    alert: "StorefrontTrafficHigh",
    service: "storefront",
    severity: "page",
    summary: "storefront: {rate} requests per second",
    perYear: 31,
    when: "season",
    courses: [
      waited(30, "none: traffic peak, all services within their limits", "no action, traffic peak", 38),
      waited(6, "none: newsletter sent to all customers at once", "no action, traffic peak", 26),
      waited(3, "storefront: scraper on the search pages", "blocked the scraper at the edge", 47),
      changed(2, "storefront", "peak above the capacity of two pods", "raised replicas of storefront to 4", 0.9),
    ],
  },
  {
    alert: "ErrorRatioHigh",
    service: "storefront",
    severity: "ticket",
    summary: "storefront: {percent} of requests fail",
    perYear: 38,
    when: "office",
    courses: [
      reverted(6, "checkout", "orders without a shipment refused after a deployment"),
      reverted(4, "promotions", "pool of connections to offers-db exhausted after a deployment"),
      waited(6, "card-gateway: outage at the acquirer", "waited for the acquirer, status page followed", 63),
      changed(4, "search", "timeout shorter than the slowest query", "raised SEARCH_TIMEOUT_MS"),
      restarted(4, "accounts", "connections to accounts-db stale after a failover", 0.8),
      reverted(5, "storefront", "template failed for baskets without lines"),
    ],
  },
];
