import { oneLine } from "../deliver/style.ts";
import type { Score } from "./scoreboard.ts";

/** Columns of the scoreboard, in the order that a reader asks: how many, how fast, how good, how dear. */
const COLUMNS: readonly (readonly [head: string, of: (score: Score) => string])[] = [
  ["month", ({ month }) => month],
  ["team", ({ team }) => team],
  ["cases", ({ cases, shadow }) => (shadow > 0 ? `${cases} (${shadow} shadow)` : String(cases))],
  ["min to report", ({ minutes_to_report: at }) => figure(at)],
  ["min to resolution", ({ minutes_to_resolution: at }) => figure(at)],
  ["proposed", ({ proposed }) => String(proposed)],
  ["approved", ({ approved, proposed }) => share(approved, proposed)],
  ["edited", ({ edited, proposed }) => share(edited, proposed)],
  ["rejected", (score) => share(score.rejected, score.proposed) + reasons(score)],
  ["undecided", ({ undecided }) => String(undecided)],
  ["wrong causes", ({ wrong_causes: wrong }) => String(wrong)],
  ["merged, worked, came back", (one) => `${one.merged}, ${one.fixes_worked}, ${one.fixes_failed}`],
  ["dollars", ({ dollars, unpriced }) => `${dollars.toFixed(2)}${unpriced > 0 ? ` + ${unpriced} unpriced` : ""}`],
];

const figure = (minutes: number | null): string => (minutes === null ? "-" : minutes.toFixed(1));
const share = (some: number, all: number): string =>
  all === 0 ? "-" : `${some} (${Math.round((100 * some) / all)} %)`;
const reasons = ({ rejected_by_reason: by }: Score): string => {
  const told = Object.entries(by).map(([reason, count]) => `${reason.replaceAll("_", " ")} ${count}`);
  return told.length === 0 ? "" : `: ${told.join(", ")}`;
};

const rowsOf = (scores: readonly Score[]): string[][] => scores.map((score) => COLUMNS.map(([, of]) => of(score)));

/** A table for a terminal. */
export function scoreboardText(scores: readonly Score[]): string {
  const rows = [COLUMNS.map(([head]) => head), ...rowsOf(scores)].map((row) => row.map((cell) => oneLine(cell)));
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

/** One page that needs nothing from anywhere. */
export function scoreboardHtml(scores: readonly Score[], madeAt: number): string {
  const head = COLUMNS.map(([name]) => `<th scope="col">${escaped(name)}</th>`).join("");
  const body = rowsOf(scores).map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join("")}</tr>`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>oncall scoreboard</title>
<style>body{font:14px sans-serif;margin:2em}table{border-collapse:collapse}th,td{padding:.3em .7em;border-bottom:1px solid #ddd;text-align:left}</style>
</head><body><h1>On call, by team and month</h1><p>As of ${new Date(madeAt).toISOString()}. Minutes are medians from the alert's start.</p>
<table><thead><tr>${head}</tr></thead><tbody>
${body.join("\n")}
</tbody></table></body></html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one);
