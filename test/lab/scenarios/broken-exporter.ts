import { ORDINARY } from "../load/traffic.ts";
import type { Scenario } from "../scenario.ts";

const FROM = 13 * 60;

export const brokenExporter: Scenario = {
  name: "broken-exporter",
  summary: "a new exporter of accounts-db takes milliseconds for seconds; the database and who uses it are as ever",
  family: "no_fault",
  alert: "DatabaseLatencyHigh",
  rate: 20,
  traffic: ORDINARY,
  faultAt: FROM,
  rules: [
    {
      alert: "DatabaseLatencyHigh",
      expr: 'histogram_quantile(0.99, sum by (service, namespace, le) (rate(http_request_duration_seconds_bucket{service=~".+-db"}[1m]))) > 0.5',
      for: "30s",
      labels: { severity: "page", cluster: "eu-north-1-prod" },
      annotations: {
        summary: "{{ $labels.service }}: 1 % of statements take longer than {{ $value | humanizeDuration }}",
        description: "The 99th percentile of {{ $labels.service }}'s latency over the last minute is above 500 ms.",
        runbook_url: "https://wiki.northwind.example/display/OPS/Databases",
      },
    },
  ],
  happenings: [
    { at: 140, change: "shipping-log-carrier" },
    { at: 400, change: "search-rank-prefix" },
    { at: 630, change: "cart-title-ttl" },
    { at: FROM - 65, change: "accounts-since-year" },
    { at: FROM, act: { kind: "resource", resource: "accounts-db", mode: "exporter" } },
    { at: FROM + 30, change: "payments-decline-text" },
  ],
  rootCause: null,
  fixFiles: null,
};
