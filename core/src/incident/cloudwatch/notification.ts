import { z } from "zod";
import { AlertError } from "../../errors.ts";
import { epochOf } from "../time-text.ts";
import { type Alarm, alarmOfArn, regionOfArn } from "./alarm.ts";
import { Tags } from "./tags.ts";

const STATES = ["ALARM", "OK", "INSUFFICIENT_DATA"] as const;

/** Pairs where the API has them, a map where EventBridge has them; `name` and `Name` are both seen. */
const Dimensions = z
  .union([
    z.array(
      z.object({
        name: z.string().optional(),
        Name: z.string().optional(),
        value: z.string().optional(),
        Value: z.string().optional(),
      }),
    ),
    z.record(z.string(), z.string()),
  ])
  .nullish()
  .transform((given): Record<string, string> => {
    if (!given) return {};
    if (!Array.isArray(given)) return given;
    return Object.fromEntries(
      given.flatMap(({ name, Name, value, Value }) => ((name ?? Name) ? [[name ?? Name, value ?? Value ?? ""]] : [])),
    );
  });

const Metric = z.object({
  Expression: z.string().nullish(),
  MetricStat: z
    .object({
      Metric: z.object({
        Namespace: z.string().default(""),
        MetricName: z.string().default(""),
        Dimensions,
      }),
    })
    .nullish(),
});

/** What CloudWatch publishes to an SNS topic about an alarm: the JSON inside `Message`. */
export const CloudWatchNotification = z.object({
  AlarmName: z.string().min(1),
  AlarmDescription: z.string().nullish(),
  AlarmArn: z.string().optional(),
  NewStateValue: z.enum(STATES),
  NewStateReason: z.string().default(""),
  OldStateValue: z.enum(STATES).optional(),
  StateChangeTime: z.string().optional(),
  AlarmRule: z.string().optional(),
  TriggeringChildren: z
    .array(z.object({ Arn: z.string(), State: z.object({ Value: z.string() }).optional() }))
    .optional(),
  Trigger: z
    .object({
      Namespace: z.string().nullish(),
      MetricName: z.string().nullish(),
      Dimensions,
      Metrics: z.array(Metric).nullish(),
    })
    .nullish(),
  AlarmContributorAttributes: z.record(z.string(), z.string()).nullish(),
  AlarmTags: Tags.optional(),
});
export type CloudWatchNotification = z.infer<typeof CloudWatchNotification>;

/** `sentAt` (epoch ms) and `topicArn` are the envelope's: for what the notification itself leaves out. */
export function alarmOfNotification(said: CloudWatchNotification, sentAt?: number, topicArn?: string): Alarm {
  const changed = epochOf(said.StateChangeTime ?? "");
  const at = Number.isNaN(changed) ? sentAt : changed;
  if (at === undefined) throw new AlertError("StateChangeTime of the alarm's notification is no time");
  const { Trigger: trigger } = said;
  const single = trigger?.MetricName
    ? [{ namespace: trigger.Namespace ?? "", name: trigger.MetricName, dimensions: trigger.Dimensions }]
    : [];
  return {
    name: said.AlarmName,
    region: regionOfArn(said.AlarmArn) ?? regionOfArn(topicArn),
    description: said.AlarmDescription ?? "",
    state: said.NewStateValue,
    reason: said.NewStateReason,
    at,
    previous: said.OldStateValue ? { state: said.OldStateValue, at: null } : null,
    metrics: [
      ...single,
      ...(trigger?.Metrics ?? []).flatMap(({ MetricStat }) =>
        MetricStat
          ? [
              {
                namespace: MetricStat.Metric.Namespace,
                name: MetricStat.Metric.MetricName,
                dimensions: MetricStat.Metric.Dimensions,
              },
            ]
          : [],
      ),
    ],
    expressions: (trigger?.Metrics ?? []).flatMap(({ Expression }) => Expression || []),
    contributor: said.AlarmContributorAttributes ?? {},
    rule: said.AlarmRule ?? null,
    triggering: (said.TriggeringChildren ?? []).map(({ Arn, State }) => ({
      name: alarmOfArn(Arn),
      state: State?.Value ?? "ALARM",
    })),
    heldBack: null,
    tags: said.AlarmTags ?? {},
  };
}
