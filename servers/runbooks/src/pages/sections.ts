import { estimateTokens } from "@oncall-copilot/core";
import type { OutlineNode, ParsedPage } from "./outline.ts";

/** A page that is this short, in tokens, is one section. */
const SHORT_PAGE = 300;
/** A heading with sub-headings that is this short stays whole. */
const SHORT_SECTION = 500;
/** A text without sub-headings that is longer than this is parted between its blocks. */
const LONGEST_PART = 900;

/** A stretch of a page's text that is shown whole or not at all, word for word. */
export interface Section {
  /** Unique in its page: the headings that lead to it, `Mitigation > Rollback`, or the page's title. */
  readonly name: string;
  /** The headings that lead to it, the page's own title left out unless it is all. */
  readonly path: readonly string[];
  /** The anchor of its heading; empty for the page itself. */
  readonly anchor: string;
  readonly text: string;
  readonly start: number;
}

interface Place {
  readonly node: OutlineNode;
  readonly path: readonly string[];
}

/** Cuts a page where its headings are; small sections stay together, and what is too long is parted between blocks. */
export function sectionsOf(page: ParsedPage): Section[] {
  const top = topOf(page);
  const cut = (place: Place): Section[] => {
    const { node } = place;
    const tokens = estimateTokens(page.text.slice(node.start, node.end));
    if (tokens <= (node === top ? SHORT_PAGE : SHORT_SECTION)) return [section(page, place, node.start, node.end)];
    const [first] = node.children;
    if (!first) return parts(page, place, node.start, node.end);
    const intro =
      page.text.slice(node.bodyStart, first.start).trim() === "" ? [] : parts(page, place, node.start, first.start);
    return [...intro, ...node.children.flatMap((child) => cut(below(place, child, top)))];
  };
  return named(cut({ node: top, path: [top.title] }).filter((found) => found.text !== ""));
}

/** Every heading's whole text, whatever its length, sub-headings included: what may be asked for by name. */
export function wholeSectionsOf(page: ParsedPage): Section[] {
  const top = topOf(page);
  const all = (place: Place): Section[] => [
    section(page, place, place.node.start, place.node.end),
    ...place.node.children.flatMap((child) => all(below(place, child, top))),
  ];
  return named(all({ node: top, path: [top.title] }));
}

/** A page that begins with its one top heading is that heading's. */
export function topOf(page: ParsedPage): OutlineNode {
  const [only, ...others] = page.root.children;
  const alone = only !== undefined && others.length === 0 && page.text.slice(0, only.start).trim() === "";
  return alone ? only : page.root;
}

const below = (parent: Place, node: OutlineNode, top: OutlineNode): Place => ({
  node,
  path: parent.node === top ? [node.title] : [...parent.path, node.title],
});

function section(page: ParsedPage, { path, node }: Place, start: number, end: number): Section {
  return { name: path.join(" > "), path, anchor: node.anchor, text: page.text.slice(start, end).trimEnd(), start };
}

/** Parts of at most {@link LONGEST_PART} tokens each, but for a single block that is longer: that one stays whole. */
function parts(page: ParsedPage, place: Place, start: number, end: number): Section[] {
  const cuts = [start];
  // A heading is never parted from the block below it.
  const after = start === place.node.start && place.node.depth > 0 ? 1 : 0;
  const inside = page.blocks.filter((at) => at > start && at < end).slice(after);
  for (const [index, at] of inside.entries()) {
    const next = inside[index + 1] ?? end;
    const from = cuts.at(-1) ?? start;
    if (estimateTokens(page.text.slice(from, next)) > LONGEST_PART) cuts.push(at);
  }
  if (cuts.length === 1) return [section(page, place, start, end)];
  return cuts.map((from, index) => {
    const part = section(page, place, from, cuts[index + 1] ?? end);
    return { ...part, name: `${part.name} (part ${index + 1} of ${cuts.length})` };
  });
}

/** Numbers sections of the same name, so that each can be asked for. */
function named(sections: readonly Section[]): Section[] {
  const seen = new Map<string, number>();
  return sections.map((found) => {
    const times = (seen.get(found.name) ?? 0) + 1;
    seen.set(found.name, times);
    return times === 1 ? found : { ...found, name: `${found.name} [${times}]` };
  });
}
