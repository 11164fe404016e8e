import type { Change } from "./edit.ts";
import { setting, shared } from "./setting.ts";

/** A commit of the past, by how long before the recording begins. */
export interface PastCommit extends Change {
  readonly hoursAgo: number;
}

const DAY = 24;

/**
 * How the monorepo came to look as it does, oldest first. The template is the present; each commit is told as the edit that
 * led there, and the builder takes them back one by one to find where it all began.
 */
export const PAST_COMMITS: readonly PastCommit[] = [
  {
    hoursAgo: 44 * DAY,
    author: "ada",
    message: "storefront: give search a second and a half\n\nThe long tail of queries took a little over a second.",
    edits: [setting("storefront", "SEARCH_TIMEOUT_MS", 1000, 1500)],
  },
  {
    hoursAgo: 42.6 * DAY,
    author: "goran",
    message: "lib: say the state of the pool when nothing comes free",
    edits: [
      {
        path: "lib/pool.js",
        find: `free after \${acquireTimeoutMs} ms\``,
        replace: `free after \${acquireTimeoutMs} ms (\${state})\``,
      },
    ],
    branch: "pool-state",
  },
  {
    hoursAgo: 41.2 * DAY,
    author: "chidi",
    message: "promotions: cache campaigns by sku",
    edits: [setting("promotions", "CAMPAIGN_CACHE_TTL_MS", 5000, 20000)],
  },
  {
    hoursAgo: 39.9 * DAY,
    author: "hana",
    message: "search: synonyms for bottle and backpack",
    edits: [
      {
        path: "services/search/synonyms.js",
        find: '  ["bag", "sleeping"],\n]',
        replace: '  ["bag", "sleeping"],\n  ["backpack", "rucksack"],\n  ["bottle", "flask"],\n]',
      },
    ],
  },
  {
    hoursAgo: 38.3 * DAY,
    author: "farah",
    message: "payments: try the gateway once more\n\nThe acquirer asked us to, for 502s of its link.",
    edits: [setting("payments", "GATEWAY_RETRIES", 0, 1)],
    branch: "gateway-retry",
  },
  {
    hoursAgo: 36.8 * DAY,
    author: "dana",
    message: "inventory: reconcile every four minutes",
    edits: [setting("inventory", "RECONCILE_EVERY_SECONDS", 600, 240)],
  },
  {
    hoursAgo: 34.1 * DAY,
    author: "bruno",
    message: "cart: keep titles for half a minute",
    edits: [setting("cart", "TITLE_CACHE_TTL_MS", 10000, 30000)],
  },
  {
    hoursAgo: 33.7 * DAY,
    author: "ines",
    message: "accounts: sessions live 15 s in the cache",
    edits: [setting("accounts", "SESSION_CACHE_TTL_MS", 60000, 15000)],
    branch: "short-sessions",
  },
  {
    hoursAgo: 31.5 * DAY,
    author: "emre",
    message: "notifications: send the digest in slices of 60",
    edits: [setting("notifications", "DIGEST_SLICE", 250, 60)],
  },
  {
    hoursAgo: 30.2 * DAY,
    author: "chidi",
    message: "pricing: hand out offers up to a minute old\n\nA quote must not wait for the offer engine.",
    edits: [setting("pricing", "OFFER_MAX_STALE_MS", 15000, 60000)],
    branch: "stale-offers",
  },
  {
    hoursAgo: 28.9 * DAY,
    author: "goran",
    message: "deploy: log 4 % of requests",
    edits: [shared("logging", "ACCESS_LOG_SAMPLE", "0.10", "0.04")],
  },
  {
    hoursAgo: 27.4 * DAY,
    author: "ada",
    message: "storefront: rank known lines first on the home page",
    edits: [
      {
        path: "services/storefront/recommendations.js",
        find: "const ranked = hits;",
        replace: "const ranked = [...hits].sort((a, b) => Number(known.has(b.line)) - Number(known.has(a.line)));",
      },
    ],
  },
  {
    hoursAgo: 25.6 * DAY,
    author: "bruno",
    message: "checkout: warn about quotes slower than a second",
    edits: [setting("checkout", "SLOW_QUOTE_MS", 2500, 1000)],
  },
  {
    hoursAgo: 24.3 * DAY,
    author: "dana",
    message: "shipping: letter post up to four pieces",
    edits: [{ path: "services/shipping/carriers.js", find: "const LIGHT = 3;", replace: "const LIGHT = 4;" }],
    branch: "letterpost",
  },
  {
    hoursAgo: 22.8 * DAY,
    author: "goran",
    message: "deploy: one statement timeout for all databases",
    edits: [shared("databases", "DB_STATEMENT_TIMEOUT_MS", 5000, 3000)],
  },
  {
    hoursAgo: 21.1 * DAY,
    author: "hana",
    message: "search: cheaper product first among equals",
    edits: [
      {
        path: "services/search/rank.js",
        find: "score(a) - score(b));",
        replace: "score(a) - score(b) || a.price - b.price);",
      },
    ],
  },
  {
    hoursAgo: 19.5 * DAY,
    author: "chidi",
    message: "promotions: two connections a pod are plenty with the cache",
    edits: [setting("promotions", "DB_POOL_SIZE", 6, 2)],
    branch: "smaller-pools",
  },
  {
    hoursAgo: 17.9 * DAY,
    author: "farah",
    message: "payments: wait 1.2 s for the gateway",
    edits: [setting("payments", "GATEWAY_TIMEOUT_MS", 2000, 1200)],
  },
  {
    hoursAgo: 16.2 * DAY,
    author: "emre",
    message: "notifications: name the relay in the greylisting warning",
    edits: [
      {
        path: "services/notifications/send.js",
        find: "greylisted by relay, ",
        replace: "greylisted by relay mx2.northwind.example, ",
      },
    ],
  },
  {
    hoursAgo: 14.7 * DAY,
    author: "ines",
    message: "accounts: warn when a session is about to run out",
    edits: [{ path: "services/accounts/main.js", find: "row.expires_in < 30)", replace: "row.expires_in < 90)" }],
  },
  {
    hoursAgo: 13.1 * DAY,
    author: "chidi",
    message: "pricing: refresh offers every four seconds",
    edits: [setting("pricing", "OFFER_CACHE_TTL_MS", 8000, 4000)],
  },
  {
    hoursAgo: 11.4 * DAY,
    author: "goran",
    message: "lib: spread cache expiry\n\nEntries loaded together no longer run out together.",
    edits: [
      {
        path: "lib/cache.js",
        find: "const spread = () => ttlMs;",
        replace: "const spread = () => ttlMs * (0.85 + Math.random() * 0.3);",
      },
    ],
    branch: "cache-jitter",
  },
  {
    hoursAgo: 9.8 * DAY,
    author: "ada",
    message: "storefront: room for 160 requests a pod",
    edits: [setting("storefront", "MAX_IN_FLIGHT", 120, 160)],
  },
  {
    hoursAgo: 8.3 * DAY,
    author: "bruno",
    message: "cart: do not wait longer than 800 ms for inventory",
    edits: [setting("cart", "INVENTORY_TIMEOUT_MS", 1200, 800)],
  },
  {
    hoursAgo: 7.2 * DAY,
    author: "hana",
    message: "search: rebuild the index a little less often",
    edits: [setting("search", "REBUILD_EVERY_SECONDS", 180, 270)],
  },
  {
    hoursAgo: 6.1 * DAY,
    author: "dana",
    message: "shipping: remind of low label stock",
    edits: [{ path: "services/shipping/main.js", find: "printed % 100 === 0", replace: "printed % 40 === 0" }],
  },
  {
    hoursAgo: 5.0 * DAY,
    author: "farah",
    message: "checkout: give payments three seconds",
    edits: [setting("checkout", "PAYMENTS_TIMEOUT_MS", 2500, 3000)],
    branch: "payments-budget",
  },
  {
    hoursAgo: 3.9 * DAY,
    author: "chidi",
    message: "pricing: list prices may be a minute old",
    edits: [setting("pricing", "PRICE_CACHE_TTL_MS", 30000, 60000)],
  },
  {
    hoursAgo: 2.8 * DAY,
    author: "goran",
    message: "deploy: a database connection within a second or not at all",
    edits: [shared("databases", "DB_POOL_ACQUIRE_TIMEOUT_MS", 1500, 1000)],
  },
  {
    hoursAgo: 2.1 * DAY,
    author: "emre",
    message: "notifications: digest slices every 190 s",
    edits: [setting("notifications", "DIGEST_EVERY_SECONDS", 240, 190)],
  },
  {
    hoursAgo: 1.2 * DAY,
    author: "ines",
    message: "accounts: six connections a pod",
    edits: [setting("accounts", "DB_POOL_SIZE", 4, 6)],
  },
  {
    hoursAgo: 19.3,
    author: "ada",
    message: "storefront: checkout may take five seconds",
    edits: [setting("storefront", "CHECKOUT_TIMEOUT_MS", 4000, 5000)],
  },
  {
    hoursAgo: 6.4,
    author: "bruno",
    message: "checkout: pricing has two seconds to answer",
    edits: [setting("checkout", "PRICING_TIMEOUT_MS", 1500, 2000)],
    branch: "pricing-budget",
  },
  {
    hoursAgo: 3.7,
    author: "hana",
    message: "search: a lamp is a headlamp",
    edits: [
      {
        path: "services/search/synonyms.js",
        find: "const SYNONYMS = new Map([\n",
        replace: 'const SYNONYMS = new Map([\n  ["lamp", "headlamp"],\n',
      },
    ],
  },
  {
    hoursAgo: 0.64,
    author: "dana",
    message: "inventory: eight connections a pod",
    edits: [setting("inventory", "DB_POOL_SIZE", 6, 8)],
  },
  {
    hoursAgo: 0.31,
    author: "emre",
    message: "shipping: 600 ms for the outbox to accept a message",
    edits: [setting("shipping", "NOTIFICATIONS_TIMEOUT_MS", 400, 600)],
  },
];
