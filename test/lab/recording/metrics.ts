import { queryRange } from "../monitoring/query-range.ts";
import { SIGNALS } from "../monitoring/signals.ts";

const STEP_SECONDS = 15;
const HEADER = "timestamp,service,signal,value";

/** The rows of metrics.csv: each sample stamped with the moment it was known, the end of its period. */
export async function exportMetrics(prometheusUrl: string, from: Date, to: Date): Promise<string> {
  const step = STEP_SECONDS * 1000;
  const start = new Date(Math.ceil(from.getTime() / step) * step);
  const rows: { at: number; row: string }[] = [];
  for (const [signal, expression] of Object.entries(SIGNALS)) {
    for (const { service, samples } of await queryRange(prometheusUrl, expression, start, to, STEP_SECONDS)) {
      for (const [at, value] of samples) {
        if (!Number.isFinite(value)) continue;
        const stamp = new Date(at * 1000).toISOString().replace(".000Z", "Z");
        rows.push({ at, row: `${stamp},${service},${signal},${formatValue(value)}` });
      }
    }
  }
  rows.sort((a, b) => a.at - b.at || (a.row < b.row ? -1 : 1));
  return `${HEADER}\n${rows.map(({ row }) => row).join("\n")}\n`;
}

/** Five digits are more than anybody quotes, and half the size. */
export function formatValue(value: number): string {
  if (Number.isInteger(value)) return String(value);
  // Below a millionth it is rounding of Prometheus' own, and would be written as an exponent.
  if (Math.abs(value) < 1e-6) return "0";
  return String(Number(value.toPrecision(5)));
}
