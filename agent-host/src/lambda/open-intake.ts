import { readEnvironment } from "@oncall-copilot/core/server";
import { z } from "zod";
import { catalogOf } from "../app/moment.ts";
import { openCases } from "../app/open-cases.ts";
import { openCatalogAt } from "../app/open-catalog.ts";
import { readSettings } from "../app/settings.ts";
import { sqsWaker } from "../doors/lambda/sqs-waker.ts";
import type { IntakePorts } from "../intake/take-in.ts";

/** The variables of the function that takes alerts in, besides those of the catalog and the cases. */
export const AlertFunctionVariables = z.object({
  ONCALL_WAKE_QUEUE_URL: z.string().min(1).describe("URL of the SQS queue that wakes the triage function"),
  ONCALL_SQS_ENDPOINT: z.string().optional().describe("an origin in place of SQS's own"),
});

/** @throws ConfigError that names the variable that is wrong or missing */
export async function openIntake(env: NodeJS.ProcessEnv): Promise<IntakePorts> {
  const read = readEnvironment(AlertFunctionVariables, env);
  const catalog = await openCatalogAt(await catalogOf(readSettings(env)), env);
  const region = env["AWS_REGION"];
  return {
    cases: await openCases(env, catalog),
    wake: sqsWaker({ queueUrl: read.ONCALL_WAKE_QUEUE_URL, region, endpoint: read.ONCALL_SQS_ENDPOINT }),
  };
}
