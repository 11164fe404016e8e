import { CouldNotLook } from "@oncall-copilot/core";
import type { ExamineOptions, Finding } from "@oncall-copilot/core/server";
import type { MetricsStore } from "../../store.ts";
import type { CloudWatchParts } from "../cloudwatch.ts";
import { examineStore, type Found } from "../examine.ts";
import { POLICY, POLICY_DOCUMENT } from "./policy.ts";

const MINUTE_MS = 60_000;

/**
 * The check-up of CloudWatch. Its API cannot say what else a credential may do, and trying would be writing: so that is said, with
 * the policy that would be enough.
 */
export function examineCloudWatch(
  store: MetricsStore,
  parts: CloudWatchParts,
  options: ExamineOptions,
): Promise<readonly Finding[]> {
  const { catalog, now, resources, own } = parts;
  return examineStore(
    {
      ...{ store, catalog, now },
      candidates: () =>
        own.length > 0 ? catalog.names : [...resources()].flatMap(([name, all]) => (all.length > 0 ? [name] : [])),
      noDataCure:
        "name the AWS resources in the catalog, as with oncall/cloudwatch.lambda, and check ONCALL_METRICS_CLOUDWATCH_REGION",
      reach: (signal) => reach(parts, signal),
      privilege: async () => ({
        ...{ check: "privilege", status: "unknown" },
        message: "CloudWatch cannot be asked what else this credential may do",
        cure: `give it this policy and no other: ${POLICY_DOCUMENT}`,
      }),
    },
    options,
  );
}

/** Asks each of the three questions once, about as little as can be. Alarms that may not be read are told, and no failure. */
async function reach({ client, now }: CloudWatchParts, signal: AbortSignal): Promise<readonly Found[]> {
  const end = Math.floor(now() / MINUTE_MS) * MINUTE_MS;
  const metric = { Namespace: "AWS/Usage", MetricName: "CallCount", Dimensions: [] };
  const query = { Id: "m0", MetricStat: { Metric: metric, Period: 60, Stat: "Sum" } };
  const [data, ...alarms] = await Promise.allSettled([
    client.metricData(
      { MetricDataQueries: [query], StartTime: new Date(end - MINUTE_MS), EndTime: new Date(end) },
      signal,
    ),
    client.alarms({ MaxRecords: 1 }, signal),
    client.alarmHistory({ MaxRecords: 1 }, signal),
  ]);
  signal.throwIfAborted();
  if (data.status === "rejected") throw data.reason;
  return alarms.flatMap((outcome): Found[] => {
    if (outcome.status === "fulfilled") return [];
    if (!(outcome.reason instanceof CouldNotLook)) throw outcome.reason;
    const message = `alarms will be a gap: ${outcome.reason.message}`;
    const [cure = POLICY] = outcome.reason.tryNext;
    return [{ check: "authenticated", status: "warning", message, cure }];
  });
}
