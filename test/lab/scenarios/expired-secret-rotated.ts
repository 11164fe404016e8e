import { ORDINARY } from "../load/traffic.ts";
import type { Scenario } from "../scenario.ts";

const ROTATED_AT = 400;
const WITHDRAWN_AT = 13 * 60;

export const expiredSecretRotated: Scenario = {
  name: "expired-secret-rotated",
  summary: "baskets fail; the key for catalogue was rotated, and cart still holds the version that is now withdrawn",
  family: "expired_secret",
  alert: "StorefrontErrorsHigh",
  rate: 20,
  traffic: ORDINARY,
  faultAt: WITHDRAWN_AT,
  happenings: [
    { at: 140, change: "cart-title-ttl" },
    { at: 270, change: "payments-decline-text" },
    {
      at: ROTATED_AT,
      act: {
        kind: "rotate",
        secret: "catalogue-clients",
        withdrawnAfterSeconds: WITHDRAWN_AT - ROTATED_AT,
        restarts: ["pricing", "search"],
      },
    },
    { at: 560, change: "accounts-since-year" },
    { at: WITHDRAWN_AT - 45, change: "inventory-reconcile-log" },
    { at: WITHDRAWN_AT + 60, change: "promotions-readme" },
  ],
  rootCause: {
    service: "cart",
    kind: "service",
    accept: [],
    detail:
      "The client key for catalogue was rotated. pricing and search were restarted and hold the new version; cart was not, and the version that it read when " +
      "it started is withdrawn. Restarting cart mends it; nothing in git is to be changed.",
  },
  fixFiles: null,
};
