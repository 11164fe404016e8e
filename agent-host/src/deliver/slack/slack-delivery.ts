import { createHash } from "node:crypto";
import type { Catalog } from "@oncall-copilot/core";
import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import { type CaseDelivery, type CaseView, DeliveryFailed } from "../case-delivery.ts";
import { findAlertThread } from "./alert-thread.ts";
import type { SlackMessage } from "./block-kit.ts";
import { renderCard } from "./card.ts";
import { type ChartSource, chartReply } from "./chart-reply.ts";
import { deliveryFailure, slackClient, slackError } from "./client.ts";
import type { SlackSettings } from "./settings.ts";
import { renderThread } from "./thread.ts";

/** The catalog's annotation for the channel of a service's owner. */
export const CHANNEL_ANNOTATION = "oncall/slack-channel";

/** Where the card is; `thread` is the alert's own message when it stands below one. */
const Ref = z.strictObject({ channel: z.string(), ts: z.string(), thread: z.string() });
type Ref = z.infer<typeof Ref>;

/** What marks a message as ours, for one who has to find it again. */
const EVENT = "oncall_case";
const Marked = z.object({
  ts: z.string(),
  metadata: z.object({
    event_type: z.literal(EVENT),
    event_payload: z.object({ case: z.string(), part: z.string(), shows: z.string() }),
  }),
});
type Marked = z.infer<typeof Marked>;

export interface SlackDeliveryParts {
  readonly settings: SlackSettings;
  readonly catalog: Catalog;
  /** Samples of the deciding signal; null where there are none to be had. */
  readonly chart?: ChartSource;
  readonly now?: () => number;
}

/** The channels to try: the owner's, then the default. */
export function channelsFor(service: string | null, catalog: Catalog, settings: SlackSettings): readonly string[] {
  const own = service === null ? undefined : catalog.find(service)?.annotations[CHANNEL_ANNOTATION]?.trim();
  return [
    ...new Set([own, settings.channel].filter((one) => one !== undefined && one !== null && one !== "")),
  ] as string[];
}

/** One card a case and its thread, changed in place. What it has posted it finds again by the metadata it put on it. */
export function slackDelivery(parts: SlackDeliveryParts): CaseDelivery {
  const { settings, catalog, chart, now = Date.now } = parts;
  let client: Promise<WebClient> | undefined;
  const web = () => {
    client ??= slackClient({ token: settings.token, apiUrl: settings.apiUrl, for: "delivery" });
    return client;
  };
  return {
    name: "slack",
    post: async (view, { mayBePosted, signal }) => {
      const channels = channelsFor(view.case.service, catalog, settings);
      if (channels.length === 0) {
        const cure = `set ONCALL_SLACK_CHANNEL, or annotate ${view.case.service ?? "the service"} with ${CHANNEL_ANNOTATION}`;
        throw new DeliveryFailed(`there is no channel for this case; ${cure}`, null);
      }
      const slack = await web();
      const earlier = mayBePosted ? await findEarlier(slack, channels, view, now) : undefined;
      const ref = earlier ?? (await postCard(slack, channels, view, { settings, now, signal }));
      // An earlier card may show less than is known by now.
      await bringUpToDate(slack, ref, view, { chart, now, signal, cardIsNew: earlier === undefined });
      return JSON.stringify(ref);
    },
    update: async (text, view, { signal }) => {
      await bringUpToDate(await web(), Ref.parse(JSON.parse(text)), view, { chart, now, signal, cardIsNew: false });
    },
  };
}

interface Moment {
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Reasons to try the next channel. */
const NO_SUCH_CHANNEL = new Set(["channel_not_found", "not_in_channel", "is_archived", "restricted_action"]);

async function postCard(
  slack: WebClient,
  channels: readonly string[],
  view: CaseView,
  { settings, now, signal }: Moment & { readonly settings: SlackSettings },
): Promise<Ref> {
  let failed: unknown;
  for (const channel of channels) {
    signal.throwIfAborted();
    const alert = settings.alertThreads && view.report ? await alertThread(slack, channel, view, now) : undefined;
    try {
      const sent = await slack.chat.postMessage({
        ...{ channel, ...(alert ? { thread_ts: alert } : {}) },
        ...contentOf(renderCard(view), view.case.id, "card"),
      });
      if (!sent.ts || !sent.channel) throw new DeliveryFailed("Slack did not say where it put the card", null);
      return { channel: sent.channel, ts: sent.ts, thread: alert ?? sent.ts };
    } catch (error) {
      failed = error;
      if (!NO_SUCH_CHANNEL.has(slackError(error) ?? "")) break;
    }
  }
  throw failed instanceof DeliveryFailed ? failed : deliveryFailure(failed, "posting the card", now());
}

/** Not finding it is no reason not to tell anybody; a rate limit is a reason to wait, since the place could not be changed later. */
async function alertThread(slack: WebClient, channel: string, view: CaseView, now: () => number) {
  if (!view.report) return undefined;
  try {
    return await findAlertThread(slack, { channel, report: view.report });
  } catch (error) {
    const failure = deliveryFailure(error, "looking for the alert's own message", now());
    if (failure.retryAt !== null) throw failure;
    return undefined;
  }
}

const BEFORE_CASE_MS = 60_000;
const MAX_PAGES = 5;

/** A card that was posted by a process that could not save so. Its channel and thread are looked through by its mark. */
async function findEarlier(
  slack: WebClient,
  channels: readonly string[],
  view: CaseView,
  now: () => number,
): Promise<Ref | undefined> {
  const oldest = String((view.case.opened_at - BEFORE_CASE_MS) / 1_000);
  try {
    for (const channel of channels) {
      const card = await findMarked(slack, { channel, oldest }, view.case.id);
      if (card) return { channel, ts: card.ts, thread: card.ts };
      if (!view.report) continue;
      const alert = await findAlertThread(slack, { channel, report: view.report });
      const reply = alert && (await marksIn(slack, { channel, thread: alert }, view.case.id)).find(isCard);
      if (alert && reply) return { channel, ts: reply.ts, thread: alert };
    }
    return undefined;
  } catch (error) {
    if (NO_SUCH_CHANNEL.has(slackError(error) ?? "")) return undefined;
    throw deliveryFailure(error, "looking for a card that may be posted", now());
  }
}

const isCard = ({ metadata }: Marked): boolean => metadata.event_payload.part === "card";

async function findMarked(
  slack: WebClient,
  { channel, oldest }: { channel: string; oldest: string },
  id: string,
): Promise<Marked | undefined> {
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await slack.conversations.history({
      ...{ channel, oldest, limit: 100, include_all_metadata: true },
      ...(cursor ? { cursor } : {}),
    });
    const found = marked(answer.messages, id).find(isCard);
    if (found) return found;
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) return undefined;
  }
  return undefined;
}

async function marksIn(
  slack: WebClient,
  { channel, thread }: Pick<Ref, "channel" | "thread">,
  id: string,
): Promise<Marked[]> {
  const found: Marked[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await slack.conversations.replies({
      ...{ channel, ts: thread, limit: 100, include_all_metadata: true },
      ...(cursor ? { cursor } : {}),
    });
    found.push(...marked(answer.messages, id));
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) break;
  }
  return found;
}

const marked = (messages: unknown, id: string): Marked[] =>
  (Array.isArray(messages) ? messages : []).flatMap((message) => {
    const parsed = Marked.safeParse(message);
    return parsed.success && parsed.data.metadata.event_payload.case === id ? [parsed.data] : [];
  });

interface Updating extends Moment {
  readonly chart: ChartSource | undefined;
  readonly cardIsNew: boolean;
}

/** Changes what shows something else than it should, and adds what is missing. Asked twice it does nothing the second time. */
async function bringUpToDate(slack: WebClient, ref: Ref, view: CaseView, options: Updating): Promise<void> {
  const { now, signal, cardIsNew } = options;
  const doing = (what: string) => (error: unknown) => {
    throw error instanceof DeliveryFailed ? error : deliveryFailure(error, what, now());
  };
  const there = await marksIn(slack, ref, view.case.id).catch(doing("reading the thread"));
  const parts = [
    ...(cardIsNew ? [] : [{ key: "card", message: renderCard(view) }]),
    ...renderThread(view).map(({ key, message }) => ({ key, message })),
  ];
  for (const { key, message } of parts) {
    signal.throwIfAborted();
    const known = there.find(({ metadata }) => metadata.event_payload.part === key);
    const content = contentOf(message, view.case.id, key);
    if (known?.metadata.event_payload.shows === content.metadata.event_payload.shows) continue;
    const { channel, ts, thread } = ref;
    if (key === "card") await slack.chat.update({ channel, ts, ...content }).catch(doing("changing the card"));
    else if (known) await slack.chat.update({ channel, ts: known.ts, ...content }).catch(doing("changing the thread"));
    else await slack.chat.postMessage({ channel, thread_ts: thread, ...content }).catch(doing("writing the thread"));
  }
  if (!options.chart || there.some(({ metadata }) => metadata.event_payload.part === "chart")) return;
  const picture = await chartReply(slack, view, options.chart, signal);
  if (!picture) return;
  const content = contentOf(picture, view.case.id, "chart");
  await slack.chat
    .postMessage({ channel: ref.channel, thread_ts: ref.thread, ...content })
    .catch(doing("adding the chart"));
}

/** A message with the mark by which it is found again. Nothing in it unfurls: a link to a dashboard would fill the screen. */
function contentOf(message: SlackMessage, id: string, part: string) {
  const shows = createHash("sha256").update(JSON.stringify(message)).digest("hex").slice(0, 16);
  return {
    ...{ text: message.text, blocks: message.blocks as never, unfurl_links: false, unfurl_media: false },
    metadata: { event_type: EVENT, event_payload: { case: id, part, shows } },
  };
}
