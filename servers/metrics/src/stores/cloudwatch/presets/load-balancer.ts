import { perSecond, plain, ratio } from "../formula.ts";
import type { Dimensions } from "../metric.ts";
import type { Kind } from "./kind.ts";

const BALANCER = /^(?:loadbalancer\/)?(app\/[\w-]+\/[0-9a-f]+)$/;
const TARGETS = /^(targetgroup\/[\w-]+\/[0-9a-f]+)$/;

/** `app/NAME/ID`, and after a comma `targetgroup/NAME/ID` where a service is one of several behind it. Each may be an ARN. */
function dimensionsOf(text: string): Dimensions | undefined {
  const parts = text.split(",").map((part) => part.trim().replace(/^arn:[^:]+:elasticloadbalancing:[^:]*:\d*:/, ""));
  const [balancer, targets, more] = [BALANCER.exec(parts[0] ?? "")?.[1], TARGETS.exec(parts[1] ?? "")?.[1], parts[2]];
  if (balancer === undefined || more !== undefined || (parts.length === 2 && targets === undefined)) return undefined;
  return { ...(targets === undefined ? {} : { TargetGroup: targets }), LoadBalancer: balancer };
}

const FAILED = ["HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count"];

/**
 * An Application Load Balancer: what reaches a service from outside. Its counts are published when they are not zero. What is
 * turned away before a target is chosen counts as failed and not as a request.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export const loadBalancer: Kind = {
  namespace: "AWS/ApplicationELB",
  takes: "app/NAME/ID, or app/NAME/ID,targetgroup/NAME/ID",
  named: dimensionsOf,
  arn: ({ service, resource }) => (service === "elasticloadbalancing" ? dimensionsOf(resource) : undefined),
  signals: ({ TargetGroup: targets }) => ({
    requests_per_second: perSecond("RequestCount", { sparse: true }),
    error_ratio:
      targets === undefined
        ? ratio(FAILED, ["RequestCount"], { uncounted: true })
        : ratio(["HTTPCode_Target_5XX_Count"], ["RequestCount"]),
    latency_p50_seconds: plain("p50", "TargetResponseTime"),
    latency_p99_seconds: plain("p99", "TargetResponseTime"),
    target_connection_errors_per_second: perSecond("TargetConnectionErrorCount", { sparse: true }),
    ...(targets === undefined
      ? { rejected_connections_per_second: perSecond("RejectedConnectionCount", { sparse: true }) }
      : { unhealthy_hosts: plain("Maximum", "UnHealthyHostCount") }),
  }),
};
