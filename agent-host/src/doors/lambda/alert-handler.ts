import { z } from "zod";
import { type IntakePorts, takeIn } from "../../intake/take-in.ts";
import { openedOnce } from "./opened-once.ts";

/** What Lambda is told of an SQS batch: the messages to deliver again, and none of the others. */
export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

const SqsBatch = z.object({
  Records: z
    .array(z.looseObject({ eventSource: z.literal("aws:sqs"), messageId: z.string(), body: z.string() }))
    .min(1),
});

export interface AlertHandlerParts {
  /** Opened at the first event, and kept: what starts cold opens nothing. */
  open(): Promise<IntakePorts>;
  readonly now: () => number;
  log(message: string, about: Readonly<Record<string, unknown>>): void;
}

/**
 * The Lambda function that takes alerts in: EventBridge's events, SNS's, SQS's batches, and what a CloudWatch alarm's own action
 * hands over. AWS has authenticated the sender by the function's policy. When it returns, the alerts are durable.
 *
 * What throws is delivered again: by Lambda twice for events and SNS, then to the on-failure destination; of an SQS batch only the
 * messages that failed, then to the dead-letter queue.
 */
export function alertHandler(parts: AlertHandlerParts): (event: unknown) => Promise<BatchResponse | null> {
  const ports = openedOnce(() => parts.open());
  const take = async (payload: unknown): Promise<void> => {
    const { alerts, ignored } = await takeIn(payload, await ports(), parts.now());
    parts.log("alerts taken in", { alerts: alerts.length, ignored });
  };
  return async (event) => {
    const batch = SqsBatch.safeParse(event);
    if (!batch.success) {
      await take(event);
      return null;
    }
    const failed = await Promise.all(
      batch.data.Records.map((record) =>
        take({ Records: [record] }).then(
          () => [],
          (error: unknown) => {
            parts.log("a message could not be taken in", { message: record.messageId, why: String(error) });
            return [{ itemIdentifier: record.messageId }];
          },
        ),
      ),
    );
    return { batchItemFailures: failed.flat() };
  };
}
