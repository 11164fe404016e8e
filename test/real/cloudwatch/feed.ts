import type { MetricDatum } from "@aws-sdk/client-cloudwatch";

export const CREDENTIAL = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "an example of a secret" };
/** What PutMetricData takes at once. */
const AT_ONCE = 1_000;

export interface Fed {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Epoch seconds: the start of its period. */
  readonly at: number;
  readonly value: number;
}

/** Publishes values to the CloudWatch at `endpoint`, by AWS' own client over its own transport. */
export async function feed(endpoint: string, region: string, values: readonly Fed[]): Promise<void> {
  const { CloudWatchClient, PutMetricDataCommand } = await import("@aws-sdk/client-cloudwatch");
  const client = new CloudWatchClient({ endpoint, region, credentials: CREDENTIAL });
  const byNamespace = new Map<string, MetricDatum[]>();
  for (const { namespace, metric, dimensions, at, value } of values) {
    const data = byNamespace.get(namespace) ?? [];
    data.push({
      ...{ MetricName: metric, Timestamp: new Date(at * 1000), Value: value },
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    });
    byNamespace.set(namespace, data);
  }
  for (const [Namespace, data] of byNamespace) {
    for (let index = 0; index < data.length; index += AT_ONCE) {
      await client.send(new PutMetricDataCommand({ Namespace, MetricData: data.slice(index, index + AT_ONCE) }));
    }
  }
  client.destroy();
}
