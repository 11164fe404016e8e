import type { Secret } from "@oncall-copilot/core";
import type { WebClient } from "@slack/web-api";
import { DeliveryFailed } from "../case-delivery.ts";

/** Longest that one request may take: a modal's trigger lives for three seconds. */
const MAX_MS = 2_500;
/** Posting takes longer at Slack than looking. */
const MAX_WRITE_MS = 10_000;

/** Slack's logger writes to the console, which belongs to the protocol. */
const silent = {
  ...{ debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  ...{ setLevel: () => {}, setName: () => {} },
};

export interface SlackClientOptions {
  readonly token: Secret;
  readonly apiUrl: string;
  /** `door`: answers somebody who waits. */
  readonly for: "door" | "delivery";
}

/** Slack's own client, loaded where it is first used, that writes nothing to the console and never sleeps on a rate limit. */
export async function slackClient(options: SlackClientOptions): Promise<WebClient> {
  const { WebClient } = await import("@slack/web-api");
  return new WebClient(options.token.reveal(), {
    ...{ slackApiUrl: options.apiUrl, logger: silent as never, rejectRateLimitedCalls: true, allowAbsoluteUrls: false },
    timeout: options.for === "door" ? MAX_MS : MAX_WRITE_MS,
    // One more for what broke on the way; whoever calls tries again later, with what is right then.
    retryConfig: options.for === "door" ? { retries: 0 } : { retries: 1, minTimeout: 300, maxTimeout: 1_000 },
  });
}

/** What Slack answered, by its own word; undefined for what is no answer of Slack's. */
export function slackError(error: unknown): string | undefined {
  if (error === null || typeof error !== "object") return undefined;
  const { data } = error as { readonly data?: { readonly error?: unknown } };
  return typeof data?.error === "string" ? data.error : undefined;
}

/** What of Slack's words means that nobody has to try again, and what would help. */
const CURES: Readonly<Record<string, string>> = {
  invalid_auth: "set ONCALL_SLACK_BOT_TOKEN to the app's bot token",
  not_authed: "set ONCALL_SLACK_BOT_TOKEN to the app's bot token",
  token_revoked: "install the app again and set ONCALL_SLACK_BOT_TOKEN",
  account_inactive: "install the app again and set ONCALL_SLACK_BOT_TOKEN",
  missing_scope: "give the app the scopes in the README and install it again",
  channel_not_found: "invite the app to the channel, or name another one",
  not_in_channel: "invite the app to the channel",
  is_archived: "name a channel that is not archived",
  restricted_action: "let the app post in that channel",
  message_not_found: "the message was deleted; the case goes on without it",
  cant_update_message: "the message is another app's",
};

/** The failure for whoever keeps the case: whether and when to try again. */
export function deliveryFailure(error: unknown, doing: string, now: number): DeliveryFailed {
  const wait = (error as { readonly retryAfter?: unknown } | null)?.retryAfter;
  if (typeof wait === "number")
    return new DeliveryFailed(`Slack wants ${wait} s of pause before ${doing}`, now + wait * 1_000);
  const said = slackError(error);
  if (said !== undefined) {
    const cure = CURES[said];
    const isPassing =
      said === "ratelimited" || said === "internal_error" || said === "service_unavailable" || said === "fatal_error";
    return new DeliveryFailed(
      `Slack refused ${doing} (${said})${cure ? `; ${cure}` : ""}`,
      isPassing ? now + 30_000 : null,
    );
  }
  const { message } = error instanceof Error ? error : { message: String(error) };
  return new DeliveryFailed(`Slack could not be reached for ${doing}: ${message.slice(0, 200)}`, now + 15_000);
}
