import { peak } from "../load/traffic.ts";
import type { Scenario } from "../scenario.ts";

const PEAK_AT = 13 * 60;
const TIGHTENED =
  "search: requests and limits as they were measured\n\nOver four weeks no pod used more than a twelfth of a core.";

export const undersizedCpuLimit: Scenario = {
  name: "undersized-cpu-limit",
  summary: "traffic doubles; search is held by its CPU limit, and its autoscaler sees no reason to add a pod",
  family: "undersized_hpa",
  alert: "StorefrontLatencyHigh",
  rate: 20,
  traffic: peak(PEAK_AT, 100, 2.1),
  alertsOfTraffic: ["StorefrontTrafficHigh"],
  faultAt: PEAK_AT,
  past: () => ({
    commits: [
      {
        hoursAgo: 23 * 24,
        author: "hana",
        message: TIGHTENED,
        edits: [
          { path: "deploy/search.yaml", find: "requests: { cpu: 400m,", replace: "requests: { cpu: 100m," },
          { path: "deploy/search.yaml", find: "limits: { cpu: 600m,", replace: "limits: { cpu: 100m," },
          {
            path: "deploy/hpa/search.yaml",
            find: "averageUtilization: 90",
            replace: "averageUtilization: 120",
          },
        ],
        branch: "search-resources",
      },
    ],
    culprit: TIGHTENED,
  }),
  happenings: [
    { at: 160, change: "pricing-saved-share" },
    { at: 400, change: "payments-decline-text" },
    { at: 640, change: "inventory-reconcile-log" },
    { at: PEAK_AT - 50, change: "storefront-eight-teasers" },
    { at: PEAK_AT + 80, change: "accounts-since-year" },
  ],
  rootCause: {
    service: "search",
    kind: "service",
    accept: [],
    detail:
      "search may use a tenth of a core a pod and is throttled: queries queue. Its autoscaler aims at 120 % of the request, which the limit never lets " +
      "it reach, so that it stays at two pods. The limit in deploy/search.yaml is too low.",
  },
  fixFiles: ["deploy/search.yaml"],
};
