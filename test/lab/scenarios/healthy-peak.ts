import { peak } from "../load/traffic.ts";
import type { Scenario } from "../scenario.ts";

const PEAK_AT = 14 * 60;

export const healthyPeak: Scenario = {
  name: "healthy-peak",
  summary: "storefront gets twice its usual traffic and copes; nothing is broken",
  family: "no_fault",
  alert: "StorefrontTrafficHigh",
  rate: 20,
  traffic: peak(PEAK_AT, 150, 2.1),
  faultAt: PEAK_AT,
  happenings: [
    { at: 110, change: "shipping-log-carrier" },
    { at: 350, change: "inventory-reconcile-log" },
    { at: 560, change: "pricing-saved-share" },
    { at: 760, change: "storefront-eight-teasers" },
    { at: PEAK_AT + 60, change: "cart-title-ttl" },
  ],
  rootCause: null,
  fixFiles: null,
};
