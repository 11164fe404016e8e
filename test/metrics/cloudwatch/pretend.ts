import { join } from "node:path";
import type { ServerDefinition } from "@oncall-copilot/core/server";
import { vi } from "vitest";
import { buildServer, configSchema } from "../../../servers/metrics/src/server.ts";
import { type Handler, type Received, sendJson } from "../../support/http/server.ts";
import { writeRecording } from "../../support/recording.ts";

/** The moment that these tests stand at, epoch seconds; on the grid of every period they use. */
export const NOW = Date.parse("2026-03-01T10:15:00Z") / 1000;
export const MINUTE = 60;
export const REGION = "eu-west-1";
export const ACCOUNT = "123456789012";

/** A metric as a request names it: `AWS/Lambda Errors FunctionName=checkout Sum`, dimensions in the order of their names. */
export type MetricName = string;

interface Query {
  readonly Id: string;
  readonly MetricStat: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    };
    readonly Period: number;
    readonly Stat: string;
  };
}

/** The request of GetMetricData in AWS' JSON protocol: times are epoch seconds. */
export interface DataRequest {
  readonly MetricDataQueries: readonly Query[];
  readonly StartTime: number;
  readonly EndTime: number;
  readonly MaxDatapoints?: number;
  readonly NextToken?: string;
}

export const nameOf = ({ MetricStat: { Metric: metric, Stat } }: Query): MetricName => {
  const dimensions = metric.Dimensions.map(({ Name, Value }) => `${Name}=${Value}`).sort();
  return [metric.Namespace, metric.MetricName, ...dimensions, Stat].join(" ");
};

/** `GetMetricData`, out of `GraniteServiceVersion20100801.GetMetricData`. */
export const operationOf = ({ headers }: Received): string =>
  String(headers["x-amz-target"] ?? "").replace("GraniteServiceVersion20100801.", "");

export const dataRequest = ({ body }: Received): DataRequest => JSON.parse(body) as DataRequest;

export interface PretendHistoryItem {
  readonly alarm: string;
  /** Epoch seconds. */
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly reason?: string;
}

export interface PretendAlarm {
  readonly name: string;
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly state: string;
  /** Epoch seconds. */
  readonly since: number;
  readonly reason?: string;
}

export interface Pretended {
  /** A metric's value in the period that starts at an instant in epoch seconds; undefined where there is none. */
  value?(metric: MetricName, start: number): number | undefined;
  readonly history?: readonly PretendHistoryItem[];
  readonly alarms?: readonly PretendAlarm[];
  /** Most data points of one answer, if fewer than were asked for. */
  readonly page?: number;
}

/** Answers as CloudWatch does in AWS' JSON protocol, from what a test says that it knows. */
export function answering({ value = () => undefined, history = [], alarms = [], page }: Pretended): Handler {
  return (request, response) => {
    const operation = operationOf(request);
    const asked = JSON.parse(request.body) as Record<string, unknown>;
    const headers = { "content-type": "application/x-amz-json-1.0", "x-amzn-requestid": "1" };
    if (operation === "GetMetricData")
      return sendJson(response, 200, metricData(dataRequest(request), value, page), headers);
    if (operation === "DescribeAlarms") return sendJson(response, 200, describeAlarms(asked, alarms), headers);
    if (operation === "DescribeAlarmHistory") return sendJson(response, 200, alarmHistory(asked, history), headers);
    return refusing("InvalidAction", operation)(request, response);
  };
}

/** Points in the order of the queries and of time, cut into pages as CloudWatch does: by the number of points of all metrics together. */
export function metricData(
  { MetricDataQueries: queries, StartTime: start, EndTime: end, MaxDatapoints: most, NextToken: token }: DataRequest,
  value: NonNullable<Pretended["value"]>,
  page = most ?? 100_800,
) {
  const all = queries.flatMap((query) => {
    const { Period: period } = query.MetricStat;
    const starts = Array.from({ length: Math.ceil((end - start) / period) }, (_, index) => start + index * period);
    return starts.flatMap((at) => {
      const given = value(nameOf(query), at);
      return given === undefined ? [] : [{ id: query.Id, at, given }];
    });
  });
  const from = token === undefined ? 0 : Number(token);
  const shown = all.slice(from, from + page);
  const isLast = from + page >= all.length;
  return {
    MetricDataResults: queries.map(({ Id, MetricStat }) => {
      const own = shown.filter(({ id }) => id === Id);
      return {
        ...{ Id, Label: MetricStat.Metric.MetricName, StatusCode: isLast ? "Complete" : "PartialData" },
        ...{ Timestamps: own.map(({ at }) => at), Values: own.map(({ given }) => given) },
      };
    }),
    ...(isLast ? {} : { NextToken: String(from + page) }),
    Messages: [],
  };
}

export function describeAlarms(asked: Record<string, unknown>, alarms: readonly PretendAlarm[]) {
  const { StateValue: state, AlarmNames: names } = asked as { StateValue?: string; AlarmNames?: string[] };
  const matching = alarms
    .filter((alarm) => (state === undefined || alarm.state === state) && (names?.includes(alarm.name) ?? true))
    .map((alarm) => ({
      ...{ AlarmName: alarm.name, AlarmArn: `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${alarm.name}` },
      ...{
        StateValue: alarm.state,
        StateReason: alarm.reason ?? "Threshold Crossed",
        StateUpdatedTimestamp: alarm.since,
      },
      ...{ Namespace: alarm.namespace, MetricName: "Errors", Statistic: "Sum", Period: 60, EvaluationPeriods: 1 },
      Dimensions: Object.entries(alarm.dimensions).map(([Name, Value]) => ({ Name, Value })),
    }));
  return { MetricAlarms: matching, CompositeAlarms: [] };
}

export function alarmHistory(asked: Record<string, unknown>, history: readonly PretendHistoryItem[]) {
  const { StartDate: start = 0, EndDate: end = NOW } = asked as { StartDate?: number; EndDate?: number };
  const items = history
    .filter(({ at }) => at >= start && at <= end)
    .map(({ alarm, at, from, to, reason = "Threshold Crossed" }) => ({
      ...{ AlarmName: alarm, AlarmType: "MetricAlarm", Timestamp: at, HistoryItemType: "StateUpdate" },
      HistorySummary: `Alarm updated from ${from} to ${to}`,
      HistoryData: JSON.stringify({
        version: "1.0",
        oldState: { stateValue: from, stateReason: "" },
        newState: { stateValue: to, stateReason: reason },
      }),
    }));
  return { AlarmHistoryItems: items };
}

/** An error as AWS' JSON protocol has it, with the header that keeps the code of its older query protocol. */
export const refusing =
  (code: string, message: string, status = 400): Handler =>
  (_, response) =>
    sendJson(
      response,
      status,
      { __type: `com.amazonaws.cloudwatch#${code}`, message },
      { "content-type": "application/x-amz-json-1.0", "x-amzn-query-error": `${code};Sender` },
    );

export const CREDENTIAL = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "an example of a secret" };

/** A credential in this process's environment, and none of the machine's own, until `vi.unstubAllEnvs`. */
export function stubCredential(credential: Readonly<Record<string, string>> = CREDENTIAL): void {
  for (const name of Object.keys(process.env).filter((one) => one.startsWith("AWS_"))) vi.stubEnv(name, undefined);
  const nowhere = {
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  };
  for (const [name, value] of Object.entries({ ...nowhere, ...credential })) vi.stubEnv(name, value);
}

/** A server that answers from the CloudWatch at `url`, over the catalog given or the tests' usual one. */
export async function metricsServer(
  url: string,
  env: Record<string, string> = {},
  catalog?: readonly object[],
): Promise<ServerDefinition> {
  const folder = await writeRecording(catalog ? { catalog } : {});
  return buildServer(
    configSchema.parse({
      ONCALL_METRICS_CLOUDWATCH_REGION: REGION,
      ONCALL_METRICS_CLOUDWATCH_ENDPOINT: url,
      ONCALL_METRICS_CLOUDWATCH_SETTLE_SECONDS: "0",
      ONCALL_CATALOG: join(folder, "catalog.yaml"),
      ONCALL_AS_OF: new Date(NOW * 1000).toISOString(),
      ...env,
    }),
  );
}
