import { MEBIBYTE, MS, PERCENT, perSecond, plain, ratio } from "../formula.ts";
import type { Kind } from "./kind.ts";

const ANSWERS = ["2xx", "3xx", "4xx", "5xx"];

/**
 * A domain of OpenSearch Service: by its fullest node. Its metrics bear the account's number too.
 * https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-cloudwatchmetrics.html
 */
export const opensearch: Kind = {
  namespace: "AWS/ES",
  takes: "ACCOUNT/DOMAIN, such as 123456789012/logs",
  named: (text) => {
    const [, account, domain] = /^(\d{12})\/([\w-]+)$/.exec(text) ?? [];
    return account === undefined || domain === undefined ? undefined : { ClientId: account, DomainName: domain };
  },
  arn: ({ service, account, resource }) => {
    const domain = service === "es" ? /^domain\/([\w-]+)$/.exec(resource)?.[1] : undefined;
    return domain === undefined || account === "" ? undefined : { ClientId: account, DomainName: domain };
  },
  signals: () => ({
    requests_per_second: perSecond("OpenSearchRequests"),
    error_ratio: ratio(["5xx"], ANSWERS),
    search_latency_seconds: plain("Average", "SearchLatency", MS),
    indexing_latency_seconds: plain("Average", "IndexingLatency", MS),
    cpu_ratio: plain("Maximum", "CPUUtilization", PERCENT),
    heap_memory_ratio: plain("Maximum", "JVMMemoryPressure", PERCENT),
    free_disk_bytes: plain("Minimum", "FreeStorageSpace", MEBIBYTE),
    unhealthy_red: plain("Maximum", "ClusterStatus.red"),
    unhealthy_yellow: plain("Maximum", "ClusterStatus.yellow"),
    blocked_writes: plain("Maximum", "ClusterIndexWritesBlocked"),
  }),
};
