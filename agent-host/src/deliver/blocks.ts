import type { Citation, Claim, Evidence } from "@oncall-copilot/core";
import { oneLine, type Paint, printable } from "./style.ts";

const MAX_QUOTE_LINES = 4;
const MAX_DIFF_LINES = 40;
const WIDTH = 100;

export const indent = (text: string, by: string): string =>
  text
    .split("\n")
    .map((line) => `${by}${line}`)
    .join("\n");

/** A list item: a dash, and what follows on further lines stands under its text. */
export const item = (text: string, dash = "  - "): string =>
  `${dash}${indent(text, " ".repeat(dash.length)).trimStart()}`;

/** Breaks at spaces so that no line is wider than `width`; a longer word stays whole. */
export function wrap(text: string, width = WIDTH): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}

/** Quotes with the place where a person sees each; quotes of one item that follow each other share the place. */
export function quotes(claim: Claim, evidence: ReadonlyMap<string, Evidence>, paint: Paint, by: string): string[] {
  const marked = [
    ...claim.supports.map((citation) => ({ citation, mark: paint("green", "|") })),
    ...claim.contradicts.map((citation) => ({ citation, mark: paint("red", "| against it:") })),
  ];
  return marked.flatMap(({ citation, mark }, index) => {
    const shared = marked[index + 1]?.citation.id === citation.id;
    const place = paint("dim", `${by}  ${citation.id}  ${printable(evidence.get(citation.id)?.url ?? "")}`);
    return [indent(quoteText(citation), `${by}${mark} `), ...(shared ? [] : [place])];
  });
}

function quoteText({ quote }: Citation): string {
  const lines = printable(quote).split("\n");
  const rest = lines.length - MAX_QUOTE_LINES;
  return (rest > 0 ? [...lines.slice(0, MAX_QUOTE_LINES), `(${rest} more lines in report.md)`] : lines).join("\n");
}

export function numbered(claim: Claim, number: number, evidence: ReadonlyMap<string, Evidence>, paint: Paint): string {
  return [item(wrap(oneLine(claim.text), WIDTH - 5), `  ${number}. `), ...quotes(claim, evidence, paint, "     ")].join(
    "\n",
  );
}

export function diffLines(diff: string, paint: Paint): string {
  const lines = printable(diff).trimEnd().split("\n");
  const rest = lines.length - MAX_DIFF_LINES;
  const painted = lines.slice(0, MAX_DIFF_LINES).map((line) => {
    if (line.startsWith("+")) return paint("green", line);
    return line.startsWith("-") ? paint("red", line) : paint("dim", line);
  });
  return indent([...painted, ...(rest > 0 ? [`(${rest} more lines in pull-request.diff)`] : [])].join("\n"), "    ");
}
