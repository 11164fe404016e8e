import type { Report } from "@oncall-copilot/core";
import type { WebClient } from "@slack/web-api";

const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;
const MASK = 0xffffffffffffffffn;

/**
 * Alertmanager's own fingerprint of an alert: FNV-1a, 64 bits, over its labels sorted by name, each name and value ended by the byte
 * 255 (prometheus/common `model.LabelSet.Fingerprint`). Its webhook and its templates both show it.
 */
export function alertmanagerFingerprint(labels: Readonly<Record<string, string>>): string {
  let hash = OFFSET;
  const add = (bytes: Iterable<number>) => {
    for (const byte of bytes) hash = ((hash ^ BigInt(byte)) * PRIME) & MASK;
  };
  const names = Object.keys(labels).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const name of names) {
    for (const part of [name, labels[name] ?? ""]) {
      add(Buffer.from(part, "utf8"));
      add([255]);
    }
  }
  return hash.toString(16).padStart(16, "0");
}

/** What Alertmanager's Slack template has to print for each alert. */
export const fingerprintLine = (fingerprint: string): string => `oncall-fingerprint: ${fingerprint}`;

const MAX_PAGES = 5;
const BEFORE_MS = 10 * 60_000;

/** The message in which Alertmanager posted this alert, since shortly before it began; undefined where there is none. */
export async function findAlertThread(
  client: WebClient,
  { channel, report }: { readonly channel: string; readonly report: Report },
): Promise<string | undefined> {
  if (report.incident.source !== "alertmanager") return undefined;
  const wanted = fingerprintLine(alertmanagerFingerprint(report.incident.labels));
  const oldest = String((Date.parse(report.incident.started_at) - BEFORE_MS) / 1_000);
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await client.conversations.history({ channel, oldest, limit: 100, ...(cursor ? { cursor } : {}) });
    // In the text, or wherever in its attachments and blocks the template puts it.
    const found = answer.messages?.find((message) => JSON.stringify(message).includes(wanted));
    if (found?.ts) return found.thread_ts ?? found.ts;
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) return undefined;
  }
  return undefined;
}
