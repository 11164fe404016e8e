import { ORDINARY } from "../load/traffic.ts";
import type { Scenario } from "../scenario.ts";

const FAULT_AT = 13 * 60;

export const configDriftByHand: Scenario = {
  name: "config-drift-by-hand",
  summary: "baskets fail; somebody edited the running cart by hand, while git holds what is right",
  family: "config_drift",
  alert: "StorefrontErrorsHigh",
  rate: 20,
  traffic: ORDINARY,
  faultAt: FAULT_AT,
  happenings: [
    { at: 150, change: "catalogue-trim-query" },
    { at: 420, change: "payments-decline-text" },
    { at: FAULT_AT - 75, change: "accounts-since-year" },
    {
      at: FAULT_AT,
      act: { kind: "edit_live", service: "cart", env: { INVENTORY_TIMEOUT_MS: "8" }, by: "emre.yildiz (kubectl-set)" },
    },
    { at: FAULT_AT + 30, change: "pricing-saved-share" },
    { at: FAULT_AT + 65, change: "shipping-log-carrier" },
  ],
  rootCause: {
    service: "cart",
    kind: "service",
    accept: [],
    detail:
      "The running Deployment of cart was edited by hand: INVENTORY_TIMEOUT_MS is 8 there and 800 in git. inventory answers as ever, but cart does " +
      "not wait for it. Syncing cart from git mends it; nothing in git is to be changed.",
  },
  fixFiles: null,
};
