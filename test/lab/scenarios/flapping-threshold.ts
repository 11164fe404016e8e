import { ORDINARY } from "../load/traffic.ts";
import type { Scenario } from "../scenario.ts";

const FROM = 13 * 60;

export const flappingThreshold: Scenario = {
  name: "flapping-threshold",
  summary: "an alert's threshold lies within what the outbox does every few minutes; nothing is broken",
  family: "no_fault",
  alert: "OutboxDeep",
  rate: 20,
  traffic: ORDINARY,
  faultAt: FROM,
  rules: [
    {
      alert: "OutboxDeep",
      expr: 'max by (service, namespace) (queue_depth{service="notifications"}) > 20',
      for: "0s",
      labels: { severity: "page", cluster: "eu-north-1-prod" },
      annotations: {
        summary: "notifications: {{ $value }} messages wait in the outbox",
        description: "More than 20 messages wait to be sent.",
        runbook_url: "https://wiki.northwind.example/display/OPS/Notifications",
      },
    },
  ],
  happenings: [
    { at: 150, change: "catalogue-trim-query" },
    { at: 420, change: "accounts-since-year" },
    { at: 660, change: "shipping-log-carrier" },
    { at: FROM - 40, change: "pricing-saved-share" },
  ],
  rootCause: null,
  fixFiles: null,
};
