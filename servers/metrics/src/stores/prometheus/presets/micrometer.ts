import { failing, type Preset, quantile, requests } from "./preset.ts";

const SERVED = "http_server_requests_seconds";

/**
 * Spring Boot's metrics by Micrometer. The service is the scrape's job; where a common tag `application` is set, name that.
 * https://docs.spring.io/spring-boot/reference/actuator/metrics.html#actuator.metrics.supported.spring-mvc
 */
export const micrometer: Preset = {
  label: "job",
  counter: `${SERVED}_count`,
  signals: {
    requests_per_second: requests(`${SERVED}_count`),
    error_ratio: failing(`${SERVED}_count`, ["status"]),
    latency_p50_seconds: quantile(0.5, SERVED),
    latency_p99_seconds: quantile(0.99, SERVED),
    pool_waiting_requests: "sum by($by)(hikaricp_connections_pending{$service})",
    pool_in_use_ratio: "max by($by)(hikaricp_connections_active{$service}/hikaricp_connections_max{$service})",
    heap_memory_ratio:
      "max by($by)(sum by($by,instance)(jvm_memory_used_bytes{$service,area='heap'})/sum by($by,instance)(jvm_memory_max_bytes{$service,area='heap'}>0))",
  },
};
