import { httpApi, restApi } from "./api-gateway.ts";
import { dynamodb } from "./dynamodb.ts";
import { ecs } from "./ecs.ts";
import type { Kind } from "./kind.ts";
import { kinesis } from "./kinesis.ts";
import { lambda } from "./lambda.ts";
import { loadBalancer } from "./load-balancer.ts";
import { opensearch } from "./opensearch.ts";
import { aurora, rds } from "./rds.ts";
import { sqs } from "./sqs.ts";

/** The kinds of resources by the names that annotations give them: `oncall/cloudwatch.lambda`. */
export const KINDS: Readonly<Record<string, Kind>> = {
  ...{ lambda, alb: loadBalancer, "rest-api": restApi, "http-api": httpApi, ecs },
  ...{ rds, aurora, dynamodb, opensearch, sqs, kinesis },
};
