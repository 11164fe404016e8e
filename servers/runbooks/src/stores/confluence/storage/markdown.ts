import { inlineOf } from "./inline.ts";
import { listOf, taskListOf } from "./lists.ts";
import { blockMacro, isBlockMacro } from "./macros.ts";
import { settled } from "./settle.ts";
import { tableOf } from "./table.ts";
import { childOf, codeTextOf, type Element, isElement, type Node, parseStorage, StorageProblem } from "./tree.ts";
import { fenced, guarded, type PagePlace, type Writer } from "./writer.ts";

/** Elements that take lines of their own. */
const BLOCKS = new Set(
  "p h1 h2 h3 h4 h5 h6 ul ol li table tbody thead tr td th blockquote pre hr div ac:task-list ac:layout ac:layout-section ac:layout-cell ac:rich-text-body ac:adf-extension ac:adf-node ac:adf-content".split(
    " ",
  ),
);
/** A small page can be made to unfold without end: by quotes in quotes, or by a column's name at each of its cells. */
const MAX_OUTPUT = 1_000_000;
const isMacro = ({ name }: Element) => name === "ac:structured-macro" || name === "ac:macro";

/**
 * Turns a page's storage format into Markdown that keeps its words in their order: headings, lists, tables, code and the bodies of
 * macros, character by character where that is code.
 *
 * @throws StorageProblem when it cannot be read, or unfolds to too much.
 */
export async function markdownOf(xml: string, place: PagePlace): Promise<string> {
  const { children } = await parseStorage(xml);
  const writer = writerFor(place);
  const blocks = writer.blocks(settled(children, writer.hasBlocks));
  writer.spend(blocks.reduce((sum, { length }) => sum + length, 0));
  return blocks.length === 0 ? "" : `${blocks.join("\n\n")}\n`;
}

function writerFor(place: PagePlace): Writer {
  const known = new WeakMap<Element, boolean>();
  const hasBlocks = (node: Node): boolean => {
    if (!isElement(node)) return false;
    const found = known.get(node) ?? (isBlock(node) || (!isClosed(node) && node.children.some(hasBlocks)));
    known.set(node, found);
    return found;
  };
  let spent = 0;
  const writer: Writer = {
    place,
    spend: (characters) => {
      spent += characters;
      if (spent > MAX_OUTPUT) throw new StorageProblem(`it unfolds to more than ${MAX_OUTPUT} characters`);
    },
    hasBlocks,
    inline: (nodes) => inlineOf(nodes, writer),
    macro: (macro) => blockMacro(macro, writer),
    blocks: (nodes) => {
      const blocks: string[] = [];
      let line: Node[] = [];
      const flush = () => {
        const paragraph = writer.inline(line).trim();
        if (paragraph !== "") blocks.push(guarded(paragraph));
        line = [];
      };
      for (const node of nodes) {
        if (!isElement(node) || !hasBlocks(node)) {
          line.push(node);
          continue;
        }
        flush();
        for (const block of blocksOf(node, writer)) blocks.push(block);
      }
      flush();
      return blocks;
    },
  };
  return writer;
}

const isBlock = (element: Element): boolean => BLOCKS.has(element.name) || (isMacro(element) && isBlockMacro(element));
/** Whatever is in a link, an image or inline code stays in its line. */
const isClosed = ({ name }: Element): boolean => ["a", "ac:link", "ac:image", "code", "ac:parameter"].includes(name);

function blocksOf(element: Element, writer: Writer): string[] {
  const { name, children } = element;
  const level = /^h([1-6])$/.exec(name)?.[1];
  if (level !== undefined && !children.some(writer.hasBlocks)) {
    const words = writer.inline(children).trim().replace(/\n/g, " ");
    return words === "" ? [] : [`${"#".repeat(Number(level))} ${words}`];
  }
  switch (name) {
    case "ul":
    case "ol":
      return [listOf(element, writer)].filter((list) => list !== "");
    case "ac:task-list":
      return [taskListOf(element, writer)].filter((list) => list !== "");
    case "table":
      return tableOf(element, writer);
    case "pre":
      return [fenced(codeTextOf(children).replace(/^\n/, ""))];
    case "hr":
      return ["---"];
    case "blockquote":
      return [quoted(writer.blocks(children).join("\n\n"), writer)];
    case "ac:adf-extension":
      return adf(element, writer);
    default:
      return isMacro(element) ? writer.macro(element) : writer.blocks(children);
  }
}

function quoted(text: string, writer: Writer): string {
  const quote = text.replace(/^(?=.)/gm, "> ").replace(/\n\n/g, "\n>\n");
  writer.spend(quote.length - text.length);
  return quote;
}

/** What the new editor keeps beside the storage format: its content, or what stands in for it. */
function adf(element: Element, writer: Writer): string[] {
  const content = childOf(element, "ac:adf-node") ?? childOf(element, "ac:adf-fallback");
  return writer.blocks(content?.children ?? []);
}
