import type { GetText } from "./verify-message.ts";

/** A certificate has 2 kB, the answer to a confirmation less. */
const MAX_CHARACTERS = 64 * 1024;

/** Follows no redirect: it would lead away from Amazon. */
export const getText: GetText = async (address, signal) => {
  const answer = await fetch(address, { signal, redirect: "error" });
  if (!answer.ok) throw new Error(`${new URL(address).hostname} answered ${answer.status}`);
  const text = await answer.text();
  if (text.length > MAX_CHARACTERS) throw new Error(`${new URL(address).hostname} answered too much`);
  return text;
};
