import type { Subject } from "../subject.ts";
import { type Alarm, alarmOfArn } from "./alarm.ts";

/** Tags that say which service an alarm is for, compared in lower case with everything but letters as one dash. */
const SERVICE_TAGS = new Set([
  "service", "service-name", "servicename", "app", "application", "component", "oncall-service", "microservice",
  "backstage-io-kubernetes-id", "app-kubernetes-io-name",
]); // biome-ignore format: a word list

/** Dimensions that name the thing an alarm is about, in the order of trust; what many share comes last. */
const DIMENSIONS = [
  "Service", "ServiceName", "service", "service.name", "FunctionName", "PodName", "StateMachineArn", "DBClusterIdentifier",
  "DBInstanceIdentifier", "QueueName", "TableName", "StreamName", "DeliveryStreamName", "TopicName", "BucketName", "CacheClusterId",
  "ReplicationGroupId", "Consumer Group", "Topic", "ApiName", "ApiId", "DomainName", "RuleName", "Application", "ApplicationName",
  "LogGroupName", "TargetGroup", "LoadBalancer", "LoadBalancerName", "AutoScalingGroupName", "EnvironmentName", "ClusterName",
  "Cluster Name",
]; // biome-ignore format: a word list

/** Dimensions that say where or how, and never what. */
const PLACES = new Set([
  "Namespace", "Region", "AvailabilityZone", "Environment", "Stage", "Currency", "InstanceId", "ImageId", "Method", "Resource",
  "Operation", "ClientId", "Broker ID", "Role", "Class", "Type",
]); // biome-ignore format: a word list

const tagName = (key: string) => key.toLowerCase().replace(/[^a-z]+/g, "-").replace(/^-|-$/g, ""); // biome-ignore format: one line

/** Every dimension of the alarm's series, metrics and queries; the first that has a name wins. */
export function dimensionsOf(alarm: Alarm): Record<string, string> {
  const all: Record<string, string> = { ...alarm.contributor };
  for (const { dimensions } of alarm.metrics)
    for (const [name, value] of Object.entries(dimensions)) all[name] ??= value;
  return all;
}

/** `WHERE FunctionName = 'resize'` of a Metrics Insights query: its one way to have a dimension. */
const INSIGHTS_FILTER = /\b([A-Za-z]\w*|"[^"]+")\s*=\s*'([^']+)'/g;

/** `ALARM("checkout-errors")`, `ALARM(checkout-errors)` and by ARN, of a composite alarm's rule. */
const IN_RULE = /\bALARM\s*\(\s*(?:"([^"]+)"|'([^']+)'|([^()"']+?))\s*\)/g;

/** The names in an alarm that may be its service's, best first: its tags, the dimensions of all its metrics, the alarms that set it off. */
export function subjectsOfAlarm(alarm: Alarm): Subject[] {
  const tagged = Object.entries(alarm.tags)
    .filter(([key]) => SERVICE_TAGS.has(tagName(key)))
    .map(([from, name]): Subject => ({ name, from, means: "tag" }));
  const pairs: [string, string][] = [
    ...Object.entries(alarm.contributor),
    ...alarm.metrics.flatMap(({ dimensions }) => Object.entries(dimensions)),
    ...alarm.expressions.flatMap((expression) =>
      [...expression.matchAll(INSIGHTS_FILTER)].map(([, name = "", value = ""]): [string, string] => [
        name.replaceAll('"', ""),
        value,
      ]),
    ),
  ];
  const rank = (name: string) => (DIMENSIONS.includes(name) ? DIMENSIONS.indexOf(name) : DIMENSIONS.length);
  const resources = pairs
    .filter(([name, value]) => value !== "" && !PLACES.has(name))
    .map(
      ([from, value]): Subject => ({
        name: resourceName(from, value),
        from,
        means: from === "PodName" ? "pod" : "resource",
      }),
    )
    .sort((a, b) => rank(a.from) - rank(b.from));
  const triggered = alarm.triggering
    .filter(({ state }) => state === alarm.state || (alarm.state === "ALARM") === (state === "ALARM"))
    .map(({ name }): Subject => ({ name, from: "triggering alarm", means: "alarm" }));
  const inRule = [...(alarm.rule ?? "").matchAll(IN_RULE)].map(
    ([, double, single, bare]): Subject => ({
      name: alarmOfArn(double ?? single ?? bare ?? ""),
      from: "alarm rule",
      means: "alarm_rule",
    }),
  );
  const all = [...tagged, ...resources, ...triggered, ...inRule];
  return all.filter(
    (one, index) => all.findIndex((other) => other.name === one.name && other.means === one.means) === index,
  );
}

/** A log group or a state machine by the function or machine that it belongs to. */
function resourceName(dimension: string, value: string): string {
  if (dimension === "LogGroupName") return value.slice(value.lastIndexOf("/") + 1) || value;
  return value.startsWith("arn:") ? value.slice(value.lastIndexOf(":") + 1) : value;
}
