import type { Change } from "./edit.ts";
import { setting } from "./setting.ts";

/**
 * Changes that do no harm, to be rolled out around a fault. Each touches a place of its own, so that any of them can be
 * combined in any order.
 */
export const INNOCENT_COMMITS = {
  "pricing-saved-share": {
    author: "chidi",
    message: "pricing: tell what share of a quote was saved",
    edits: [
      {
        path: "services/pricing/total.js",
        find: "return { total: sum, saved };",
        replace: "return { total: sum, saved, share: saved === 0 ? 0 : saved / (sum + saved) };",
      },
    ],
  },
  "catalogue-trim-query": {
    author: "hana",
    message: "catalogue: ignore blanks around a query",
    edits: [
      {
        path: "services/catalogue/matches.js",
        find: "  return query\n    .toLowerCase()",
        replace: "  return query\n    .trim()\n    .toLowerCase()",
      },
    ],
  },
  "cart-title-ttl": {
    author: "bruno",
    message: "cart: keep titles for 45 s",
    edits: [setting("cart", "TITLE_CACHE_TTL_MS", 30000, 45000)],
  },
  "shipping-log-carrier": {
    author: "dana",
    message: "shipping: log the carrier of each shipment",
    edits: [
      {
        path: "services/shipping/main.js",
        find: "    return { id, carrier };",
        replace: `    if (printed % 20 === 0) log.info(\`shipment \${id} goes by \${carrier}\`, trace);\n    return { id, carrier };`,
      },
    ],
  },
  "search-rank-prefix": {
    author: "hana",
    message: "search: prefer titles that start with the query",
    edits: [
      {
        path: "services/search/rank.js",
        find: "(product.title.toLowerCase() === wanted ? 0 : 1)",
        replace: "(product.title.toLowerCase().startsWith(wanted) ? 0 : 1)",
      },
    ],
  },
  "checkout-order-currency": {
    author: "bruno",
    message: "checkout: orders carry their currency",
    edits: [
      {
        path: "services/checkout/order.js",
        find: "    total: priced.total,",
        replace: '    total: priced.total,\n    currency: "EUR",',
      },
    ],
  },
  "accounts-since-year": {
    author: "ines",
    message: "accounts: profiles say since when, as text",
    edits: [{ path: "services/accounts/main.js", find: "since: row.since }", replace: "since: String(row.since) }" }],
  },
  "notifications-workers": {
    author: "emre",
    message: "notifications: a third worker for the outbox",
    edits: [setting("notifications", "SEND_WORKERS", 2, 3)],
  },
  "inventory-reconcile-log": {
    author: "dana",
    message: "inventory: say which ledger was compared",
    edits: [
      {
        path: "services/inventory/reconcile.js",
        find: "log.info(`reconciliation done, ",
        replace: "log.info(`reconciliation against ledger L2 done, ",
      },
    ],
  },
  "storefront-eight-teasers": {
    author: "ada",
    message: "storefront: eight teasers instead of six",
    edits: [{ path: "services/storefront/recommendations.js", find: "slice(0, 6)", replace: "slice(0, 8)" }],
  },
  "payments-decline-text": {
    author: "farah",
    message: "payments: shorter text for declines",
    edits: [
      {
        path: "services/payments/main.js",
        find: "authorisation declined by issuer: ",
        replace: "declined by issuer: ",
      },
    ],
  },
  "promotions-readme": {
    author: "chidi",
    message: "promotions: say where campaigns are edited",
    edits: [
      {
        path: "services/promotions/README.md",
        find: "Owner: team commerce.",
        replace: "Campaigns are edited in the back office.\n\nOwner: team commerce.",
      },
    ],
  },
} as const satisfies Readonly<Record<string, Change>>;

export type InnocentCommit = keyof typeof INNOCENT_COMMITS;
