/** Rows as aligned text: words to the left, figures to the right. */
export function asTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [head, ...rows.map((row) => row.map(String))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? "").length)));
  const lines = cells.map((row, index) =>
    row
      .map((cell, column) => {
        const figure = index > 0 && typeof rows[index - 1]?.[column] === "number";
        return figure ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
      })
      .join("  ")
      .trimEnd(),
  );
  return lines.join("\n");
}
