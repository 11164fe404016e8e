import { itemOf } from "./lists.ts";
import { type Element, isElement } from "./tree.ts";
import { labelled, type Writer } from "./writer.ts";

interface Cell {
  readonly blocks: readonly string[];
  readonly isHeader: boolean;
  /** Where it was written: a cell that spans stands in several places. */
  readonly of: Element;
}
type Row = readonly (Cell | undefined)[];

/** A cell over several rows or columns that is longer is given once, and told to go on in the others. */
const MAX_REPEATED = 200;
/** Wider tables are read without regard to cells that span columns or rows. */
const MAX_COLUMNS = 60;

/**
 * A table with pipes where each cell is a line; else one list item a row, each cell with its column's name: then code and lists in a
 * cell, and a pipe in a command, stay as they are.
 */
export function tableOf(table: Element, writer: Writer): string[] {
  const rows = gridOf(rowsOf(table), writer).filter((row) => row.some((cell) => cell && cell.blocks.length > 0));
  if (rows.length === 0) return [];
  const depth = headerDepth(rows);
  const header = depth === 0 ? undefined : headerOf(rows.slice(0, depth));
  const body = rows.slice(depth);
  const cells = rows.flat();
  return cells.every((cell) => cell === undefined || isLine(cell))
    ? [piped(header, body, writer)]
    : [itemised(header, body, writer)];
}

/** How many rows on top are header alone. Where all rows are, the first one is. */
function headerDepth(rows: readonly Row[]): number {
  const isHeader = (row: Row) =>
    row.every((cell) => cell === undefined || cell.isHeader || cell.blocks.length === 0) &&
    row.some((cell) => cell?.isHeader);
  const [first, ...others] = rows;
  if (first?.every((cell) => cell === undefined || cell.isHeader || cell.blocks.length === 0) !== true) return 0;
  const below = others.findIndex((row) => !isHeader(row));
  return below === -1 ? 1 : below + 1;
}

/** One row of column names: what stands above one another, from the top. */
function headerOf(rows: readonly Row[]): Row {
  const [first = []] = rows;
  if (rows.length === 1) return first;
  const width = Math.max(...rows.map((row) => row.length));
  return Array.from({ length: width }, (_, x): Cell | undefined => {
    const column = rows.flatMap((row) => row[x] ?? []).filter(({ blocks }) => blocks.length > 0);
    const parts = column.filter(({ of }, at) => column.findIndex((other) => other.of === of) === at);
    const [top] = parts;
    return (
      top && (parts.length === 1 ? top : { ...top, blocks: [parts.map(({ blocks }) => blocks.join(" ")).join(" / ")] })
    );
  });
}

function rowsOf(table: Element): Element[] {
  return table.children
    .filter(isElement)
    .flatMap((child) => (child.name === "tr" ? [child] : child.name === "table" ? [] : rowsOf(child)));
}

/** Cells where they stand; one that spans columns or rows in each of its places. */
function gridOf(rows: readonly Element[], writer: Writer): Row[] {
  const taken = new Map<string, Cell>();
  return rows.map((row, y) => {
    const line: (Cell | undefined)[] = [];
    const fill = () => {
      for (let above = taken.get(`${line.length} ${y}`); above; above = taken.get(`${line.length} ${y}`)) {
        writer.spend(above.blocks.join("").length);
        line.push(above);
      }
    };
    for (const element of row.children.filter(isElement)) {
      fill();
      const x = line.length;
      const cell: Cell = { blocks: writer.blocks(element.children), isHeader: element.name === "th", of: element };
      line.push(cell);
      const [across, down] = [spanOf(element, "colspan"), spanOf(element, "rowspan")];
      if (x + across > MAX_COLUMNS) continue;
      const again = repeated(cell);
      for (let i = 1; i < across; i++) line.push(again("left"));
      for (let j = 1; j < Math.min(down, rows.length - y); j++) {
        for (let i = 0; i < across; i++) taken.set(`${x + i} ${y + j}`, again("above"));
      }
    }
    fill();
    return line;
  });
}

/** A cell in another of its places. */
function repeated(cell: Cell): (where: "left" | "above") => Cell {
  const length = cell.blocks.reduce((sum, block) => sum + block.length, 0);
  if (isLine(cell) && length <= MAX_REPEATED) return () => cell;
  const [left, above] = ["(as on the left)", "(as above)"].map((text): Cell => ({ ...cell, blocks: [text] }));
  return (where) => (where === "left" ? left : above) ?? cell;
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
        // A cell over several columns stands once in its row, below all their names.
        if (!cell || cell.blocks.length === 0 || row[at - 1]?.of === cell.of) return [];
        const over = row.flatMap((other, column) => (other?.of === cell.of ? [names[column] ?? ""] : []));
        const name = [...new Set(over)].filter((one) => one !== "").join(", ");
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
