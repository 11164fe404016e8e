import type { Preset } from "./preset.ts";

const each = "namespace,pod,$by";
const used = (metric: string) => `sum by(${each})(rate(${metric}{$service}[$rate]))`;
const limit = (resource: string) =>
  `max by(${each})(kube_pod_container_resource_limits{$service,resource='${resource}'})`;
const hpa = "horizontalpodautoscaler";

/**
 * How full a workload is, by cAdvisor and kube-state-metrics: the fullest of its containers, since one that is full hurts
 * though the others idle. A container, deployment or autoscaler is the service's when it has its name.
 * https://github.com/kubernetes/kube-state-metrics/tree/main/docs and https://github.com/google/cadvisor/blob/master/docs/storage/prometheus.md
 */
export const kubernetes: Preset = {
  label: "container",
  signals: {
    cpu_ratio: `max by($by)(${used("container_cpu_usage_seconds_total")}/${limit("cpu")})`,
    cpu_throttled_ratio: `max by($by)(${used("container_cpu_cfs_throttled_periods_total")}/${used("container_cpu_cfs_periods_total")})`,
    memory_ratio: `max by($by)(max by(${each})(container_memory_working_set_bytes{$service})/${limit("memory")})`,
    container_restarts: "sum by($by)(increase(kube_pod_container_status_restarts_total{$service}[10m]))",
    unavailable_replicas: {
      query: "sum by($by)(kube_deployment_status_replicas_unavailable{$service})",
      label: "deployment",
    },
    hpa_usage_ratio: {
      query: `max by($by)(kube_${hpa}_status_desired_replicas{$service}/kube_${hpa}_spec_max_replicas{$service})`,
      label: hpa,
    },
  },
};
