/** Alarms as AWS tells of them, in the shapes of its documentation and of messages that people published. */

export const AT = "2026-11-23T07:21:02.180+0000";
const ARN = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:";
const TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms";
const REASON = "Threshold Crossed: 1 datapoint [5.0 (23/11/26 07:20:00)] was greater than the threshold (1.0).";

export const stat = (id: string, namespace: string, name: string, dimensions: Record<string, string>) => ({
  id,
  metricStat: { metric: { namespace, name, dimensions }, period: 60, stat: "Sum" },
  returnData: false,
});

interface EventOptions {
  readonly state?: string;
  readonly at?: string;
  readonly before?: { readonly value: string; readonly at: string };
  readonly metrics?: readonly object[];
  readonly muteDetail?: object;
}

const detailOf = ({ state = "ALARM", at = AT, before, metrics, muteDetail }: EventOptions) => ({
  alarmName: "resize-errors-high",
  state: { value: state, reason: REASON, reasonData: '{"version":"1.0","threshold":1.0}', timestamp: at },
  previousState: { value: before?.value ?? "OK", reason: "", timestamp: before?.at ?? "2026-11-23T06:00:00.000+0000" },
  configuration: {
    description: "resize fails",
    metrics: metrics ?? [stat("m1", "AWS/Lambda", "Errors", { FunctionName: "resize" })],
  },
  ...(muteDetail ? { muteDetail } : {}),
});

export const event = (options: EventOptions = {}) => ({
  version: "0",
  id: "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
  "detail-type": "CloudWatch Alarm State Change",
  source: "aws.cloudwatch",
  account: "123456789012",
  time: "2026-11-23T07:21:02Z",
  region: "eu-west-1",
  resources: [`${ARN}resize-errors-high`],
  detail: detailOf(options),
});

export const lambdaAction = () => ({
  source: "aws.cloudwatch",
  alarmArn: `${ARN}resize-errors-high`,
  accountId: "123456789012",
  time: "2026-11-23T07:21:02.490+0000",
  region: "eu-west-1",
  alarmData: detailOf({}),
});

export const notification = (more: object = {}) => ({
  AlarmName: "resize-errors-high",
  AlarmDescription: "resize fails",
  AWSAccountId: "123456789012",
  AlarmConfigurationUpdatedTimestamp: "2026-01-01T00:00:00.000+0000",
  NewStateValue: "ALARM",
  NewStateReason: REASON,
  StateChangeTime: AT,
  Region: "EU (Ireland)",
  AlarmArn: `${ARN}resize-errors-high`,
  OldStateValue: "OK",
  OKActions: [],
  AlarmActions: [TOPIC],
  Trigger: {
    MetricName: "Errors",
    Namespace: "AWS/Lambda",
    StatisticType: "Statistic",
    Statistic: "SUM",
    Unit: null,
    Dimensions: [{ value: "resize", name: "FunctionName" }],
    Period: 60,
    EvaluationPeriods: 1,
    ComparisonOperator: "GreaterThanThreshold",
    Threshold: 1.0,
  },
  ...more,
});

export const contributor = {
  ...event(),
  "detail-type": "CloudWatch Alarm Contributor State Change",
  detail: {
    alarmName: "DynamoDBInsightsAlarm",
    alarmContributor: { id: "6d442278dba546f6", attributes: { TableName: "offers" } },
    state: {
      value: "ALARM",
      reason: "Threshold Crossed: 1 datapoint was less than the threshold (1.0).",
      timestamp: AT,
    },
    configuration: {
      metrics: [
        {
          id: "m1",
          expression:
            'SELECT AVG(ConsumedWriteCapacityUnits) FROM "AWS/DynamoDB" GROUP BY TableName ORDER BY MAX() DESC',
          returnData: true,
          period: 60,
        },
      ],
    },
  },
};

const RULE = 'ALARM("promotions-errors") OR ALARM("storefront-latency")';

export const composite = (state: object = {}) => ({
  ...event(),
  detail: {
    alarmName: "shop-critical",
    state: {
      value: "ALARM",
      reason: `${ARN}promotions-errors transitioned to ALARM at Monday 23 November, 2026 07:20:30 UTC`,
      reasonData: JSON.stringify({
        triggeringAlarms: [{ arn: `${ARN}promotions-errors`, state: { value: "ALARM", timestamp: AT } }],
      }),
      timestamp: AT,
      ...state,
    },
    configuration: { alarmRule: RULE, actionsSuppressor: "maintenance", actionsSuppressorWaitPeriod: 120 },
  },
});

export const compositeNotification = {
  AlarmName: "shop-critical",
  AlarmDescription: null,
  NewStateValue: "ALARM",
  NewStateReason: `${ARN}promotions-errors transitioned to ALARM`,
  StateChangeTime: AT,
  Region: "EU (Ireland)",
  AlarmArn: `${ARN}shop-critical`,
  OldStateValue: "OK",
  AlarmRule: RULE,
  TriggeringChildren: [{ Arn: `${ARN}promotions-errors`, State: { Value: "ALARM", Timestamp: AT } }],
};

const text = (message: unknown) => (typeof message === "string" ? message : JSON.stringify(message));

export const sns = (message: unknown) => ({
  Type: "Notification",
  MessageId: "95df01b4-ee98-5cb9-9903-4c221d41eb5e",
  TopicArn: TOPIC,
  Subject: "ALARM",
  Message: text(message),
  Timestamp: "2026-11-23T07:21:30.000Z",
  SignatureVersion: "1",
  Signature: "EXAMPLE",
  SigningCertURL: "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123.pem",
  UnsubscribeURL: "https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe",
});

export const sqs = (...bodies: unknown[]) => ({
  Records: bodies.map((body, index) => ({
    messageId: `00000000-0000-4000-8000-00000000000${index}`,
    receiptHandle: "AQEB",
    body: text(body),
    attributes: { ApproximateReceiveCount: "1", SentTimestamp: "1795418490000" },
    messageAttributes: {},
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:eu-west-1:123456789012:oncall-alerts",
    awsRegion: "eu-west-1",
  })),
});
