import type { Preset } from "./preset.ts";

const SERVED = "http_server_request_duration_seconds";
const CALLED = "http_client_request_duration_seconds";
const FAILED = "http_response_status_code=~'5..'";
/** Where no status was seen, no failure is no zero. */
const UNDERSTOOD = "http_response_status_code=~'[1-5]..'";

const counted = (histogram: string, more = "") => `histogram_count(rate(${histogram}{$service${more}}[$rate]))`;
const requests = (histogram: string) => `sum by($by)(${counted(histogram)})`;
const failing = (histogram: string) =>
  `sum by($by)(${counted(histogram, `,${FAILED}`)}or 0*${counted(histogram, `,${UNDERSTOOD}`)})/${requests(histogram)}`;
const quantile = (q: number, histogram: string) =>
  `histogram_quantile(${q},sum by($by)(rate(${histogram}{$service}[$rate])))`;

/**
 * The same conventions where histograms are native ones, as OpenTelemetry's exponential histograms become. A preset of its own: asked
 * for in one query with the classic ones, every query and every link would be twice as long for all who have none.
 * https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#exponential-histograms
 */
export const otelNative: Preset = {
  label: "job",
  signals: {
    requests_per_second: requests(SERVED),
    error_ratio: failing(SERVED),
    latency_p50_seconds: quantile(0.5, SERVED),
    latency_p99_seconds: quantile(0.99, SERVED),
    client_error_ratio: failing(CALLED),
    client_latency_p99_seconds: quantile(0.99, CALLED),
    db_client_latency_p99_seconds: quantile(0.99, "db_client_operation_duration_seconds"),
  },
};
