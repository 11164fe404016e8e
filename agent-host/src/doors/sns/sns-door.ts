import { AlertError, SnsMessage } from "@oncall-copilot/core";
import { type Door, Unauthorized } from "../door.ts";
import { jsonOf } from "../json-body.ts";
import { isAmazonSns } from "./amazon-address.ts";
import { type GetText, SnsVerifier } from "./verify-message.ts";

const TIMEOUT_MS = 10_000;

/** SNS over HTTP: signed by Amazon, of a configured topic. A subscription is confirmed for those topics only. */
export function snsDoor(topics: readonly string[], get: GetText): Door {
  const verifier = new SnsVerifier(get);
  return {
    name: "sns",
    path: "/alerts/sns",
    admit: async ({ body }) => {
      const parsed = SnsMessage.safeParse(jsonOf(body));
      if (!parsed.success)
        throw new AlertError(
          "this is no SNS message: leave raw message delivery off, since only the envelope is signed",
        );
      const message = parsed.data;
      if (!topics.includes(message.TopicArn)) throw new Unauthorized("the topic is none that ONCALL_SNS_TOPICS names");
      await verifier.verify(message);
      if (message.Type === "Notification") return { kind: "payload", payload: message };
      if (message.Type === "UnsubscribeConfirmation") return { kind: "done", what: "an end of the subscription" };
      if (!isAmazonSns(message.SubscribeURL)) throw new Unauthorized("SubscribeURL is none of Amazon's");
      await get(message.SubscribeURL, AbortSignal.timeout(TIMEOUT_MS));
      return { kind: "done", what: `the subscription to ${message.TopicArn} is confirmed` };
    },
  };
}
