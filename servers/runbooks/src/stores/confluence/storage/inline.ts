import { linkText } from "./links.ts";
import { inlineMacro } from "./macros.ts";
import { raised } from "./settle.ts";
import { codeTextOf, type Element, isElement, type Node, textOf } from "./tree.ts";
import type { Writer } from "./writer.ts";

const MARKS: Readonly<Record<string, string>> = {
  strong: "**",
  b: "**",
  em: "*",
  i: "*",
  del: "~~",
};
/** `1st` says the same without its small letters. */
const ORDINAL = /^(?:st|nd|rd|th)$/i;

/** Confluence's oldest emoticons, where it does not say which characters they are. */
const EMOTICONS: Readonly<Record<string, string>> = {
  tick: "✅",
  cross: "❌",
  warning: "⚠️",
  information: "ℹ️",
};

/** What HTML shows of text: one space for any white space, and none for what has no width. */
export const shown = (text: string): string => text.replace(/[\u200b\ufeff]/g, "").replace(/[\s\u00a0]+/g, " ");

/** Markdown within a line, of nodes that hold no blocks. */
export function inlineOf(nodes: readonly Node[], writer: Writer): string {
  let line = "";
  for (const node of nodes) {
    const piece =
      typeof node === "string" ? shown(node) : isElement(node) ? elementOf(node, writer) : shown(node.cdata);
    const last = line.at(-1);
    line += last === undefined || last === " " || last === "\n" ? piece.replace(/^ +/, line === "" ? " " : "") : piece;
  }
  return line.replace(/(?<! ) +\n/g, "\n");
}

function elementOf(element: Element, writer: Writer): string {
  const { name, attributes, children } = element;
  const mark = MARKS[name];
  if (mark !== undefined) {
    // No mark reaches over an empty line.
    return writer
      .inline(children)
      .split(/(\n{2,})/)
      .map((part) => marked(mark, part))
      .join("");
  }
  const place = raised(element);
  if (place !== undefined) {
    const words = writer.inline(children);
    return words.trim() === "" || ORDINAL.test(words.trim()) ? words : `<${place}>${words}</${place}>`;
  }
  switch (name) {
    case "br":
      return "\n";
    case "code":
    case "tt":
    case "kbd":
    case "samp":
      return code(codeTextOf(children));
    case "a":
    case "ac:link":
    case "ac:image":
      return linkText(element, writer);
    case "img":
      return attributes["alt"] ?? "";
    case "time":
      return attributes["datetime"] ?? shown(textOf(children));
    case "ac:emoticon":
      return emoticon(attributes);
    case "ac:structured-macro":
    case "ac:macro":
      return inlineMacro(element, writer);
    case "ac:parameter":
    case "ac:task-id":
    case "ac:task-uuid":
    case "ac:adf-attribute":
      return "";
    default:
      return writer.inline(children);
  }
}

/** Marks are put around words and not around spaces, and not twice: neither would be read as marks. */
function marked(mark: string, inner: string): string {
  const words = inner.trim();
  const from = inner.length - inner.trimStart().length;
  const [before, after] = [inner.slice(0, from), inner.slice(from + words.length)];
  const already = words.startsWith(mark) || words.endsWith(mark);
  return words === "" || already ? inner : `${before}${mark}${words}${mark}${after}`;
}

/** A code span long enough for the backticks in it. */
function code(text: string): string {
  const line = text.replace(/\u00a0/g, " ").replace(/(?<!\s)\s*\n\s*/g, " ");
  if (line.trim() === "") return shown(line);
  const runs = [...line.matchAll(/`+/g)].map(([run]) => run.length);
  let ticks = 1;
  while (runs.includes(ticks)) ticks++;
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${"`".repeat(ticks)}${pad}${line}${pad}${"`".repeat(ticks)}`;
}

function emoticon(attributes: Element["attributes"]): string {
  const fallback = attributes["ac:emoji-fallback"];
  if (fallback) return fallback;
  const name = attributes["ac:name"] ?? "";
  return EMOTICONS[name] ?? (name === "" ? "" : `:${name}:`);
}
