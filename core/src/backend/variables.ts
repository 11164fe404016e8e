import { z } from "zod";
import { ConfigError } from "../errors.ts";

/** A variable that takes the address of a backend or of what shows it. */
export const webAddress = () => z.url({ protocol: /^https?$/, error: "takes an http or https address" });

/** A variable that takes the PEM text of the authorities to trust; usually given by file, as `NAME_FILE`. */
export const certificates = () =>
  z.string().includes("-----BEGIN CERTIFICATE-----", { error: "takes the PEM text of certificates" });

/** A variable that takes a list: its items, trimmed, without empty ones. */
export const commaSeparated = (text: string): string[] =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

/** The address that a variable gives. Throws ConfigError when it holds credentials, which would end up in logs and links. */
export function bareAddress(variable: string, text: string): URL {
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    throw new ConfigError(`${variable} must not hold credentials: they have variables of their own`);
  }
  return url;
}

/** A request must have failed before the call's deadline has passed: only then is it said who did not answer. */
const SHARE_OF_DEADLINE = 0.75;
const MAX_CONNECT_MS = 3_000;

/** How long a request to a backend may take, in milliseconds, by its own limit and the deadline of a call, both in seconds. */
export function requestLimits(
  ownSeconds: number,
  { ONCALL_TIMEOUT_SECONDS: deadline }: { readonly ONCALL_TIMEOUT_SECONDS?: number | undefined },
): { readonly answerMs: number; readonly connectMs: number } {
  const seconds = deadline === undefined ? ownSeconds : Math.min(ownSeconds, deadline * SHARE_OF_DEADLINE);
  return { answerMs: 1000 * seconds, connectMs: Math.min(MAX_CONNECT_MS, 1000 * seconds) };
}
