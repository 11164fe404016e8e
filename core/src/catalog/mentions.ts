import { escapePattern } from "./escape-pattern.ts";

/** Whether a text names a service or resource, and not merely another whose name begins or ends the same. */
export function mentions(text: string, name: string): boolean {
  return new RegExp(`(?<![a-z0-9-])${escapePattern(name.toLowerCase())}(?![a-z0-9-])`).test(text.toLowerCase());
}
