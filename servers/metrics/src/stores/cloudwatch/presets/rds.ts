import { MS, PERCENT, plain } from "../formula.ts";
import { byArn, byName, type Kind } from "./kind.ts";

/** One database instance, Aurora's too. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html */
export const rds: Kind = {
  namespace: "AWS/RDS",
  takes: "the database instance's identifier",
  named: byName("DBInstanceIdentifier"),
  arn: byArn("rds", /^db:([\w-]+)$/, "DBInstanceIdentifier"),
  signals: () => ({
    cpu_ratio: plain("Average", "CPUUtilization", PERCENT),
    connections: plain("Average", "DatabaseConnections"),
    read_latency_seconds: plain("Average", "ReadLatency"),
    write_latency_seconds: plain("Average", "WriteLatency"),
    read_iops: plain("Average", "ReadIOPS"),
    write_iops: plain("Average", "WriteIOPS"),
    disk_queue_depth: plain("Average", "DiskQueueDepth"),
    free_memory_bytes: plain("Minimum", "FreeableMemory"),
    free_disk_bytes: plain("Minimum", "FreeStorageSpace"),
    replica_lag_seconds: plain("Maximum", "ReplicaLag"),
  }),
};

/**
 * A whole Aurora cluster, by its fullest instance: one that is full hurts though the others idle. Its latencies are in
 * milliseconds where an instance's are in seconds.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
 */
export const aurora: Kind = {
  namespace: "AWS/RDS",
  takes: "the cluster's identifier",
  named: byName("DBClusterIdentifier"),
  arn: byArn("rds", /^cluster:([\w-]+)$/, "DBClusterIdentifier"),
  signals: () => ({
    cpu_ratio: plain("Maximum", "CPUUtilization", PERCENT),
    connections: plain("Maximum", "DatabaseConnections"),
    queries_per_second: plain("Average", "Queries"),
    select_latency_seconds: plain("Average", "SelectLatency", MS),
    dml_latency_seconds: plain("Average", "DMLLatency", MS),
    commit_latency_seconds: plain("Average", "CommitLatency", MS),
    deadlocks_per_second: plain("Average", "Deadlocks"),
    failed_logins_per_second: plain("Average", "LoginFailures"),
    cache_hit_ratio: plain("Minimum", "BufferCacheHitRatio", PERCENT),
    free_memory_bytes: plain("Minimum", "FreeableMemory"),
    replica_lag_seconds: plain("Maximum", "AuroraReplicaLagMaximum", MS),
  }),
};
