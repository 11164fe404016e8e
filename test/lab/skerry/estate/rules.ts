/** An alerting rule: a signal above (or below) a bound for so long. All of them watch in every recording. */
export interface Rule {
  readonly alert: string;
  readonly service: string;
  readonly signal: string;
  readonly above: number;
  readonly forSeconds: number;
  readonly summary: (value: string) => string;
  readonly description: string;
  readonly expr: string;
}

const percent = (value: string): string => `${(Number(value) * 100).toFixed(1)} %`;
const seconds = (value: string): string => `${Number(value).toFixed(2)} s`;

const errors = (alert: string, service: string, above: number, forSeconds: number, expr: string): Rule => ({
  ...{ alert, service, signal: "error_ratio", above, forSeconds, expr },
  summary: (value) => `${service}: ${percent(value)} of requests end in a server error`,
  description: `More than ${above * 100} % for ${forSeconds / 60} min.`,
});
const slow = (alert: string, service: string, above: number, expr: string): Rule => ({
  ...{ alert, service, signal: "latency_p99_seconds", above, forSeconds: 120, expr },
  summary: (value) => `${service}: 1 % of requests take longer than ${seconds(value)}`,
  description: `p99 above ${above} s for 2 min.`,
});
const backlog = (alert: string, service: string): Rule => ({
  ...{ alert, service, signal: "queue_depth", above: 60, forSeconds: 120 },
  summary: (value) => `${service}: ${Number(value).toFixed(0)} messages of booking-events wait`,
  description: "The reader does not keep up, or does not read at all.",
  expr: `sum(kafka_consumergroup_lag{consumergroup="${service}"}) > 60`,
});

const java = (service: string) => `http_server_requests_seconds_count{application="${service}",outcome="SERVER_ERROR"}`;
const python = (service: string) => `http_requests_total{job="${service}",status="5xx"}`;
const go = (service: string) =>
  `http_server_request_duration_seconds_count{service_name="${service}",http_response_status_code=~"5.."}`;

const CRASHES: readonly Rule[] = ["fare-engine", "sailings", "availability", "document-render"].map((service) => ({
  ...{ alert: "ContainerRestartsOften", service, signal: "container_restarts", above: 2, forSeconds: 0 },
  summary: (value) => `${service}: its containers were restarted ${value} times`,
  description: "Three restarts of one workload within the hour.",
  expr: `increase(kube_pod_container_status_restarts_total{container="${service}"}[1h]) > 2`,
}));

export const RULES: readonly Rule[] = [
  errors(
    "EdgeErrorBudgetBurn",
    "edge-gateway",
    0.04,
    120,
    'sum(rate(envoy_cluster_upstream_rq_xx{envoy_response_code_class="5"}[1m]))',
  ),
  slow("EdgeLatencyHigh", "edge-gateway", 3, "histogram_quantile(0.99, envoy_http_downstream_rq_time_bucket)"),
  errors("BookingFailuresHigh", "reservations", 0.08, 60, `sum(rate(${java("reservations")}[1m]))`),
  slow("BookingLatencyHigh", "reservations", 3.5, "histogram_quantile(0.99, http_server_requests_seconds_bucket)"),
  errors("QuoteFailuresHigh", "fare-engine", 0.08, 60, `sum(rate(${python("fare-engine")}[1m]))`),
  errors("MemberLookupFailuresHigh", "loyalty", 0.08, 60, `sum(rate(${python("loyalty")}[1m]))`),
  errors("AuthorisationFailuresHigh", "payments-bridge", 0.1, 60, `sum(rate(${go("payments-bridge")}[1m]))`),
  slow("SearchLatencyHigh", "sailings", 2, "histogram_quantile(0.99, http_server_requests_seconds_bucket)"),
  slow("HoldLatencyHigh", "availability", 1.2, "histogram_quantile(0.99, http_server_request_duration_seconds_bucket)"),
  backlog("NotificationBacklog", "notify"),
  backlog("ManifestBacklog", "vessel-manifest"),
  {
    ...{
      alert: "EdgeClientErrorsHigh",
      service: "edge-gateway",
      signal: "client_error_ratio",
      above: 0.15,
      forSeconds: 120,
    },
    summary: (value) => `edge-gateway: ${percent(value)} of requests are answered with 4xx`,
    description: "Customers get answers that they cannot use.",
    expr: 'sum(rate(envoy_cluster_upstream_rq_xx{envoy_response_code_class="4"}[1m]))',
  },
  {
    ...{ alert: "EdgeTrafficHigh", service: "edge-gateway", signal: "requests_per_second", above: 15, forSeconds: 120 },
    summary: (value) => `edge-gateway: ${Number(value).toFixed(1)} requests per second`,
    description: "Far more than is usual at this time of day.",
    expr: "sum(rate(envoy_http_downstream_rq_total[1m])) > 15",
  },
  {
    ...{
      alert: "DeploymentReplicasMismatch",
      service: "payments-bridge",
      signal: "unavailable_replicas",
      above: 0,
      forSeconds: 240,
    },
    summary: (value) => `payments-bridge: ${value} replicas of its newest revision are not available`,
    description: "The roll-out does not get on.",
    expr: "kube_deployment_spec_replicas - kube_deployment_status_replicas_updated > 0",
  },
  ...CRASHES,
];
