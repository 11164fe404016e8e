import { failing, type Preset, quantile, requests, STATUS_LABELS } from "./preset.ts";

/**
 * The names that services with a Prometheus client library mostly use, and what the libraries export of the process.
 * https://prometheus.io/docs/practices/naming/ and https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics
 */
export const prometheusClient: Preset = {
  label: "service",
  counter: "http_requests_total",
  signals: {
    requests_per_second: requests("http_requests_total"),
    error_ratio: failing("http_requests_total", STATUS_LABELS),
    latency_p50_seconds: quantile(0.5, "http_request_duration_seconds"),
    latency_p99_seconds: quantile(0.99, "http_request_duration_seconds"),
    in_flight_requests: "sum by($by)(avg_over_time(http_requests_in_flight{$service}[$rate]))",
    cpu_cores: "sum by($by)(rate(process_cpu_seconds_total{$service}[$rate]))",
    memory_bytes: "sum by($by)(process_resident_memory_bytes{$service})",
    open_fds_ratio: "max by($by)(process_open_fds{$service}/process_max_fds{$service})",
  },
};
