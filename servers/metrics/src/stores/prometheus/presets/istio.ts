import { failing, type Preset, requests } from "./preset.ts";

const COUNTER = "istio_requests_total";
const SERVER_SIDE = "reporter='destination'";

const quantile = (q: number): string =>
  `histogram_quantile(${q},sum by($by,le)(rate(istio_request_duration_milliseconds_bucket{$service,${SERVER_SIDE}}[$rate])))/1000`;

/**
 * Istio's standard metrics as the called service's own proxy reports them, so that no request counts twice. What
 * never reached that proxy is not in them. https://istio.io/latest/docs/reference/config/metrics/
 */
export const istio: Preset = {
  label: "destination_canonical_service",
  counter: COUNTER,
  signals: {
    requests_per_second: requests(COUNTER).replace("$service", `$service,${SERVER_SIDE}`),
    error_ratio: failing(COUNTER, ["response_code"], `,${SERVER_SIDE}`),
    latency_p50_seconds: quantile(0.5),
    latency_p99_seconds: quantile(0.99),
  },
};
