import type { Formula } from "./formula.ts";
import { inOrder, type Metric } from "./metric.ts";
import type { Planned } from "./plan.ts";

/** A link that is longer leaves its graph out: it would fill the answer that it stands in. */
const LONGEST = 700;

/**
 * The metrics of a signal as the console's graphs and dashboards hold them, in JSON. It stands for a query in `Series.query`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Metric-Widget-Structure.html
 */
export function graphOf({ signal, formula, metrics }: Planned, periodMs: number): string {
  const shown = metrics.map((metric, index) => metricRow(metric, formula, index));
  const math = formula.math === undefined ? [] : [[{ expression: formula.math, label: signal }]];
  return JSON.stringify({ metrics: [...math, ...shown], period: periodMs / 1000 });
}

function metricRow({ namespace, name, dimensions, stat }: Metric, { math }: Formula, index: number): unknown[] {
  const options = { ...(math === undefined ? {} : { id: `m${index + 1}`, visible: false }), stat };
  return [namespace, name, ...inOrder(dimensions).flat(), options];
}

const consoleOf = (region: string): string => {
  if (region.startsWith("cn-")) return "console.amazonaws.cn";
  if (region.startsWith("us-gov-")) return "console.amazonaws-us-gov.com";
  return `${region}.console.aws.amazon.com`;
};

/** The console's page for a signal over a stretch of time (epoch ms); of all metrics where there is no graph, or a too long one. */
export function linkTo(region: string, graph: string | undefined, from: number, to: number): string {
  const page = `https://${consoleOf(region)}/cloudwatch/home?region=${region}#metricsV2`;
  if (graph === undefined) return page;
  const shown = {
    ...(JSON.parse(graph) as object),
    ...{ region, start: instant(from), end: instant(to) }, // a line over time is what the console draws by itself
  };
  const link = `${page}:graph=${encoded(shown)}`;
  return link.length > LONGEST ? page : link;
}

const instant = (ms: number) => new Date(ms).toISOString();

/** The console writes objects into its addresses as JSURL: `~(key~'text~other~(~1~2))`. https://github.com/Sage/jsurl */
export function encoded(value: unknown): string {
  if (typeof value === "string") return `~'${text(value)}`;
  if (Array.isArray(value)) return `~(${value.length === 0 ? "~" : value.map(encoded).join("")})`;
  if (value !== null && typeof value === "object") {
    return `~(${Object.entries(value)
      .map(([key, one]) => `${text(key)}${encoded(one)}`)
      .join("~")})`;
  }
  return `~${String(value)}`;
}

const text = (given: string) =>
  given.replace(/[^\w.-]/g, (char) => {
    const code = char.charCodeAt(0);
    if (char === "$") return "!";
    return code < 0x100 ? `*${code.toString(16).padStart(2, "0")}` : `**${code.toString(16).padStart(4, "0")}`;
  });

export const alarmLink = (region: string, alarm: string): string =>
  `https://${consoleOf(region)}/cloudwatch/home?region=${region}#alarmsV2:alarm/${encodeURIComponent(alarm)}`;
