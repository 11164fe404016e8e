import { ORDINARY } from "../load/traffic.ts";
import { shared } from "../monorepo/setting.ts";
import type { Scenario } from "../scenario.ts";

const FAULT_AT = 13 * 60;

export const configDriftSharedFile: Scenario = {
  name: "config-drift-shared-file",
  summary: "orders fail; a value in a config file that six services share gives shipping 10 ms to answer checkout",
  family: "config_drift",
  alert: "StorefrontErrorsHigh",
  rate: 20,
  traffic: ORDINARY,
  faultAt: FAULT_AT,
  happenings: [
    { at: 140, change: "inventory-reconcile-log" },
    { at: 380, change: "catalogue-trim-query" },
    { at: 600, change: "checkout-order-currency" },
    { at: FAULT_AT - 55, change: "payments-decline-text" },
    {
      at: FAULT_AT,
      culprit: true,
      change: {
        author: "dana",
        message:
          "deploy: client budgets from the service levels\n\nA caller waits for as long as the callee promises, see the table of last quarter.",
        edits: [
          shared("http-clients", "CART_TIMEOUT_MS", 1500, 1200),
          shared("http-clients", "ACCOUNTS_TIMEOUT_MS", 1000, 900),
          shared("http-clients", "SHIPPING_TIMEOUT_MS", 1500, 5),
        ],
      },
    },
    { at: FAULT_AT + 45, change: "accounts-since-year" },
    { at: FAULT_AT + 70, change: "notifications-workers" },
  ],
  rootCause: {
    service: "checkout",
    kind: "service",
    accept: [],
    detail:
      "SHIPPING_TIMEOUT_MS in the shared http-clients config went from 1500 to less than shipping takes. Only checkout reads it; shipping answers as " +
      "ever, but checkout gives up before that, twice, and orders fail.",
  },
  fixFiles: ["deploy/config/http-clients.yaml"],
};
