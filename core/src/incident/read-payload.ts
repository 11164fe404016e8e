import type { z } from "zod";
import { AlertError } from "../errors.ts";
import { alertsInText } from "./alert-text.ts";
import { AlertmanagerWebhook, incidentsFromAlertmanager } from "./alertmanager.ts";
import type { Alarm } from "./cloudwatch/alarm.ts";
import { alarmOfAction, alarmOfEvent, CloudWatchAction, CloudWatchEvent } from "./cloudwatch/event.ts";
import { incidentOfAlarm } from "./cloudwatch/incident-of-alarm.ts";
import { alarmOfNotification, CloudWatchNotification } from "./cloudwatch/notification.ts";
import type { Incident } from "./incident.ts";
import { incidentFromPagerDuty, PagerDutyEvent, startOfPagerDuty, statusOfPagerDuty } from "./pagerduty.ts";
import { SnsMessage } from "./sns-message.ts";
import { epochOf } from "./time-text.ts";

const ACCEPTED =
  'an Alertmanager, Mimir or Grafana webhook body, an EventBridge "CloudWatch Alarm State Change" event, what an alarm\'s Lambda action or its SNS topic is sent, or a PagerDuty v3 webhook';

/** Most alerts of one payload, and how deep envelopes may lie in one another: beyond that it is no alert. */
const MAX_ALERTS = 1_000;
const MAX_DEPTH = 5;
/** How deep an alert is looked for in PagerDuty's details. */
const MAX_DETAIL_DEPTH = 8;

/** What an envelope says of what is inside. */
interface Context {
  readonly depth: number;
  /** Epoch milliseconds. */
  readonly sentAt?: number | undefined;
  readonly topicArn?: string | undefined;
}

export interface Payload {
  /** Every alert of it, worst first within one group. */
  readonly incidents: readonly Incident[];
  /** What it also told that is no alert, such as an acknowledgement, and why nothing comes of it. */
  readonly ignored: readonly string[];
}

type Body = Readonly<Record<string, unknown>>;

/**
 * Every alert in any payload that is understood, out of whatever envelopes it came in.
 *
 * @throws AlertError that says what it looks like and what is wrong with it.
 */
export const readPayload = (payload: unknown): Payload => read(payload, { depth: 0 });

function read(payload: unknown, context: Context): Payload {
  if (context.depth > MAX_DEPTH) throw new AlertError(`the payload lies in more than ${MAX_DEPTH} envelopes`);
  if (Array.isArray(payload) && payload.length > 0) return readAll(payload, context);
  if (payload === null || typeof payload !== "object" || Array.isArray(payload)) {
    throw new AlertError(`the payload is not a JSON object; it must be ${ACCEPTED}`);
  }
  const body = payload as Body;
  if (Array.isArray(body["Records"])) return readAll(body["Records"], context);
  if ("Sns" in body) return readSns(body["Sns"], context);
  if ("TopicArn" in body && "Type" in body) return readSns(body, context);
  if (typeof body["body"] === "string" && "messageId" in body) return readText(body["body"], deeper(context));
  if ("alarmData" in body)
    return ofAlarm(alarmOfAction(parse(CloudWatchAction, body, "a CloudWatch alarm's Lambda action")));
  if ("AlarmName" in body) {
    const said = parse(CloudWatchNotification, body, "a CloudWatch alarm's SNS message");
    return ofAlarm(alarmOfNotification(said, context.sentAt, context.topicArn));
  }
  if (body["source"] === "aws.cloudwatch" || "detail-type" in body) {
    return ofAlarm(alarmOfEvent(parse(CloudWatchEvent, body, "an EventBridge event")));
  }
  if ("alerts" in body || "groupKey" in body) return readWebhook(body, context);
  if ("event" in body) return readPagerDuty(parse(PagerDutyEvent, body, "a PagerDuty v3 webhook"), context);
  if ("evalMatches" in body || "ruleName" in body) {
    throw new AlertError(
      "this is a webhook of Grafana's legacy alerting, which Grafana took out in version 11; use its unified alerting",
    );
  }
  if ("messages" in body) throw new AlertError("this is a PagerDuty v2 webhook; make a v3 webhook subscription");
  throw new AlertError(`the payload is not a known alert; it must be ${ACCEPTED}`);
}

const deeper = (context: Context): Context => ({ ...context, depth: context.depth + 1 });

function parse<T extends z.ZodType>(schema: T, payload: unknown, what: string): z.output<T> {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, 4).map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new AlertError(`this looks like ${what}, but it is not whole: ${problems.join("; ")}`);
}

const joined = (parts: readonly Payload[]): Payload => ({
  incidents: parts.flatMap(({ incidents }) => incidents),
  ignored: parts.flatMap(({ ignored }) => ignored),
});

/** Records of SNS or SQS, events in a batch, or bare alerts as Prometheus itself sends them. */
function readAll(items: readonly unknown[], context: Context): Payload {
  if (items.length > MAX_ALERTS) throw new AlertError(`the payload has ${items.length} parts, more than ${MAX_ALERTS}`);
  const bare = items.every(
    (item) => item !== null && typeof item === "object" && "labels" in item && !("alerts" in item),
  );
  if (!bare) return joined(items.map((item) => read(item, deeper(context))));
  const over = ({ endsAt }: Body) => typeof endsAt === "string" && epochOf(endsAt) > 0 && epochOf(endsAt) <= Date.now();
  const alerts = (items as Body[]).map((item) => ({ status: over(item) ? "resolved" : "firing", ...item }));
  return readWebhook({ alerts }, context);
}

function readWebhook(body: Body, context: Context): Payload {
  if (Array.isArray(body["alerts"]) && body["alerts"].length > MAX_ALERTS) {
    throw new AlertError(
      `the webhook has ${body["alerts"].length} alerts, more than ${MAX_ALERTS}; set max_alerts in Alertmanager`,
    );
  }
  const webhook = parse(AlertmanagerWebhook, body, "an Alertmanager webhook");
  return { incidents: incidentsFromAlertmanager(webhook, context.sentAt), ignored: [] };
}

function ofAlarm(alarm: Alarm): Payload {
  if (alarm.heldBack === null) return { incidents: [incidentOfAlarm(alarm)], ignored: [] };
  // Told to stay quiet by its owner. When the suppressor lets go, another event says so.
  return { incidents: [], ignored: [`the actions of alarm ${alarm.name} are held back by ${alarm.heldBack}`] };
}

function readSns(envelope: unknown, context: Context): Payload {
  const sns = parse(SnsMessage, envelope, "an SNS message");
  if (sns.Type !== "Notification") return { incidents: [], ignored: [`an SNS ${sns.Type} of ${sns.TopicArn}`] };
  const sentAt = epochOf(sns.Timestamp ?? "");
  return readText(sns.Message, {
    ...deeper(context),
    topicArn: sns.TopicArn,
    ...(Number.isNaN(sentAt) ? {} : { sentAt }),
  });
}

/** JSON in a string, or the text that Alertmanager's default templates make. */
function readText(text: string, context: Context): Payload {
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch {
    const alerts = alertsInText(text);
    if (alerts.length > 0) return readWebhook({ alerts }, context);
    throw new AlertError(`the message is neither JSON nor Alertmanager's text; it must be ${ACCEPTED}`);
  }
  return read(payload, context);
}

/** The alert's own payload when its sender put it into the incident's details, else what PagerDuty itself tells. */
function readPagerDuty(event: PagerDutyEvent, context: Context): Payload {
  const status = statusOfPagerDuty(event);
  if (status === null) return { incidents: [], ignored: [`PagerDuty's ${event.event.event_type}`] };
  const inside = insideOf(event.event.data, { ...deeper(context), sentAt: startOfPagerDuty(event) });
  const incidents = inside.length > 0 ? inside : [incidentFromPagerDuty(event)];
  return { incidents: incidents.map((one) => ({ ...one, status })), ignored: [] };
}

function insideOf(value: unknown, context: Context, depth = 0): readonly Incident[] {
  if (depth > MAX_DETAIL_DEPTH || value === null || value === undefined) return [];
  if (typeof value === "string") return value.length > 20 ? attempt(() => readText(value, context)) : [];
  if (typeof value !== "object") return [];
  const found = attempt(() => read(value, context));
  if (found.length > 0) return found;
  for (const part of Object.values(value)) {
    const inPart = insideOf(part, context, depth + 1);
    if (inPart.length > 0) return inPart;
  }
  return [];
}

/** Most of what stands in an incident's details is no alert at all. */
function attempt(reading: () => Payload): readonly Incident[] {
  try {
    return reading().incidents;
  } catch (error) {
    if (error instanceof AlertError) return [];
    throw error;
  }
}
