import type { fromMarkdown } from "mdast-util-from-markdown";
import { type AnchorStyle, anchorMaker } from "./anchors.ts";

export type Root = ReturnType<typeof fromMarkdown>;
export type Block = Root["children"][number];

/** A heading with all that stands under it, as offsets into the page's text. The root is the page itself. */
export interface OutlineNode {
  /** The heading's words without markup. */
  readonly title: string;
  /** 0 for the page, 1 to 6 for headings. */
  readonly depth: number;
  /** Its place on the page that a person sees; empty for the page itself. */
  readonly anchor: string;
  readonly start: number;
  /** Where the heading ends and its own text begins. */
  readonly bodyStart: number;
  readonly end: number;
  readonly children: readonly OutlineNode[];
}

export interface CodeMention {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** A fenced or indented block, rather than code within a sentence. */
  readonly block: boolean;
}

/** What a page is made of. Every offset is into the text that was parsed. */
export interface ParsedPage {
  readonly text: string;
  readonly root: OutlineNode;
  /** Where each top-level block begins: paragraphs, lists, tables, fences. A text may be parted there and nowhere else. */
  readonly blocks: readonly number[];
  readonly links: readonly string[];
  readonly codes: readonly CodeMention[];
}

/** Parses CommonMark. Loads the parser on first use. */
export async function parsePage(text: string, title: string, anchors: AnchorStyle = "github"): Promise<ParsedPage> {
  const { fromMarkdown } = await import("mdast-util-from-markdown");
  const tree = fromMarkdown(text);
  const links: string[] = [];
  const codes: CodeMention[] = [];
  for (const node of walk(tree)) {
    if (node.type === "link" || node.type === "definition" || node.type === "image") links.push(node.url);
    if (node.type === "inlineCode" || node.type === "code") {
      codes.push({ text: node.value, ...span(node), block: node.type === "code" });
    }
  }
  const blocks = tree.children.map((block) => span(block).start);
  return { text, root: outline(tree, text, title, anchorMaker(anchors, title)), blocks, links, codes };
}

type Node = Root | Block | Extract<Block, { children: unknown }>["children"][number];

/** Every node, in the order of the text, without recursion: how deep a page nests is its writer's choice. */
function* walk(root: Root): Generator<Node> {
  const pending: Node[] = [root];
  for (let node = pending.pop(); node; node = pending.pop()) {
    yield node;
    if ("children" in node) pushChildren(pending, node.children);
  }
}

/** The first on top. One by one: a call takes fewer arguments than a page may have blocks. */
function pushChildren(pending: Node[], children: readonly Node[]): void {
  for (const child of [...children].reverse()) pending.push(child);
}

function span(node: Node): { start: number; end: number } {
  return { start: node.position?.start.offset ?? 0, end: node.position?.end.offset ?? 0 };
}

interface Growing extends OutlineNode {
  end: number;
  readonly children: Growing[];
}

function outline(tree: Root, text: string, title: string, anchorOf: (heading: string) => string): OutlineNode {
  const root: Growing = { title, depth: 0, anchor: "", start: 0, bodyStart: 0, end: text.length, children: [] };
  const open: Growing[] = [root];
  for (const block of tree.children) {
    if (block.type !== "heading") continue;
    const { start, end } = span(block);
    // A heading ends every open one that is not above it.
    while (open.length > 1 && (open.at(-1)?.depth ?? 0) >= block.depth) {
      const closed = open.pop();
      if (closed) closed.end = start;
    }
    const words = wordsOf(block) || "(untitled)";
    const node: Growing = {
      title: words,
      depth: block.depth,
      anchor: anchorOf(words),
      start,
      bodyStart: end,
      end: text.length,
      children: [],
    };
    open.at(-1)?.children.push(node);
    open.push(node);
  }
  return root;
}

/** A heading's words without markup. */
export function wordsOf(heading: Block): string {
  const parts: string[] = [];
  const pending: Node[] = [heading];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if ("value" in node) parts.push(node.value);
    else if ("children" in node) pushChildren(pending, node.children);
  }
  return parts.join("").replace(/\s+/g, " ").trim();
}
