import { failing, type Preset, quantile, requests } from "./preset.ts";

const SERVED = "http_server_request_duration_seconds";
const CALLED = "http_client_request_duration_seconds";
/** The second is the convention's older name. */
const STATUS = ["http_response_status_code", "http_status_code"];

/**
 * OpenTelemetry's HTTP semantic conventions, under the names that its metrics have in Prometheus. `service.name` becomes the
 * label `job`, behind `service.namespace/` where there is one.
 * https://opentelemetry.io/docs/specs/semconv/http/http-metrics/
 * https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
 */
export const otel: Preset = {
  label: "job",
  counter: `${SERVED}_count`,
  signals: {
    requests_per_second: requests(`${SERVED}_count`),
    error_ratio: failing(`${SERVED}_count`, STATUS),
    latency_p50_seconds: quantile(0.5, SERVED),
    latency_p99_seconds: quantile(0.99, SERVED),
    in_flight_requests: "sum by($by)(http_server_active_requests{$service})",
    client_error_ratio: failing(`${CALLED}_count`, STATUS),
    client_latency_p99_seconds: quantile(0.99, CALLED),
    db_client_latency_p99_seconds: quantile(0.99, "db_client_operation_duration_seconds"),
  },
};
