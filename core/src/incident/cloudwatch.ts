import { z } from "zod";
import { AlertError } from "../errors.ts";
import { alertFingerprint } from "./fingerprint.ts";
import type { Incident } from "./incident.ts";

const State = z.object({
  value: z.enum(["ALARM", "OK", "INSUFFICIENT_DATA"]),
  reason: z.string().default(""),
  reasonData: z.string().optional(),
  /** CloudWatch writes `2023-04-18T22:17:00.000+0000`, without the colon RFC 3339 wants. */
  timestamp: z.string(),
});

const MetricStat = z.object({
  metric: z.object({
    namespace: z.string(),
    name: z.string(),
    dimensions: z.record(z.string(), z.string()).default({}),
  }),
  period: z.number().optional(),
  stat: z.string().optional(),
});

/**
 * EventBridge's "CloudWatch Alarm State Change":
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export const CloudWatchEvent = z.object({
  "detail-type": z.literal("CloudWatch Alarm State Change"),
  source: z.literal("aws.cloudwatch"),
  account: z.string().optional(),
  time: z.string(),
  region: z.string(),
  resources: z.array(z.string()).default([]),
  detail: z.object({
    alarmName: z.string().min(1),
    state: State,
    previousState: State.partial().optional(),
    configuration: z
      .object({
        description: z.string().optional(),
        metrics: z.array(z.object({ id: z.string().optional(), metricStat: MetricStat.optional() })).default([]),
      })
      .default({ metrics: [] }),
  }),
});
export type CloudWatchEvent = z.infer<typeof CloudWatchEvent>;

/** Dimensions that name the thing an alarm is about, in the order of trust. */
const SERVICE_DIMENSIONS = [
  "Service", "ServiceName", "FunctionName", "DBClusterIdentifier", "DBInstanceIdentifier", "QueueName", "TableName", "StreamName",
  "LoadBalancer", "TargetGroup", "ClusterName", "ApiName", "DomainName",
]; // biome-ignore format: a word list

const readTime = (text: string) => new Date(text.replace(/([+-]\d{2})(\d{2})$/, "$1:$2"));

function startOf({ time, detail }: CloudWatchEvent): string {
  const start = [detail.state.timestamp, time].map(readTime).find((read) => !Number.isNaN(read.getTime()));
  if (!start) throw new AlertError("neither detail.state.timestamp nor time of the event is a time");
  return start.toISOString();
}

/** The alarm in the console, which is a host of its region: a region that is none must not lead elsewhere. */
function consoleOf(region: string, alarmName: string): string | null {
  if (!/^[a-z]{2,8}(?:-[a-z]{2,12}){1,3}-\d{1,2}$/.test(region)) return null;
  const name = encodeURIComponent(Buffer.from(alarmName, "utf8").toString("utf8")); // whole characters only
  return `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#alarmsV2:alarm/${name}`;
}

export function incidentFromCloudWatch(event: CloudWatchEvent): Incident {
  const { detail } = event;
  const stat = detail.configuration.metrics.find((metric) => metric.metricStat)?.metricStat;
  const dimensions = stat?.metric.dimensions ?? {};
  const service = SERVICE_DIMENSIONS.map((name) => dimensions[name]).find((value) => value !== undefined) ?? null;
  const notes = service === null ? [`no dimension names the service (looked at ${SERVICE_DIMENSIONS.join(", ")})`] : [];
  if (detail.state.value === "INSUFFICIENT_DATA")
    notes.push("the alarm has insufficient data: its metric is missing, nothing crossed a threshold");
  const labels = {
    alertname: detail.alarmName,
    region: event.region,
    ...(stat ? { namespace: stat.metric.namespace, metric: stat.metric.name } : {}),
    ...dimensions,
  };
  const startedAt = startOf(event);
  const fingerprint = alertFingerprint({ alert: detail.alarmName, service, labels });
  return {
    id: `${fingerprint}-${Math.floor(Date.parse(startedAt) / 1000)}`,
    fingerprint,
    source: "cloudwatch",
    status: detail.state.value === "OK" ? "resolved" : "firing",
    alert: detail.alarmName,
    service,
    severity: null,
    summary: detail.configuration.description || detail.state.reason || detail.alarmName,
    description: detail.state.reason,
    started_at: startedAt,
    labels,
    annotations: {},
    url: consoleOf(event.region, detail.alarmName),
    related: [],
    notes,
  };
}
