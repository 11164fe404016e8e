import { ACCOUNT, type MetricName, REGION } from "./pretend.ts";

export const ALB = "app/shop/50dc6c495c0c9188";
const TARGETS = "targetgroup/cart/943f017f100becff";
export const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
/** Values by the whole names of metrics, from `NAME [DIMENSION=VALUE] STAT` of one namespace and resource. */
export const of = (namespace: string, dimensions: string, values: Record<string, number>) =>
  Object.fromEntries(
    Object.entries(values).map(([metric, value]) => {
      const [name, more, stat] = metric.split(" ") as [string, string, string?];
      const all = stat === undefined ? dimensions : `${more} ${dimensions}`.split(" ").sort().join(" ");
      return [`${namespace} ${name} ${all} ${stat ?? more}`, value];
    }),
  );

/** One kind of resource: how it is annotated, what CloudWatch has of it in each minute, and what its signals must be. */
export type PresetCase = readonly [
  kind: string,
  named: Readonly<Record<string, string>>,
  values: Readonly<Record<MetricName, number>>,
  expected: Readonly<Record<string, number>>,
];

export const PRESET_CASES: readonly PresetCase[] = [
  [
    "lambda",
    { name: "cart", arn: arn("lambda", "function:cart:live") },
    of("AWS/Lambda", "FunctionName=cart", {
      ...{ "Invocations Sum": 600, "Errors Sum": 30, "Throttles Sum": 200, "Duration p50": 120, "Duration p99": 900 },
      ...{ "ConcurrentExecutions Maximum": 12, "IteratorAge Maximum": 5000 },
    }),
    {
      ...{ requests_per_second: 10, error_ratio: 0.05, throttled_ratio: 0.25, latency_p50_seconds: 0.12 },
      ...{ latency_p99_seconds: 0.9, in_flight_requests: 12, iterator_age_seconds: 5 },
    },
  ],
  [
    "alb",
    { name: ALB, arn: arn("elasticloadbalancing", `loadbalancer/${ALB}`) },
    of("AWS/ApplicationELB", `LoadBalancer=${ALB}`, {
      ...{ "RequestCount Sum": 600, "HTTPCode_Target_5XX_Count Sum": 24, "HTTPCode_ELB_5XX_Count Sum": 6 },
      ...{ "TargetResponseTime p50": 0.1, "TargetResponseTime p99": 1.5, "TargetConnectionErrorCount Sum": 60 },
      "RejectedConnectionCount Sum": 120,
    }),
    {
      ...{ requests_per_second: 10, error_ratio: 0.05, latency_p50_seconds: 0.1, latency_p99_seconds: 1.5 },
      ...{ target_connection_errors_per_second: 1, rejected_connections_per_second: 2 },
    },
  ],
  [
    "alb",
    {
      name: `${ALB}, ${TARGETS}`,
      arn: `${arn("elasticloadbalancing", `loadbalancer/${ALB}`)},${arn("elasticloadbalancing", TARGETS)}`,
    },
    of("AWS/ApplicationELB", `LoadBalancer=${ALB} TargetGroup=${TARGETS}`, {
      ...{ "RequestCount Sum": 600, "HTTPCode_Target_5XX_Count Sum": 30, "UnHealthyHostCount Maximum": 2 },
      ...{ "TargetResponseTime p50": 0.1, "TargetResponseTime p99": 1.5, "TargetConnectionErrorCount Sum": 60 },
    }),
    {
      ...{ requests_per_second: 10, error_ratio: 0.05, latency_p50_seconds: 0.1, latency_p99_seconds: 1.5 },
      ...{ target_connection_errors_per_second: 1, unhealthy_hosts: 2 },
    },
  ],
  [
    "rds",
    { name: "cart-db", arn: arn("rds", "db:cart-db") },
    of("AWS/RDS", "DBInstanceIdentifier=cart-db", {
      ...{ "CPUUtilization Average": 85, "DatabaseConnections Average": 40, "ReadLatency Average": 0.004 },
      ...{
        "WriteLatency Average": 0.006,
        "ReadIOPS Average": 300,
        "WriteIOPS Average": 100,
        "DiskQueueDepth Average": 7,
      },
      ...{ "FreeableMemory Minimum": 1e9, "FreeStorageSpace Minimum": 5e9, "ReplicaLag Maximum": 3 },
    }),
    {
      ...{ cpu_ratio: 0.85, connections: 40, read_latency_seconds: 0.004, write_latency_seconds: 0.006 },
      ...{ read_iops: 300, write_iops: 100, disk_queue_depth: 7, free_memory_bytes: 1e9, free_disk_bytes: 5e9 },
      replica_lag_seconds: 3,
    },
  ],
  [
    "aurora",
    { name: "cart-cluster", arn: arn("rds", "cluster:cart-cluster") },
    of("AWS/RDS", "DBClusterIdentifier=cart-cluster", {
      ...{ "CPUUtilization Maximum": 50, "DatabaseConnections Maximum": 90, "Queries Average": 700 },
      ...{
        "SelectLatency Average": 12,
        "DMLLatency Average": 20,
        "CommitLatency Average": 4,
        "Deadlocks Average": 0.5,
      },
      ...{ "LoginFailures Average": 2, "BufferCacheHitRatio Minimum": 99.5, "FreeableMemory Minimum": 2e9 },
      "AuroraReplicaLagMaximum Maximum": 25,
    }),
    {
      ...{ cpu_ratio: 0.5, connections: 90, queries_per_second: 700, select_latency_seconds: 0.012 },
      ...{ dml_latency_seconds: 0.02, commit_latency_seconds: 0.004, deadlocks_per_second: 0.5 },
      ...{ failed_logins_per_second: 2, cache_hit_ratio: 0.995, free_memory_bytes: 2e9, replica_lag_seconds: 0.025 },
    },
  ],
  [
    "kinesis",
    { name: "carts", arn: arn("kinesis", "stream/carts") },
    of("AWS/Kinesis", "StreamName=carts", {
      ...{ "IncomingRecords Sum": 6000, "GetRecords.Records Sum": 3000, "IncomingBytes Sum": 60_000 },
      ...{ "GetRecords.IteratorAgeMilliseconds Maximum": 90_000, "WriteProvisionedThroughputExceeded Sum": 60 },
      ...{ "ReadProvisionedThroughputExceeded Sum": 120, "GetRecords.Success Average": 0.9 },
    }),
    {
      ...{ messages_received_per_second: 100, messages_read_per_second: 50, received_bytes_per_second: 1000 },
      ...{ iterator_age_seconds: 90, throttled_writes_per_second: 1, throttled_reads_per_second: 2 },
      read_success_ratio: 0.9,
    },
  ],
  [
    "dynamodb",
    { name: "carts", arn: arn("dynamodb", "table/carts") },
    of("AWS/DynamoDB", "TableName=carts", {
      ...{ "ConsumedReadCapacityUnits Sum": 600, "ConsumedWriteCapacityUnits Sum": 60, "ReadThrottleEvents Sum": 6 },
      ...{
        "WriteThrottleEvents Sum": 12,
        "SystemErrors Operation=Query Sum": 3,
        "SystemErrors Operation=PutItem Sum": 3,
      },
      ...{
        "SuccessfulRequestLatency Operation=GetItem Average": 5,
        "SuccessfulRequestLatency Operation=Query Average": 9,
      },
      "SuccessfulRequestLatency Operation=PutItem Average": 7,
      "SuccessfulRequestLatency Operation=UpdateItem Average": 8,
    }),
    {
      ...{ read_units_per_second: 10, write_units_per_second: 1, throttled_reads_per_second: 0.1 },
      ...{ throttled_writes_per_second: 0.2, system_errors_per_second: 0.1, get_latency_seconds: 0.005 },
      ...{ query_latency_seconds: 0.009, put_latency_seconds: 0.007, update_latency_seconds: 0.008 },
    },
  ],
  [
    "sqs",
    { name: "carts.fifo", arn: arn("sqs", "carts.fifo") },
    of("AWS/SQS", "QueueName=carts.fifo", {
      ...{ "ApproximateNumberOfMessagesVisible Maximum": 400, "ApproximateAgeOfOldestMessage Maximum": 75 },
      ...{ "ApproximateNumberOfMessagesNotVisible Maximum": 20, "NumberOfMessagesSent Sum": 600 },
      "NumberOfMessagesDeleted Sum": 300,
    }),
    {
      ...{ queue_depth: 400, oldest_message_age_seconds: 75, in_flight_messages: 20 },
      ...{ messages_received_per_second: 10, messages_read_per_second: 5 },
    },
  ],
  [
    "opensearch",
    { name: `${ACCOUNT}/logs`, arn: arn("es", "domain/logs") },
    of("AWS/ES", `ClientId=${ACCOUNT} DomainName=logs`, {
      ...{ "OpenSearchRequests Sum": 600, "2xx Sum": 540, "4xx Sum": 30, "5xx Sum": 30, "SearchLatency Average": 80 },
      ...{ "IndexingLatency Average": 20, "CPUUtilization Maximum": 70, "JVMMemoryPressure Maximum": 92 },
      ...{ "FreeStorageSpace Minimum": 1024, "ClusterStatus.red Maximum": 1, "ClusterStatus.yellow Maximum": 0 },
      "ClusterIndexWritesBlocked Maximum": 1,
    }),
    {
      ...{ requests_per_second: 10, error_ratio: 0.05, search_latency_seconds: 0.08, indexing_latency_seconds: 0.02 },
      ...{ cpu_ratio: 0.7, heap_memory_ratio: 0.92, free_disk_bytes: 1_073_740_000, unhealthy_red: 1 },
      ...{ unhealthy_yellow: 0, blocked_writes: 1 },
    },
  ],
  [
    "rest-api",
    { name: "Shop API/prod" },
    of("AWS/ApiGateway", "ApiName=Shop API Stage=prod", {
      ...{ "Count Sum": 600, "5XXError Sum": 30, "Latency p50": 50, "Latency p99": 700 },
    }),
    { requests_per_second: 10, error_ratio: 0.05, latency_p50_seconds: 0.05, latency_p99_seconds: 0.7 },
  ],
  [
    "http-api",
    { name: "a1b2c3", arn: `arn:aws:apigateway:${REGION}::/apis/a1b2c3` },
    of("AWS/ApiGateway", "ApiId=a1b2c3", {
      ...{ "Count Sum": 600, "5xx Sum": 30, "Latency p50": 50, "Latency p99": 700 },
    }),
    { requests_per_second: 10, error_ratio: 0.05, latency_p50_seconds: 0.05, latency_p99_seconds: 0.7 },
  ],
  [
    "ecs",
    { name: "shop/cart", arn: arn("ecs", "service/shop/cart") },
    of("AWS/ECS", "ClusterName=shop ServiceName=cart", {
      "CPUUtilization Maximum": 96,
      "MemoryUtilization Maximum": 50,
    }),
    { cpu_ratio: 0.96, memory_ratio: 0.5 },
  ],
];
