import { perSecond, plain } from "../formula.ts";
import { byName, type Kind } from "./kind.ts";

/** A queue. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
export const sqs: Kind = {
  namespace: "AWS/SQS",
  takes: "the queue's name",
  named: byName("QueueName"),
  arn: ({ service, resource }) => (service === "sqs" ? { QueueName: resource } : undefined),
  signals: () => ({
    queue_depth: plain("Maximum", "ApproximateNumberOfMessagesVisible"),
    oldest_message_age_seconds: plain("Maximum", "ApproximateAgeOfOldestMessage"),
    in_flight_messages: plain("Maximum", "ApproximateNumberOfMessagesNotVisible"),
    messages_received_per_second: perSecond("NumberOfMessagesSent"),
    messages_read_per_second: perSecond("NumberOfMessagesDeleted"),
  }),
};
