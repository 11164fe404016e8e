import { setTimeout as sleep } from "node:timers/promises";
import type { WebClient } from "@slack/web-api";
import type { CaseView } from "../case-delivery.ts";
import type { ChartData } from "../chart/draw-chart.ts";
import { oneLine } from "../style.ts";
import type { SlackMessage } from "./block-kit.ts";
import { escaped, shortened } from "./plain-text.ts";

/** Gives the samples to draw; null where there are none. Never throws: a case is told without its picture. */
export type ChartSource = (view: CaseView, signal: AbortSignal) => Promise<ChartData | null>;

/** Slack needs a moment to look at a picture; before that a message that shows it is refused. */
const PAUSES_MS = [300, 700, 1_500, 3_000] as const;

/**
 * A reply with the picture of the deciding signal. Undefined where there is none, where it could not be brought to Slack, or where
 * Slack has not processed it in time: the picture is the one part of a message that is not worth a failure.
 */
export async function chartReply(
  slack: WebClient,
  view: CaseView,
  source: ChartSource,
  signal: AbortSignal,
): Promise<SlackMessage | undefined> {
  try {
    const data = await source(view, signal);
    if (!data) return undefined;
    const { drawChart } = await import("../chart/draw-chart.ts");
    const png = await drawChart(data);
    const alt = shortened(oneLine(data.title), 500);
    const id = await upload(slack, png, alt, signal);
    if (id === undefined || !(await isProcessed(slack, id, signal))) return undefined;
    return { text: escaped(alt), blocks: [{ type: "image", slack_file: { id }, alt_text: alt }] };
  } catch (error) {
    signal.throwIfAborted();
    void error;
    return undefined;
  }
}

/** Three calls: an address to send it to, the bytes, and that they are all there. It is shared nowhere yet. */
async function upload(
  slack: WebClient,
  png: Uint8Array,
  alt: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const place = await slack.files.getUploadURLExternal({ filename: "signal.png", length: png.length, alt_text: alt });
  if (!place.upload_url || !place.file_id) return undefined;
  const sent = await fetch(place.upload_url, { method: "POST", body: Buffer.from(png), redirect: "error", signal });
  if (!sent.ok) return undefined;
  await slack.files.completeUploadExternal({ files: [{ id: place.file_id, title: alt }] });
  return place.file_id;
}

async function isProcessed(slack: WebClient, file: string, signal: AbortSignal): Promise<boolean> {
  for (const pause of [0, ...PAUSES_MS]) {
    if (pause > 0) await sleep(pause, undefined, { signal });
    const { file: told } = await slack.files.info({ file });
    // Slack knows its kind and has made its thumbnail once it has looked at it.
    if (told?.mimetype === "image/png" && told.thumb_360 !== undefined) return true;
  }
  return false;
}
