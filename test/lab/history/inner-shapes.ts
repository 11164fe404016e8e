import { changed, restarted, reverted, type Shape, waited } from "./shape.ts";

interface Trouble {
  readonly service: string;
  /** What its deployments broke. */
  readonly broken: readonly string[];
  /** Which setting turned out too small, and how that was mended. */
  readonly tight: readonly (readonly [what: string, fix: string])[];
  /** What it leans on that fails now and then. */
  readonly elsewhere: string;
}

const TROUBLES: readonly Trouble[] = [
  {
    service: "checkout",
    broken: ["order ids not unique across pods", "quote computed twice for each order"],
    tight: [["pricing answered after the timeout", "raised PRICING_TIMEOUT_MS"]],
    elsewhere: "promotions: pool of connections to offers-db exhausted",
  },
  {
    service: "pricing",
    broken: ["rounding threw for free items", "offers fetched again for every line"],
    tight: [["offers older than the limit while promotions was slow", "raised OFFER_MAX_STALE_MS"]],
    elsewhere: "promotions: slow answers from the offer engine",
  },
  {
    service: "promotions",
    broken: [
      "pool of connections to offers-db exhausted after a deployment",
      "rules read once a campaign instead of once a request",
    ],
    tight: [["pool of connections too small for the campaign season", "raised DB_POOL_SIZE"]],
    elsewhere: "offers-db: autovacuum on the campaigns table",
  },
  {
    service: "cart",
    broken: ["titles loaded one by one", "basket ids with a dash refused"],
    tight: [["inventory answered after the timeout", "raised INVENTORY_TIMEOUT_MS"]],
    elsewhere: "stock-db: failover to the standby",
  },
  {
    service: "search",
    broken: ["synonyms expanded without a bound", "ranking threw on products without a price"],
    tight: [["index rebuild too often", "raised REBUILD_EVERY_SECONDS"]],
    elsewhere: "catalogue: object store slow",
  },
  {
    service: "accounts",
    broken: ["session cache keyed by name", "profile query without its index"],
    tight: [["pool of connections too small in the morning", "raised DB_POOL_SIZE"]],
    elsewhere: "accounts-db: failover to the standby",
  },
  {
    service: "payments",
    broken: ["amounts sent in euros instead of cents", "idempotency key left out"],
    tight: [["gateway answered after the timeout", "raised GATEWAY_TIMEOUT_MS"]],
    elsewhere: "card-gateway: outage at the acquirer",
  },
  {
    service: "shipping",
    broken: ["carrier of heavy parcels unknown", "labels printed twice"],
    tight: [["outbox accepted too slowly", "raised NOTIFICATIONS_TIMEOUT_MS"]],
    elsewhere: "notifications: outbox full",
  },
  {
    service: "catalogue",
    broken: ["listing scanned the whole range for each word", "pages read twice"],
    tight: [["too few requests in flight allowed", "raised MAX_IN_FLIGHT"]],
    elsewhere: "object store: elevated latency in the region",
  },
  {
    service: "inventory",
    broken: ["availability asked a query a line", "reconciliation ran on both pods at once"],
    tight: [["pool of connections shared with the reconciliation", "raised DB_POOL_SIZE"]],
    elsewhere: "stock-db: lock waits during the ledger's month end",
  },
  {
    service: "notifications",
    broken: ["digest sent to everybody twice", "retries without a pause"],
    tight: [["too few workers for the digest", "raised SEND_WORKERS"]],
    elsewhere: "mail relay: greylisting after a change of address",
  },
];

const QUOTES = new Set(["checkout", "pricing"]);

/** Tickets of the services behind the storefront: errors, slow quotes, memory, crashes. */
export const INNER_SHAPES: readonly Shape[] = TROUBLES.flatMap((trouble) => {
  const { service } = trouble;
  const causes = [
    ...trouble.broken.map((what, index) => reverted(4 - index, service, what)),
    ...trouble.tight.map(([what, fix]) => changed(3, service, what, fix)),
    waited(4, trouble.elsewhere, "resolved by itself when the dependency recovered"),
    restarted(2, service, "connections stuck after a network blip"),
  ];
  const shapes: Shape[] = [
    {
      alert: "ErrorRatioHigh",
      service,
      severity: "ticket",
      summary: `${service}: {percent} of requests fail`,
      perYear: 44,
      when: "office",
      courses: causes,
    },
    {
      alert: "MemoryHigh",
      service,
      severity: "ticket",
      summary: `${service}: a pod uses {memory} MiB`,
      perYear: 14,
      when: "any",
      courses: [
        restarted(5, service, "heap grows with the age of the pod", 0.6),
        changed(3, service, "cache without a bound", "bounded the cache", 0.95),
        changed(2, service, "memory limit too close to what is normal", "raised the memory limit", 0.9),
      ],
    },
    {
      alert: "PodCrashLooping",
      service,
      severity: "ticket",
      summary: `${service}: a pod restarted {count} times in ten minutes`,
      perYear: 11,
      when: "office",
      courses: [
        reverted(5, service, "does not start: a setting is missing from the manifest"),
        changed(3, service, "killed for its memory while starting", "raised the memory limit"),
        waited(2, "node: disk pressure on the node", "pods moved to another node", 22),
      ],
    },
  ];
  if (QUOTES.has(service)) {
    shapes.push({
      alert: "QuoteLatencyHigh",
      service,
      severity: "ticket",
      summary: `${service}: p99 latency is {seconds} s`,
      perYear: 34,
      when: "office",
      courses: [...causes, reverted(4, "promotions", "pool of connections to offers-db exhausted after a deployment")],
    });
  }
  return shapes;
});
