import { createHmac, timingSafeEqual } from "node:crypto";
import type { Secret } from "@oncall-copilot/core";

/** Older than this, a request may be somebody's copy of an earlier one. */
export const MAX_AGE_MS = 5 * 60_000;

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Whether Slack sent these bytes, within the last five minutes: its signature v0 over `v0:TIMESTAMP:BODY`. */
export function isFromSlack(rawBody: string, headers: Headers, secret: Secret, now: number): boolean {
  const timestamp = headerOf(headers, "x-slack-request-timestamp");
  const given = Buffer.from(headerOf(headers, "x-slack-signature"));
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now - Number(timestamp) * 1_000) > MAX_AGE_MS) return false;
  const hash = createHmac("sha256", secret.reveal()).update(`v0:${timestamp}:${rawBody}`, "utf8").digest("hex");
  const expected = Buffer.from(`v0=${hash}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Header names come in any case. */
function headerOf(headers: Headers, name: string): string {
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return (typeof found === "string" ? found : found?.[0]) ?? "";
}
