import type { z } from "zod";
import { AlertError } from "../errors.ts";
import { AlertmanagerWebhook, incidentFromAlertmanager } from "./alertmanager.ts";
import { CloudWatchEvent, incidentFromCloudWatch } from "./cloudwatch.ts";
import type { Incident } from "./incident.ts";

const ACCEPTED = 'an Alertmanager webhook body (version "4") or an EventBridge "CloudWatch Alarm State Change" event';

/** Deepest sensible payload and the most text in one field: beyond that it is no alert. */
const MAX_ALERTS = 1_000;

function parse<T extends z.ZodType>(schema: T, payload: unknown, what: string): z.output<T> {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, 4).map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new AlertError(`this looks like ${what}, but it is not whole: ${problems.join("; ")}`);
}

/** One Incident out of any payload that is understood, or an {@link AlertError} that says what is wrong with it. */
export function incidentFromPayload(payload: unknown): Incident {
  if (payload === null || typeof payload !== "object" || Array.isArray(payload)) {
    throw new AlertError(`the payload is not a JSON object; it must be ${ACCEPTED}`);
  }
  const body = payload as Record<string, unknown>;
  if (body["source"] === "aws.cloudwatch" || "detail-type" in body) {
    return incidentFromCloudWatch(parse(CloudWatchEvent, body, "an EventBridge event"));
  }
  if ("alerts" in body || "groupKey" in body) {
    if (Array.isArray(body["alerts"]) && body["alerts"].length > MAX_ALERTS) {
      throw new AlertError(
        `the webhook has ${body["alerts"].length} alerts, more than ${MAX_ALERTS}; set max_alerts in Alertmanager`,
      );
    }
    return incidentFromAlertmanager(parse(AlertmanagerWebhook, body, "an Alertmanager webhook"));
  }
  throw new AlertError(`the payload is not a known alert; it must be ${ACCEPTED}`);
}
