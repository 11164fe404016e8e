import { type Formula, MS, perSecond, plain, ratio } from "../formula.ts";
import type { Dimensions } from "../metric.ts";
import type { Kind } from "./kind.ts";

/** `NAME`, or `NAME/STAGE` for one stage. */
const withStage =
  (dimension: string): Kind["named"] =>
  (text): Dimensions | undefined => {
    const [, name, stage] = /^([^/,]{1,200}?)(?:\/([\w-]+|\$default))?$/.exec(text) ?? [];
    if (name === undefined || name.trim() !== name) return undefined;
    return { [dimension]: name, ...(stage === undefined ? {} : { Stage: stage }) };
  };

const signals = (failed: string): Readonly<Record<string, Formula>> => ({
  requests_per_second: perSecond("Count", { sparse: true }),
  error_ratio: ratio([failed], ["Count"]),
  latency_p50_seconds: plain("p50", "Latency", MS),
  latency_p99_seconds: plain("p99", "Latency", MS),
});

/** A REST API, which goes by its name. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html */
export const restApi: Kind = {
  namespace: "AWS/ApiGateway",
  takes: "the REST API's name, or NAME/STAGE",
  named: withStage("ApiName"),
  arn: () => undefined, // it holds the identifier, and the metrics the name
  signals: () => signals("5XXError"),
};

/** An HTTP API, which goes by its identifier. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html */
export const httpApi: Kind = {
  namespace: "AWS/ApiGateway",
  takes: "the HTTP API's identifier, or ID/STAGE",
  named: withStage("ApiId"),
  arn: ({ service, resource }) => {
    const id = service === "apigateway" ? /^\/apis\/(\w+)$/.exec(resource)?.[1] : undefined;
    return id === undefined ? undefined : { ApiId: id };
  },
  signals: () => signals("5xx"),
};
