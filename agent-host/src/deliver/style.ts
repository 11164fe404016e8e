import { styleText } from "node:util";

export type Paint = (style: "bold" | "dim" | "red" | "green" | "yellow" | "cyan", text: string) => string;

/** Colour only on a terminal, and never against `NO_COLOR` (https://no-color.org). */
export function paintFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): Paint {
  const on = stream.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
  return (style, text) => (on ? styleText(style, text) : text);
}

/** Controls, format characters (bidi, zero-width, tags), private and unassigned ones, line separators, fillers that look empty, and variation selectors. */
const INVISIBLE =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u{115f}\u{1160}\u{3164}\u{ffa0}]|\u{34f}|[\u{fe00}-\u{fe0f}\u{e0100}-\u{e01ef}]/gu;

/**
 * What strangers wrote, safe to print: control characters, which could move the cursor or rewrite lines above, become
 * visible; so do the invisible ones that reorder text, join it, or carry another text beside it (zero-width and tag characters).
 */
export function printable(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(INVISIBLE, (char) => {
    if (char === "\n" || char === "\t") return char;
    return `\\u{${char.codePointAt(0)?.toString(16) ?? ""}}`;
  });
}

/** The same on one line: no text of an alert or an engine may pass for a line of ours. */
export const oneLine = (text: string): string => printable(text.replace(/\s+/g, " ").trim());
