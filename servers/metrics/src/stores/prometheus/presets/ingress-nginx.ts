import { failing, type Preset, quantile, requests } from "./preset.ts";

/**
 * The NGINX ingress controller: what reaches a service from outside of the cluster. The label is `exported_service` where
 * Prometheus' own target has a `service` too, as with the Prometheus operator.
 * https://kubernetes.github.io/ingress-nginx/user-guide/monitoring/
 */
export const ingressNginx: Preset = {
  label: "exported_service",
  counter: "nginx_ingress_controller_requests",
  signals: {
    requests_per_second: requests("nginx_ingress_controller_requests"),
    error_ratio: failing("nginx_ingress_controller_requests", ["status"]),
    latency_p50_seconds: quantile(0.5, "nginx_ingress_controller_request_duration_seconds"),
    latency_p99_seconds: quantile(0.99, "nginx_ingress_controller_request_duration_seconds"),
  },
};
