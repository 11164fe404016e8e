import { type Element, isElement, type Node } from "./tree.ts";

const STRIKES = new Set(["s", "del", "strike"]);
/** Holds what is read by its name and not as text: never put into a mark. */
const OPAQUE = new Set(
  "ac:parameter ac:plain-text-body ac:task-id ac:task-uuid ac:task-status ac:adf-attribute colgroup col".split(" "),
);
/** Looked for by their names in what is around them, though their text may be a line. */
const PARTS = new Set(["ac:task", "ac:task-body", "ac:adf-fallback", "ac:caption"]);

/**
 * The same page with its strikes where Markdown can show them: each run of text that a tag or a style around it strikes out is in one
 * `del`, also where that stands around whole paragraphs, lists or rows. Placeholders, which only a page's editors see, are left out.
 */
export function settled(nodes: readonly Node[], hasBlocks: (node: Node) => boolean, struck = false): Node[] {
  const out: Node[] = [];
  let run: Node[] = [];
  const flush = () => {
    const blank = run.every((node) => typeof node === "string" && node.trim() === "");
    if (blank) out.push(...run);
    else out.push({ name: "del", attributes: {}, children: run });
    run = [];
  };
  for (const node of nodes) {
    if (isElement(node) && node.name === "ac:placeholder") continue;
    const strikes = struck || (isElement(node) && isStruck(node));
    if (strikes && !(isElement(node) && (hasBlocks(node) || OPAQUE.has(node.name) || PARTS.has(node.name)))) {
      run.push(unmarked(node));
      continue;
    }
    flush();
    if (!isElement(node) || OPAQUE.has(node.name)) {
      out.push(node);
      continue;
    }
    // Code keeps its own characters, so what strikes all of it is said before it.
    if (strikes && node.children.some((child) => isElement(child) && child.name === "ac:plain-text-body")) {
      out.push("[struck out:]");
    }
    out.push({ ...node, children: settled(node.children, hasBlocks, strikes) });
  }
  flush();
  return out;
}

/** Without strikes and placeholders of its own: the mark is around all of it. */
function unmarked(node: Node): Node {
  if (!isElement(node)) return node;
  const children = node.children.filter((child) => !(isElement(child) && child.name === "ac:placeholder"));
  return { ...node, name: STRIKES.has(node.name) ? "span" : node.name, children: children.map(unmarked) };
}

const isStruck = (element: Element): boolean =>
  STRIKES.has(element.name) ||
  styled(element, "text-decoration", "text-decoration-line").split(/\s+/).includes("line-through");

/** `sup`, `sub` or neither, by tag or by style. */
export function raised(element: Element): "sup" | "sub" | undefined {
  if (element.name === "sup" || element.name === "sub") return element.name;
  const align = styled(element, "vertical-align").split(/\s+/)[0];
  return align === "super" ? "sup" : align === "sub" ? "sub" : undefined;
}

/** The value of a style, in lower case: of several the last, as browsers do. */
function styled({ attributes }: Element, ...properties: readonly string[]): string {
  let found = "";
  for (const declaration of (attributes["style"] ?? "").toLowerCase().split(";")) {
    const [property = "", value = ""] = declaration.split(":");
    if (properties.includes(property.trim())) found = value.trim();
  }
  return found;
}
