import { MS, perSecond, plain, ratio } from "../formula.ts";
import { byArn, byName, type Kind } from "./kind.ts";

/**
 * Lambda publishes when a function runs, and nothing when it does not: a minute without invocations is a zero.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export const lambda: Kind = {
  namespace: "AWS/Lambda",
  takes: "the function's name",
  named: byName("FunctionName"),
  arn: byArn("lambda", /^function:([\w-]+)(?::.*)?$/, "FunctionName"),
  signals: () => ({
    requests_per_second: perSecond("Invocations", { sparse: true }),
    error_ratio: ratio(["Errors"], ["Invocations"]),
    latency_p50_seconds: plain("p50", "Duration", MS),
    latency_p99_seconds: plain("p99", "Duration", MS),
    throttled_ratio: ratio(["Throttles"], ["Throttles", "Invocations"]),
    in_flight_requests: plain("Maximum", "ConcurrentExecutions"),
    iterator_age_seconds: plain("Maximum", "IteratorAge", MS),
  }),
};
