/** One metric that an alarm looks at. */
export interface AlarmMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export type AlarmState = "ALARM" | "OK" | "INSUFFICIENT_DATA";

/** A CloudWatch alarm that changed its state, whichever way it was told: EventBridge, the alarm's own Lambda action, SNS. */
export interface Alarm {
  readonly name: string;
  /** Null where only the region's display name was told. */
  readonly region: string | null;
  readonly description: string;
  readonly state: AlarmState;
  readonly reason: string;
  /** When it came into this state, epoch milliseconds. */
  readonly at: number;
  /** The state before, where it was told; `at` in epoch milliseconds. */
  readonly previous: { readonly state: AlarmState; readonly at: number | null } | null;
  /** All its metrics, those that only an expression uses included. */
  readonly metrics: readonly AlarmMetric[];
  /** Metric math and Metrics Insights queries. */
  readonly expressions: readonly string[];
  /** The one time series of a multi-series alarm that this is about. */
  readonly contributor: Readonly<Record<string, string>>;
  /** Of a composite alarm: its rule, and the alarms that set it off or cleared it, by name and with their state. */
  readonly rule: string | null;
  readonly triggering: readonly { readonly name: string; readonly state: string }[];
  /** Why its actions were held back: a suppressor alarm, its waiting period, a mute rule. */
  readonly heldBack: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** The alarm's name in its ARN; a name may hold colons. */
export const alarmOfArn = (arn: string): string => arn.split(":alarm:").slice(1).join(":alarm:") || arn;

/** The region of an ARN, null when it names none. */
export const regionOfArn = (arn: string | undefined): string | null =>
  arn?.startsWith("arn:") ? arn.split(":")[3] || null : null;
