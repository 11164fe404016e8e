/** Who is in the estate. Who calls whom is written in the monorepo's catalog-info.yaml. */
export const SERVICES = [
  "storefront",
  "checkout",
  "cart",
  "search",
  "accounts",
  "pricing",
  "payments",
  "shipping",
  "promotions",
  "catalogue",
  "inventory",
  "notifications",
] as const;

export type Service = (typeof SERVICES)[number];

/** What the services lean on but the monorepo does not deploy. */
export const RESOURCES = ["offers-db", "stock-db", "accounts-db", "card-gateway", "media-store"] as const;

export type ResourceName = (typeof RESOURCES)[number];

/** Where customers come in, so where load goes in and alerts go off. */
export const FRONT: Service = "storefront";
