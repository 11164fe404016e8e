/** The address when it is one of the web's, else null: an alert's sender may write anything where a link belongs. */
export function webAddress(text: string | undefined): string | null {
  if (!text || !URL.canParse(text)) return null;
  return /^https?:$/.test(new URL(text).protocol) ? text : null;
}
