import { type Formula, MS, perSecond, plain } from "../formula.ts";
import { byArn, byName, type Kind } from "./kind.ts";

/** The operations that services mostly use; a latency is published for each by itself. */
const OPERATIONS = ["GetItem", "Query", "PutItem", "UpdateItem"] as const;
const latency = (operation: (typeof OPERATIONS)[number]) =>
  plain("Average", "SuccessfulRequestLatency", MS, { Operation: operation });

const systemErrors: Formula = {
  ...perSecond(OPERATIONS.map(() => "SystemErrors")),
  inputs: OPERATIONS.map((operation) => ({
    ...{ metric: "SystemErrors", stat: "Sum", dimensions: { Operation: operation }, zeroWhenAbsent: true },
  })),
};

/**
 * A table, without its indexes. Throttles and errors are published when there are some. What a caller did wrong is only counted
 * for the whole account, so it is not here.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 */
export const dynamodb: Kind = {
  namespace: "AWS/DynamoDB",
  takes: "the table's name",
  named: byName("TableName"),
  arn: byArn("dynamodb", /^table\/([\w.-]+)(?:\/.*)?$/, "TableName"),
  signals: () => ({
    read_units_per_second: perSecond("ConsumedReadCapacityUnits", { sparse: true }),
    write_units_per_second: perSecond("ConsumedWriteCapacityUnits", { sparse: true }),
    throttled_reads_per_second: perSecond("ReadThrottleEvents", { sparse: true }),
    throttled_writes_per_second: perSecond("WriteThrottleEvents", { sparse: true }),
    system_errors_per_second: systemErrors,
    get_latency_seconds: latency("GetItem"),
    query_latency_seconds: latency("Query"),
    put_latency_seconds: latency("PutItem"),
    update_latency_seconds: latency("UpdateItem"),
  }),
};
