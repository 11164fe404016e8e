import { fromMarkdown } from "mdast-util-from-markdown";

type Node = ReturnType<typeof fromMarkdown>["children"][number];
type Any = Node | Extract<Node, { children: unknown }>["children"][number];

const escaped = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
const cdata = (text: string) => `<![CDATA[${text.replace(/\]\]>/g, "]]]]><![CDATA[>")}]]>`;

/**
 * Markdown as a person would have it in Confluence, for recordings that are loaded into the double: only what recordings use.
 * `titleOf` gives the title of the page that a relative link leads to; undefined when there is none.
 */
export function storageOf(markdown: string, titleOf: (link: string) => string | undefined): string {
  const inside = (nodes: readonly Any[]): string => nodes.map(one).join("");
  const one = (node: Any): string => {
    switch (node.type) {
      case "text":
        return escaped(node.value);
      case "inlineCode":
        return `<code>${escaped(node.value)}</code>`;
      case "strong":
        return `<strong>${inside(node.children)}</strong>`;
      case "emphasis":
        return `<em>${inside(node.children)}</em>`;
      case "break":
        return "<br />";
      case "link": {
        const title = titleOf(node.url);
        if (title === undefined)
          return `<a href="${escaped(node.url).replace(/"/g, "&quot;")}">${inside(node.children)}</a>`;
        const target = `<ri:page ri:content-title="${escaped(title).replace(/"/g, "&quot;")}" />`;
        return `<ac:link>${target}<ac:link-body>${inside(node.children)}</ac:link-body></ac:link>`;
      }
      case "heading":
        return `<h${node.depth}>${inside(node.children)}</h${node.depth}>`;
      case "paragraph":
        return (
          tableOf(markdown.slice(node.position?.start.offset, node.position?.end.offset)) ??
          `<p>${inside(node.children)}</p>`
        );
      case "code":
        return `<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">${escaped(node.lang ?? "")}</ac:parameter><ac:plain-text-body>${cdata(node.value)}</ac:plain-text-body></ac:structured-macro>`;
      case "list": {
        const tag = node.ordered ? "ol" : "ul";
        const start = node.ordered && node.start && node.start !== 1 ? ` start="${node.start}"` : "";
        return `<${tag}${start}>${node.children.map((item) => `<li>${inside(item.children)}</li>`).join("")}</${tag}>`;
      }
      case "blockquote":
        return `<blockquote>${inside(node.children)}</blockquote>`;
      case "thematicBreak":
        return "<hr />";
      default:
        throw new Error(`no recording has a ${node.type} so far: teach this how Confluence keeps it`);
    }
  };
  const tableOf = (source: string): string | undefined => {
    const [header, rule, ...rows] = source.split("\n");
    if (!header?.startsWith("|") || !/^\|[\s:|-]+\|$/.test(rule ?? "")) return undefined;
    const cells = (row: string, tag: string) =>
      row
        .replace(/^\||\|\s*$/g, "")
        .split("|")
        .map((cell) => {
          const blocks = fromMarkdown(cell.trim()).children;
          return `<${tag}>${inside(blocks.flatMap((block) => ("children" in block ? (block.children as Any[]) : [])))}</${tag}>`;
        })
        .join("");
    const lines = [cells(header, "th"), ...rows.map((row) => cells(row, "td"))];
    return `<table><tbody>${lines.map((line) => `<tr>${line}</tr>`).join("")}</tbody></table>`;
  };
  return inside(fromMarkdown(markdown).children);
}
