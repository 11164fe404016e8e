import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** One sample: epoch seconds and what was measured. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly at: number;
  readonly value: number;
}

const escaped = (text: string) => text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
const labelsText = (labels: Readonly<Record<string, string>>) =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(",");

/** The OpenMetrics text that promtool makes blocks of; each metric's samples together, as the format wants it. */
export function openMetrics(samples: readonly Sample[]): string {
  const byName = new Map<string, string[]>();
  for (const { name, labels, at, value } of samples) {
    const lines = byName.get(name) ?? [];
    lines.push(`${name}{${labelsText(labels)}} ${value} ${at}`);
    byName.set(name, lines);
  }
  const metrics = [...byName].map(([name, lines]) => `# TYPE ${name} unknown\n${lines.join("\n")}\n`);
  return `${metrics.join("")}# EOF\n`;
}

/** A recording's samples as gauges named by signal, with the label `service`. */
export function samplesOf(metricsCsv: string): Sample[] {
  const rows = gunzipSync(readFileSync(metricsCsv)).toString("utf8").trimEnd().split("\n").slice(1);
  return rows.map((row) => {
    const [timestamp = "", service = "", name = "", value = ""] = row.split(",");
    return { name, labels: { service }, at: Date.parse(timestamp) / 1000, value: Number(value) };
  });
}
