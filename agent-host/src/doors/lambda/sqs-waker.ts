import type { SQSClient } from "@aws-sdk/client-sqs";

/** SQS delays a message by this much at the most, in seconds: a wake-up further off is sent on when it arrives. */
export const MAX_DELAY_SECONDS = 900;

export interface SqsWakerOptions {
  readonly queueUrl: string;
  readonly region: string | undefined;
  /** An origin in place of AWS' own; for an interface endpoint or a test. */
  readonly endpoint: string | undefined;
  readonly now?: () => number;
}

/** Has the triage function look at a case from an instant on (epoch milliseconds), by a delayed message. Needs sqs:SendMessage on the queue. */
export function sqsWaker({ queueUrl, region, endpoint, now = Date.now }: SqsWakerOptions) {
  let client: Promise<{ sqs: SQSClient; Send: typeof import("@aws-sdk/client-sqs").SendMessageCommand }> | undefined;
  const open = async () => {
    const aws = await import("@aws-sdk/client-sqs");
    const sqs = new aws.SQSClient({ ...(region ? { region } : {}), ...(endpoint ? { endpoint } : {}) });
    return { sqs, Send: aws.SendMessageCommand };
  };
  return async (caseId: string, at: number): Promise<void> => {
    client ??= open();
    const { sqs, Send } = await client;
    const seconds = Math.ceil((at - now()) / 1000);
    const DelaySeconds = Math.min(Math.max(seconds, 0), MAX_DELAY_SECONDS);
    await sqs.send(
      new Send({ QueueUrl: queueUrl, MessageBody: JSON.stringify({ case_id: caseId, at }), DelaySeconds }),
    );
  };
}
