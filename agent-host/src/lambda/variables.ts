import { z } from "zod";

/** What every function needs besides the case table's variables: where wake-ups go. */
export const WakeVariables = z.object({
  ONCALL_WAKE_QUEUE_URL: z.string().min(1).describe("URL of the SQS queue that wakes the triage function"),
  ONCALL_SQS_ENDPOINT: z.string().optional().describe("an origin in place of SQS's own"),
});
