import type { Finding } from "@oncall-copilot/core/server";

const NAMES = ["VisibilityTimeout", "RedrivePolicy"] as const;
/** Amazon's advice: six times the time limit of the function that the queue feeds, here fifteen minutes. */
const MIN_VISIBILITY_SECONDS = 6 * 900;

/** The queue that wakes the triage function: whether it can be seen, how long a message is hidden, and where dead letters go. */
export async function queueFindings(env: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  const url = env["ONCALL_WAKE_QUEUE_URL"];
  if (!url) return [];
  const say = (check: Finding["check"], status: Finding["status"], message: string, cure?: string): Finding => ({
    ...{ backend: "SQS", check, status, message },
    ...(cure === undefined ? {} : { cure }),
  });
  const { GetQueueAttributesCommand, SQSClient } = await import("@aws-sdk/client-sqs");
  const [region, endpoint] = [env["ONCALL_CASES_REGION"], env["ONCALL_SQS_ENDPOINT"]];
  const client = new SQSClient({ ...(region ? { region } : {}), ...(endpoint ? { endpoint } : {}), maxAttempts: 1 });
  try {
    const { Attributes: told = {} } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...NAMES] }),
    );
    const hidden = Number(told["VisibilityTimeout"] ?? 0);
    return [
      say("reachable", "ok", `the queue ${url} answers`),
      hidden >= MIN_VISIBILITY_SECONDS
        ? say("configured", "ok", `a message is hidden for ${hidden} s while it is worked on`)
        : say(
            "configured",
            "warning",
            `a message is hidden for ${hidden} s only, so that a long look is begun twice`,
            `set its visibility timeout to ${MIN_VISIBILITY_SECONDS} s: six times the function's time limit`,
          ),
      told["RedrivePolicy"]
        ? say("configured", "ok", "what cannot be worked on goes to its dead-letter queue")
        : say(
            "configured",
            "warning",
            "it has no dead-letter queue: what cannot be worked on comes again until it expires",
            "give it a redrive policy",
          ),
    ];
  } catch (error) {
    const why = error instanceof Error ? error.name : String(error);
    return [
      say(
        "reachable",
        "failure",
        `the queue ${url} cannot be asked (${why})`,
        "check ONCALL_WAKE_QUEUE_URL, and allow sqs:GetQueueAttributes and sqs:SendMessage on it",
      ),
    ];
  } finally {
    client.destroy();
  }
}
