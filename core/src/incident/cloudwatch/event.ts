import { z } from "zod";
import { AlertError } from "../../errors.ts";
import { epochOf } from "../time-text.ts";
import { type Alarm, alarmOfArn, regionOfArn } from "./alarm.ts";
import { Tags } from "./tags.ts";

const STATES = ["ALARM", "OK", "INSUFFICIENT_DATA"] as const;
const State = z.object({
  value: z.enum(STATES),
  reason: z.string().default(""),
  reasonData: z.string().optional(),
  timestamp: z.string(),
  actionsSuppressedBy: z.string().nullish(),
  actionsSuppressedReason: z.string().nullish(),
});

const Metric = z.object({
  id: z.string().optional(),
  expression: z.string().optional(),
  metricStat: z
    .object({
      metric: z.object({
        namespace: z.string().default(""),
        name: z.string().default(""),
        dimensions: z.record(z.string(), z.string()).default({}),
      }),
    })
    .optional(),
});

/** What EventBridge calls `detail` and the Lambda action `alarmData`. */
const Detail = z.object({
  alarmName: z.string().min(1),
  state: State,
  previousState: State.partial().optional(),
  configuration: z
    .object({
      description: z.string().optional(),
      metrics: z.array(Metric).default([]),
      alarmRule: z.string().optional(),
    })
    .default({ metrics: [] }),
  alarmContributor: z.object({ attributes: z.record(z.string(), z.string()).default({}) }).optional(),
  muteDetail: z.object({ mutedByArn: z.string().default("a mute rule") }).nullish(),
  tags: Tags.optional(),
  alarmTags: Tags.optional(),
});
type Detail = z.infer<typeof Detail>;

/**
 * EventBridge's "CloudWatch Alarm State Change", and the like of one series of a multi-series alarm:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export const CloudWatchEvent = z.object({
  "detail-type": z.enum(["CloudWatch Alarm State Change", "CloudWatch Alarm Contributor State Change"]),
  source: z.literal("aws.cloudwatch"),
  time: z.string(),
  region: z.string(),
  detail: Detail,
  alarmTags: Tags.optional(),
});
export type CloudWatchEvent = z.infer<typeof CloudWatchEvent>;

/** What an alarm's own Lambda action hands over: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html */
export const CloudWatchAction = z.object({
  source: z.literal("aws.cloudwatch").optional(),
  alarmArn: z.string(),
  time: z.string(),
  region: z.string().optional(),
  alarmData: Detail,
  alarmTags: Tags.optional(),
});
export type CloudWatchAction = z.infer<typeof CloudWatchAction>;

export const alarmOfEvent = (event: CloudWatchEvent): Alarm =>
  alarmOf(event.detail, event.region, event.time, event.alarmTags, "detail");

export const alarmOfAction = (action: CloudWatchAction): Alarm =>
  alarmOf(action.alarmData, action.region ?? regionOfArn(action.alarmArn), action.time, action.alarmTags, "alarmData");

function alarmOf(
  detail: Detail,
  region: string | null,
  time: string,
  tags: Readonly<Record<string, string>> | undefined,
  where: string,
): Alarm {
  const { state, previousState, configuration } = detail;
  const at = [state.timestamp, time].map(epochOf).find((read) => !Number.isNaN(read));
  if (at === undefined) throw new AlertError(`neither ${where}.state.timestamp nor time of the event is a time`);
  const before = epochOf(previousState?.timestamp ?? "");
  return {
    name: detail.alarmName,
    region,
    description: configuration.description ?? "",
    state: state.value,
    reason: state.reason,
    at,
    previous: previousState?.value ? { state: previousState.value, at: Number.isNaN(before) ? null : before } : null,
    metrics: configuration.metrics.flatMap(({ metricStat }) => metricStat?.metric ?? []),
    expressions: configuration.metrics.flatMap(({ expression }) => expression ?? []),
    contributor: detail.alarmContributor?.attributes ?? {},
    rule: configuration.alarmRule ?? null,
    triggering: triggeringOf(state.reasonData),
    heldBack: state.actionsSuppressedBy || detail.muteDetail?.mutedByArn || null,
    tags: { ...detail.tags, ...detail.alarmTags, ...tags },
  };
}

const ReasonData = z.object({
  triggeringAlarms: z.array(z.object({ arn: z.string(), state: z.object({ value: z.string() }) })),
});

/** A composite alarm's `reasonData` is JSON in a string; another alarm's says other things. */
function triggeringOf(reasonData: string | undefined): Alarm["triggering"] {
  let said: unknown;
  try {
    said = JSON.parse(reasonData ?? "null");
  } catch {
    return [];
  }
  const parsed = ReasonData.safeParse(said);
  return parsed.success
    ? parsed.data.triggeringAlarms.map(({ arn, state }) => ({ name: alarmOfArn(arn), state: state.value }))
    : [];
}
