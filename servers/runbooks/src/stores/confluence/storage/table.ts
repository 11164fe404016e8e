import { itemOf } from "./lists.ts";
import { type Element, isElement } from "./tree.ts";
import { labelled, type Writer } from "./writer.ts";

interface Cell {
  readonly blocks: readonly string[];
  readonly isHeader: boolean;
}
type Row = readonly (Cell | undefined)[];

/** Wider tables are read without regard to cells that span columns or rows. */
const MAX_COLUMNS = 60;

/**
 * A table with pipes where each cell is a line; else one list item a row, each cell with its column's name: then code and lists in a
 * cell, and a pipe in a command, stay as they are.
 */
export function tableOf(table: Element, writer: Writer): string[] {
  const rows = gridOf(rowsOf(table), writer).filter((row) => row.some((cell) => cell && cell.blocks.length > 0));
  const [first, ...others] = rows;
  if (!first) return [];
  const hasHeader = first.every((cell) => cell === undefined || cell.isHeader || cell.blocks.length === 0);
  const header = hasHeader ? first : undefined;
  const body = header ? others : rows;
  const cells = rows.flat();
  return cells.every((cell) => cell === undefined || isLine(cell))
    ? [piped(header, body, writer)]
    : [itemised(header, body, writer)];
}

function rowsOf(table: Element): Element[] {
  return table.children
    .filter(isElement)
    .flatMap((child) => (child.name === "tr" ? [child] : child.name === "table" ? [] : rowsOf(child)));
}

/** Cells where they stand, those that span columns or rows once and then left empty. */
function gridOf(rows: readonly Element[], writer: Writer): Row[] {
  const taken = new Map<string, true>();
  return rows.map((row, y) => {
    const line: (Cell | undefined)[] = [];
    for (const cell of row.children.filter(isElement)) {
      while (taken.has(`${line.length} ${y}`)) line.push(undefined);
      const x = line.length;
      line.push({ blocks: writer.blocks(cell.children), isHeader: cell.name === "th" });
      const [across, down] = [spanOf(cell, "colspan"), spanOf(cell, "rowspan")];
      if (x + across > MAX_COLUMNS) continue;
      for (let i = 1; i < across; i++) line.push(undefined);
      for (let j = 1; j < Math.min(down, rows.length - y); j++) {
        for (let i = 0; i < across; i++) taken.set(`${x + i} ${y + j}`, true);
      }
    }
    return line;
  });
}

const spanOf = ({ attributes }: Element, name: string): number =>
  Math.max(1, Math.min(10_000, Number(attributes[name]) || 1));

/** Blocks that no line can hold: code, lists, headings, tables. */
const STRUCTURE = /^(?:`{3,}|[-*+] |\d+[.)] |#{1,6} |> |\|)/;

const isLine = ({ blocks }: Cell): boolean => !blocks.some((block) => STRUCTURE.test(block) || block.includes("|"));

const lineOf = (cell: Cell | undefined): string => cell?.blocks.join("<br>").replace(/\n/g, "<br>") ?? "";

function piped(header: Row | undefined, body: readonly Row[], writer: Writer): string {
  const width = Math.max(...[header ?? [], ...body].map((row) => row.length));
  writer.spend(width * body.length);
  const line = (row: Row) => `| ${Array.from({ length: width }, (_, at) => lineOf(row[at])).join(" | ")} |`;
  return [line(header ?? []), `|${"---|".repeat(width)}`, ...body.map(line)].join("\n");
}

function itemised(header: Row | undefined, body: readonly Row[], writer: Writer): string {
  const names = (header ?? []).map(
    (cell) =>
      cell?.blocks
        .join(" ")
        .replace(/\n/g, " ")
        .replace(/^\*\*|\*\*$/g, "") ?? "",
  );
  const items = body.map((row) =>
    itemOf(
      "- ",
      row.flatMap((cell, at) => {
        if (!cell || cell.blocks.length === 0) return [];
        const name = names[at] ?? "";
        writer.spend(name.length);
        return name === "" ? cell.blocks : labelled(`**${name}:**`, cell.blocks);
      }),
      writer,
    ),
  );
  // A column's name for which no row has a cell is still words of the page.
  const unused = names.filter((name, at) => name !== "" && !body.some((row) => (row[at]?.blocks.length ?? 0) > 0));
  return [...(unused.length > 0 ? [`- ${unused.join(", ")}`] : []), ...items].join("\n\n");
}
