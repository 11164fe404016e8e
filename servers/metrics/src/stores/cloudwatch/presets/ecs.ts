import { PERCENT, plain } from "../formula.ts";
import type { Kind } from "./kind.ts";

/** A service of ECS. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html */
export const ecs: Kind = {
  namespace: "AWS/ECS",
  takes: "CLUSTER/SERVICE",
  named: (text) => {
    const [, cluster, service] = /^([\w-]+)\/([\w-]+)$/.exec(text) ?? [];
    return cluster === undefined || service === undefined ? undefined : { ClusterName: cluster, ServiceName: service };
  },
  arn: ({ service, resource }) => {
    const [, cluster, name] = (service === "ecs" ? /^service\/([\w-]+)\/([\w-]+)$/.exec(resource) : null) ?? [];
    return cluster === undefined || name === undefined ? undefined : { ClusterName: cluster, ServiceName: name };
  },
  signals: () => ({
    cpu_ratio: plain("Maximum", "CPUUtilization", PERCENT),
    memory_ratio: plain("Maximum", "MemoryUtilization", PERCENT),
  }),
};
