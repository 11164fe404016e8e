import { childOf, type Element, isElement, type Node, textOf } from "./tree.ts";
import { indented, type Writer } from "./writer.ts";

/** Items one below the other; what belongs to an item is set in below its marker. */
export function listOf(list: Element, writer: Writer): string {
  let number = Number(list.attributes["start"] ?? 1) || 0;
  const marker = () => (list.name === "ol" ? `${number++}. ` : "- ");
  const items = list.children.flatMap((node): string[] => {
    if (!isElement(node)) return typeof node === "string" && node.trim() === "" ? [] : [item(marker(), [node], writer)];
    return [item(marker(), node.name === "li" ? node.children : [node], writer)];
  });
  return together(items);
}

export function taskListOf(list: Element, writer: Writer): string {
  const tasks = list.children.filter(isElement).flatMap((task): string[] => {
    if (task.name !== "ac:task") return [item("- ", [task], writer)];
    const status = childOf(task, "ac:task-status");
    const done = status !== undefined && textOf(status.children).trim() === "complete";
    const body = childOf(task, "ac:task-body")?.children ?? [];
    return [item("- ", [done ? "[x] " : "[ ] ", ...body], writer)];
  });
  return together(tasks);
}

/** An item of several blocks has empty lines in it, and then items are parted by them too. */
const together = (items: readonly string[]): string =>
  items.join(items.some((one) => one.includes("\n\n")) ? "\n\n" : "\n");

function item(marker: string, nodes: readonly Node[], writer: Writer): string {
  return itemOf(marker, writer.blocks(nodes), writer);
}

/** One item of blocks. A list within it follows its text at once. */
export function itemOf(marker: string, blocks: readonly string[], writer: Writer): string {
  const [first = "", ...rest] = blocks;
  const all = rest.reduce(
    (text, block) => `${text}${/^(?:[-*+]|\d+[.)]) /.test(block) ? "\n" : "\n\n"}${block}`,
    first,
  );
  const text = indented(all, " ".repeat(marker.length));
  writer.spend(text.length - all.length);
  return `${marker}${text}`.trimEnd();
}
