import { ORDINARY } from "../load/traffic.ts";
import type { Scenario } from "../scenario.ts";

const EXPIRES_AT = 13 * 60;

export const expiredSecretDatabase: Scenario = {
  name: "expired-secret-database",
  summary:
    "baskets and orders fail; the password that inventory shows to stock-db has run out, with no deployment near",
  family: "expired_secret",
  alert: "StorefrontErrorsHigh",
  rate: 20,
  traffic: ORDINARY,
  faultAt: EXPIRES_AT,
  expiries: { "stock-db": EXPIRES_AT },
  happenings: [
    { at: 100, change: "shipping-log-carrier" },
    { at: 260, change: "inventory-reconcile-log" },
    { at: 390, change: "search-rank-prefix" },
    { at: EXPIRES_AT + 75, change: "checkout-order-currency" },
  ],
  rootCause: {
    service: "inventory",
    kind: "service",
    accept: ["stock-db"],
    detail:
      "The password of the user with which inventory reads stock-db ran out. The database refuses it from one second to the next; cart and checkout carry " +
      "it up to storefront. A new password is needed; nothing in git is to be changed.",
  },
  fixFiles: null,
};
