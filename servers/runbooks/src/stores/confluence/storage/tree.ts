import { briefly } from "@oncall-copilot/core";
/** An element of Confluence's storage format, its names with their prefixes: `ac:link`, `ri:page`, `td`. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Node[];
}
/** What stands in `<![CDATA[...]]>`: characters as they are, which is how code is kept. */
export interface Cdata {
  readonly cdata: string;
}
export type Node = string | Cdata | Element;

export const isElement = (node: Node): node is Element => typeof node !== "string" && "name" in node;

/** The page cannot be read as what it should be. */
export class StorageProblem extends Error {
  override readonly name = "StorageProblem";
}

/** Pages that people write are far less deep. */
const MAX_DEPTH = 200;
/** Each of these sets in every line of what is in it. */
const SETS_IN = new Set(["ul", "ol", "blockquote", "ac:task-list"]);
const MAX_SET_IN = 20;

interface Growing extends Element {
  readonly children: Node[];
}

/**
 * Parses storage format: XML without a root, with HTML's entities, and with prefixes that nobody declares. Loads the parser on
 * first use.
 *
 * @throws StorageProblem when it is not well-formed, or nested too deep.
 */
export async function parseStorage(xml: string): Promise<Element> {
  const [{ SaxesParser }, { characterEntities }] = await Promise.all([import("saxes"), import("character-entities")]);
  const parser = new SaxesParser({ xmlns: false, fragment: true });
  Object.assign(parser.ENTITIES, characterEntities);
  const root: Growing = { name: "", attributes: {}, children: [] };
  const open: Growing[] = [root];
  const add = (node: Node) => open.at(-1)?.children.push(node);
  parser.on("opentag", ({ name, attributes }) => {
    if (open.length > MAX_DEPTH) throw new StorageProblem(`it is nested deeper than ${MAX_DEPTH} elements`);
    if (SETS_IN.has(name) && open.filter((outer) => SETS_IN.has(outer.name)).length >= MAX_SET_IN) {
      throw new StorageProblem(`its quotes and lists are nested deeper than ${MAX_SET_IN}`);
    }
    const element: Growing = { name, attributes, children: [] };
    add(element);
    open.push(element);
  });
  parser.on("closetag", () => void open.pop());
  parser.on("text", add);
  parser.on("cdata", (cdata) => add({ cdata }));
  parser.on("error", ({ message }) => {
    throw new StorageProblem(`its storage format is not well-formed (${briefly(message, 120)})`);
  });
  parser.write(xml).close();
  return root;
}

/** All text below, as it is. */
export function textOf(nodes: readonly Node[]): string {
  return nodes
    .map((node) => (typeof node === "string" ? node : isElement(node) ? textOf(node.children) : node.cdata))
    .join("");
}

/** Text of code, where no mark can stand: a power, an index and what is struck out are told by characters. */
export function codeTextOf(nodes: readonly Node[]): string {
  return nodes
    .map((node) => {
      if (!isElement(node)) return typeof node === "string" ? node : node.cdata;
      if (node.name === "br") return "\n";
      const text = codeTextOf(node.children);
      if (text.trim() === "") return text;
      return node.name === "sup"
        ? `^${text}`
        : node.name === "sub"
          ? `_${text}`
          : node.name === "del"
            ? `~~${text}~~`
            : text;
    })
    .join("");
}

/** The first child of that name. */
export const childOf = (element: Element, ...names: readonly string[]): Element | undefined =>
  element.children.filter(isElement).find(({ name }) => names.includes(name));

/** Of a body that holds plain text the CDATA alone, where it has any: what stands around it is layout. */
export function plainTextOf({ children }: Element): string {
  const data = children.filter((node): node is Cdata => typeof node !== "string" && "cdata" in node);
  return data.length > 0 ? data.map(({ cdata }) => cdata).join("") : textOf(children);
}

/** A macro's parameters that are text, by name. */
export function parametersOf(macro: Element): ReadonlyMap<string, string> {
  const parameters = macro.children.filter(isElement).filter(({ name }) => name === "ac:parameter");
  return new Map(parameters.map((one) => [one.attributes["ac:name"] ?? "", textOf(one.children).trim()]));
}

/** The first element below that has one of the names, however deep. */
export function findBelow(element: Element, names: readonly string[]): Element | undefined {
  for (const child of element.children.filter(isElement)) {
    const found = names.includes(child.name) ? child : findBelow(child, names);
    if (found) return found;
  }
  return undefined;
}
