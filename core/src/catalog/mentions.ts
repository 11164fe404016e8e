import type { Catalog } from "./catalog.ts";
import { escapePattern } from "./escape-pattern.ts";

/** Whether a text names a service or resource, and not merely another whose name begins or ends the same. */
export function mentions(text: string, name: string): boolean {
  return new RegExp(`(?<![a-z0-9-])${escapePattern(name.toLowerCase())}(?![a-z0-9-])`).test(text.toLowerCase());
}

/** Words as names are made of them; the same edges as those of {@link mentions}. */
const WORD = /[a-z0-9-]+/g;

/** The services and resources of the catalog that a text names, in the order of the text, each once. Linear in the text. */
export function namesIn(text: string, catalog: Catalog): string[] {
  const names = new Map(catalog.names.map((name) => [name.toLowerCase(), name]));
  return [...new Set(text.toLowerCase().match(WORD))].flatMap((word) => names.get(word) ?? []);
}
