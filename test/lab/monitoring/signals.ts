/** How each signal of a recording is asked of Prometheus. */
const WINDOW = "30s";

function rate(metric: string, selector = ""): string {
  return `sum by (service) (rate(${metric}${selector}[${WINDOW}]))`;
}

function quantile(q: number): string {
  const buckets = `sum by (service, le) (rate(http_request_duration_seconds_bucket[${WINDOW}]))`;
  return `histogram_quantile(${q}, ${buckets})`;
}

const requests = rate("http_requests_total");
const lookups = rate("cache_lookups_total");

export const SIGNALS: Readonly<Record<string, string>> = {
  requests_per_second: requests,
  error_ratio: `(${rate("http_requests_total", '{code=~"5.."}')} or 0 * ${requests}) / ${requests}`,
  latency_p50_seconds: quantile(0.5),
  latency_p99_seconds: quantile(0.99),
  // What a pod's work would take stands in a counter of its own: see shop/lib/processor.js.
  cpu_cores: `${rate("process_cpu_seconds_total")} + (${rate("container_cpu_work_seconds_total")} or 0 * ${rate("process_cpu_seconds_total")})`,
  cpu_throttled_ratio: `${rate("container_cpu_cfs_throttled_periods_total")} / ${rate("container_cpu_cfs_periods_total")}`,
  ready_replicas: "sum by (service) (kube_deployment_status_replicas_ready)",
  desired_replicas: "sum by (service) (kube_horizontalpodautoscaler_status_desired_replicas)",
  max_replicas: "sum by (service) (kube_horizontalpodautoscaler_spec_max_replicas)",
  memory_bytes: "sum by (service) (process_resident_memory_bytes)",
  in_flight_requests: `sum by (service) (avg_over_time(http_requests_in_flight[${WINDOW}]))`,
  queued_requests: `sum by (service) (avg_over_time(http_requests_queued[${WINDOW}]))`,
  queue_depth: `sum by (service) (avg_over_time(queue_depth[${WINDOW}]))`,
  pool_in_use_ratio: `sum by (service) (avg_over_time(pool_connections_in_use[${WINDOW}])) / sum by (service) (pool_connections_max)`,
  pool_waiting_requests: `sum by (service) (avg_over_time(pool_acquires_waiting[${WINDOW}]))`,
  cache_hit_ratio: `(${rate("cache_lookups_total", '{result="hit"}')} or 0 * ${lookups}) / ${lookups}`,
  client_retries_per_second: rate("http_client_retries_total"),
};
