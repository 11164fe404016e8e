/** Whether a text names a service or resource, and not merely another whose name begins or ends the same. */
export function mentions(text: string, name: string): boolean {
  const escaped = name.toLowerCase().replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![a-z0-9-])${escaped}(?![a-z0-9-])`).test(text.toLowerCase());
}
