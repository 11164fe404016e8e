import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Spec } from "vega";

/** One signal over time, with what was usual and when the change came. */
export interface ChartData {
  /** In words, as a person would say it: also the picture's text for those who do not see it. */
  readonly title: string;
  /** Of the signal: its unit is the last word of its name. */
  readonly signal: string;
  /** By time, in epoch milliseconds. */
  readonly points: readonly { readonly at: number; readonly value: number }[];
  /** What was usual before: the band between two quartiles or the like; null where nothing is known of it. */
  readonly usual: { readonly low: number; readonly high: number } | null;
  /** What happened, marked by a line: a deployment, and when the alert began to fire. */
  readonly marks: readonly { readonly at: number; readonly label: string }[];
}

const WIDTH = 720;
const HEIGHT = 260;
const FONT = "DejaVu Sans";

/** A PNG, drawn without a browser: vega makes the SVG, resvg the picture, with a font of the package since machines may have none. */
export async function drawChart(data: ChartData): Promise<Uint8Array> {
  const [vega, { Resvg }] = await Promise.all([import("vega"), import("@resvg/resvg-js")]);
  const view = new vega.View(vega.parse(specOf(data)), { renderer: "none", logLevel: vega.Error });
  try {
    const svg = await view.toSVG();
    const rendered = new Resvg(svg, {
      fitTo: { mode: "zoom", value: 2 },
      font: { fontFiles: fontFiles(), loadSystemFonts: false, defaultFontFamily: FONT },
      background: "#ffffff",
    }).render();
    return rendered.asPng();
  } finally {
    view.finalize();
  }
}

/** Without a font every word would be missing, and nothing would fail. */
function fontFiles(): string[] {
  const folder = join(dirname(createRequire(import.meta.url).resolve("dejavu-fonts-ttf/package.json")), "ttf");
  const files = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"].map((name) => join(folder, name));
  const missing = files.find((file) => !existsSync(file));
  if (missing !== undefined) throw new Error(`the chart's font is missing: ${missing}; run npm install`);
  return files;
}

const text = { font: FONT, fontSize: 12, fill: "#444444" };

function specOf({ title, signal, points, usual, marks }: ChartData): Spec {
  const low = Math.min(0, ...points.map(({ value }) => value));
  const first = points[0]?.at ?? 0;
  const last = points.at(-1)?.at ?? first + 1;
  return {
    ...{ width: WIDTH, height: HEIGHT, padding: { left: 10, right: 24, top: 10, bottom: 8 }, background: "#ffffff" },
    autosize: { type: "fit", contains: "padding" },
    title: { text: title, font: FONT, fontSize: 14, anchor: "start", color: "#111111", limit: WIDTH - 20, offset: 10 },
    data: [
      { name: "points", values: [...points] },
      { name: "marks", values: shownMarks(marks, first, last) },
      { name: "usual", values: usual ? [usual] : [] },
    ],
    scales: [
      { name: "x", type: "utc", range: "width", domain: [first, last] },
      {
        name: "y",
        type: "linear",
        range: "height",
        nice: true,
        zero: low >= 0,
        domain: { data: "points", field: "value" },
      },
    ],
    axes: [
      {
        orient: "bottom",
        scale: "x",
        format: "%H:%M",
        tickCount: 8,
        labelFont: FONT,
        titleFont: FONT,
        title: "UTC",
        titleFontSize: 11,
        labelFontSize: 11,
      },
      {
        orient: "left",
        scale: "y",
        tickCount: 5,
        grid: true,
        gridColor: "#eeeeee",
        labelFont: FONT,
        titleFont: FONT,
        title: signal,
        titleFontSize: 11,
        labelFontSize: 11,
      },
    ],
    marks: [
      {
        type: "rect",
        from: { data: "usual" },
        encode: {
          enter: {
            x: { value: 0 },
            x2: { signal: "width" },
            y: { scale: "y", field: "low" },
            y2: { scale: "y", field: "high" },
            fill: { value: "#4a90d9" },
            fillOpacity: { value: 0.18 },
            // A band without height, where the median alone is known, is a line.
            stroke: { value: "#4a90d9" },
            strokeOpacity: { value: 0.6 },
            strokeDash: { value: [2, 3] },
          },
        },
      },
      {
        type: "line",
        from: { data: "points" },
        encode: {
          enter: {
            x: { scale: "x", field: "at" },
            y: { scale: "y", field: "value" },
            stroke: { value: "#1f4e79" },
            strokeWidth: { value: 2 },
          },
        },
      },
      {
        type: "rule",
        from: { data: "marks" },
        encode: {
          enter: {
            x: { scale: "x", field: "at" },
            y: { signal: "datum.row * 16 - 36" },
            y2: { signal: "height" },
            stroke: { value: "#c0392b" },
            strokeWidth: { value: 1.5 },
            strokeDash: { value: [5, 3] },
          },
        },
      },
      {
        type: "text",
        from: { data: "marks" },
        encode: {
          enter: {
            x: { scale: "x", field: "at", offset: { signal: "datum.isLate ? -5 : 5" } },
            y: { signal: "datum.row * 16 - 36" },
            align: { signal: "datum.isLate ? 'right' : 'left'" },
            text: { field: "label" },
            limit: { value: 400 },
            baseline: { value: "top" },
            ...Object.fromEntries(Object.entries(text).map(([name, value]) => [name, { value }])),
            fill: { value: "#c0392b" },
          },
        },
      },
    ],
  };
}

/** Labels stand above the plot, a row each, on the side where there is room, and where no other mark's line runs through them. */
function shownMarks(marks: ChartData["marks"], first: number, last: number) {
  const within = marks
    .filter(({ at }) => at >= first && at <= last)
    .sort((a, b) => a.at - b.at)
    .slice(0, 2);
  const isLate = (within[0]?.at ?? first) - first > (last - first) * 0.55;
  return within.map((mark, index) => ({ ...mark, isLate, row: isLate ? 1 - index : index }));
}
