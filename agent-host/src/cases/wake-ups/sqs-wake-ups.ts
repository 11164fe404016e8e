import { StoreUnavailable } from "../case-store.ts";
import type { WakeUpMessage, WakeUps } from "./wake-ups.ts";

/** SQS delays a message no longer than this: a later wake-up is passed on by whoever it wakes too early. */
export const MAX_DELAY_SECONDS = 900;

export interface SqsOptions {
  readonly queueUrl: string;
  readonly region: string | undefined;
  /** An origin in place of AWS' own. */
  readonly endpoint: string | undefined;
  readonly now?: () => number;
}

/** Wake-ups as delayed messages of one standard SQS queue. Needs sqs:SendMessage on it. */
export async function openSqsWakeUps(options: SqsOptions): Promise<WakeUps> {
  const { SendMessageCommand, SQSClient } = await import("@aws-sdk/client-sqs");
  const { queueUrl: QueueUrl, region, endpoint, now = Date.now } = options;
  const client = new SQSClient({
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  return {
    wake: async (caseId, at) => {
      const message: WakeUpMessage = { case_id: caseId, due_at: at };
      const DelaySeconds = Math.min(Math.max(Math.ceil((at - now()) / 1000), 0), MAX_DELAY_SECONDS);
      try {
        await client.send(new SendMessageCommand({ QueueUrl, DelaySeconds, MessageBody: JSON.stringify(message) }));
      } catch (error) {
        const why = error instanceof Error ? error.name : String(error);
        throw new StoreUnavailable(`the wake-up of case ${caseId} could not be sent to ${QueueUrl} (${why})`);
      }
    },
    close: async () => client.destroy(),
  };
}
