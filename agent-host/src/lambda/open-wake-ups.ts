import { readEnvironment } from "@oncall-copilot/core/server";
import { openSqsWakeUps } from "../cases/wake-ups/sqs-wake-ups.ts";
import type { WakeUps } from "../cases/wake-ups/wake-ups.ts";
import { WakeVariables } from "./variables.ts";

/** Wake-ups by the queue that feeds the triage function. @throws ConfigError */
export function openWakeUps(env: NodeJS.ProcessEnv): Promise<WakeUps> {
  const read = readEnvironment(WakeVariables, env);
  return openSqsWakeUps({
    queueUrl: read.ONCALL_WAKE_QUEUE_URL,
    region: env["AWS_REGION"],
    endpoint: read.ONCALL_SQS_ENDPOINT,
  });
}
