/**
 * The form of an item that shows something of others whole, a log line or a file: the first line is the server's and says what
 * follows; every line after it stands there word for word. Servers write it and the host reads it by these functions alone.
 */
export function withHeading(heading: string, body: string): string {
  return `${heading.replace(/\s*\n\s*/g, " ")}\n${body}`;
}

/** The server's line: of any item, its first. */
export const headingOf = ({ text }: { readonly text: string }): string => text.split("\n", 1)[0] ?? "";

/** What stands below the server's line, word for word; empty when there is nothing. */
export function bodyOf({ text }: { readonly text: string }): string {
  const end = text.indexOf("\n");
  return end < 0 ? "" : text.slice(end + 1);
}

/** Of a body, the first line that says anything: what was logged, without its stack. */
export const messageOf = (item: { readonly text: string }): string =>
  bodyOf(item)
    .split("\n")
    .find((line) => line.trim() !== "") ?? "";
