import { createHmac } from "node:crypto";
import { ConfigError, type Secret } from "@oncall-copilot/core";
import { type CaseDelivery, type CaseView, DeliveryFailed } from "../case-delivery.ts";
import { renderCard } from "../slack/card.ts";
import { cardText } from "./card-text.ts";

export interface WebhookSettings {
  readonly url: string;
  /** Of Standard Webhooks: `whsec_` and the key in base64. */
  readonly secret: Secret;
  /** Longest that the receiver may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** What is sent: the card in words, what happened to the case, and the whole report for a template to pick from. */
interface Payload {
  readonly type: "case.posted" | "case.updated";
  readonly timestamp: string;
  readonly data: {
    readonly case: {
      readonly id: string;
      readonly state: string;
      readonly service: string | null;
      readonly alert: string;
      readonly alerts: number;
      readonly resolved_at: string | null;
      readonly pull_request: string | null;
    };
    readonly card: string;
    readonly report: CaseView["report"];
  };
}

const PREFIX = "whsec_";

/** The bytes of the key. @throws ConfigError */
export function webhookKey(secret: Secret): Buffer {
  const text = secret.reveal();
  const key = Buffer.from(text.startsWith(PREFIX) ? text.slice(PREFIX.length) : text, "base64");
  if (key.length < 24 || key.length > 64) {
    throw new ConfigError(
      "ONCALL_WEBHOOK_SECRET takes whsec_ and 24 to 64 bytes in base64, as Standard Webhooks has it",
    );
  }
  return key;
}

/**
 * The same card and report as Slack's, to any receiver: signed by Standard Webhooks (standardwebhooks.com), so that Teams, Mattermost or
 * a pager can be wired by a template. An update is another delivery with the same case.
 */
export function webhookDelivery(settings: WebhookSettings, now: () => number = Date.now): CaseDelivery {
  const key = webhookKey(settings.secret);
  const send = async (type: Payload["type"], view: CaseView, signal: AbortSignal): Promise<void> => {
    const body = JSON.stringify(payloadOf(type, view));
    // The same news has the same id, so that a receiver knows one that is sent again.
    const id = `msg_${createHmac("sha256", key).update(body).digest("hex").slice(0, 32)}`;
    const timestamp = String(Math.floor(now() / 1_000));
    const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
    const response = await fetch(settings.url, {
      ...{ method: "POST", body, redirect: "error" },
      headers: {
        "content-type": "application/json",
        ...{ "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` },
      },
      signal: AbortSignal.any([signal, AbortSignal.timeout(settings.timeoutMs)]),
    }).catch((error: unknown) => {
      signal.throwIfAborted();
      const why = error instanceof Error ? error.message : String(error);
      throw new DeliveryFailed(
        `the webhook's receiver could not be reached (${why}); check ONCALL_WEBHOOK_URL`,
        now() + 30_000,
      );
    });
    await response.body?.cancel();
    if (response.ok) return;
    const wait = Number(response.headers.get("retry-after"));
    const retryAt = now() + (wait > 0 ? wait * 1_000 : 30_000);
    // Standard Webhooks: 410 means that nobody wants it any more; other refusals of this kind do not change by themselves.
    const isFinal =
      response.status >= 400 && response.status < 500 && response.status !== 408 && response.status !== 429;
    throw new DeliveryFailed(`the webhook's receiver answered ${response.status}`, isFinal ? null : retryAt);
  };
  return {
    name: "webhook",
    post: async (view, { signal }) => {
      await send("case.posted", view, signal);
      return view.case.id;
    },
    update: (_, view, { signal }) => send("case.updated", view, signal),
  };
}

function payloadOf(type: Payload["type"], view: CaseView): Payload {
  const { case: one, alerts, report } = view;
  return {
    type,
    timestamp: new Date(one.updated_at).toISOString(),
    data: {
      case: {
        ...{ id: one.id, state: one.state, service: one.service, alert: one.alert.name, alerts: alerts.total },
        resolved_at: one.resolved_at === null ? null : new Date(one.resolved_at).toISOString(),
        pull_request: one.pull_request?.url ?? null,
      },
      card: cardText(renderCard(view)),
      report,
    },
  };
}
