import { METRICS_HEADER, MetricRow } from "../lines.ts";
import { type CheckContext, UnknownNames } from "./context.ts";
import type { FileProblems } from "./problems.ts";
import { readableLines, TimeOrder } from "./rows.ts";
import { visibleBy } from "./visible.ts";

/** Ends of names that mean another unit than the base unit Prometheus' custom asks for. */
const OTHER_UNITS: readonly (readonly [RegExp, string])[] = [
  [/_(?:ms|msecs?|millis|milliseconds|us|micros|microseconds|ns|nanos|nanoseconds|minutes|hours)$/, "_seconds"],
  [/_(?:pct|percent|percentage)$/, "_ratio, from 0 to 1"],
  [/_(?:kb|kib|mb|mib|gb|gib|kilobytes|megabytes|gigabytes|bits)$/, "_bytes"],
  [/_(?:rps|qps|per_minute|per_min|rpm)$/, "_per_second"],
  [/_(?:millicores|millicpu)$/, "_cores"],
];
/** Shares of a whole; other ratios, such as use against a request, may pass 1. */
const SHARE = /^(?:.*_)?(?:error|availability|success|hit)_ratio$/;

/** `metrics.csv.gz` */
export async function checkMetrics(path: string, context: CheckContext, problems: FileProblems): Promise<void> {
  const order = new TimeOrder();
  const names = new UnknownNames(context.catalog);
  const signals = new Set<string>();
  let header: string | undefined;
  for await (const { number, text } of readableLines(path, problems)) {
    if (header === undefined) {
      header = text;
      if (header !== METRICS_HEADER) {
        problems.error(`the header is "${header}"; it must be "${METRICS_HEADER}"`, number);
        return;
      }
      continue;
    }
    const cells = text.split(",");
    if (cells.length !== 4) {
      problems.error(
        `has ${cells.length} columns; it must have 4: ${METRICS_HEADER}`,
        number,
        "wrong number of columns",
      );
      continue;
    }
    const [timestamp, service, signal, value] = cells;
    const row = { timestamp, service, signal, value };
    const parsed = MetricRow.safeParse(row);
    if (!parsed.success) {
      problems.issues(parsed.error, row, number);
      continue;
    }
    order.add(parsed.data.timestamp, number, "timestamp", problems);
    names.add(parsed.data.service, number);
    checkSignal(parsed.data, number, signals, problems);
  }
  if (header === undefined) problems.error(`is empty; it must begin with "${METRICS_HEADER}"`);
  names.tell(problems, "service");
  visibleBy(context.asOf, order.first, "sample", problems);
}

function checkSignal({ signal, value }: MetricRow, line: number, seen: Set<string>, problems: FileProblems): void {
  if (SHARE.test(signal) && (Number(value) < 0 || Number(value) > 1)) {
    problems.warning(`${signal} is ${value}; a share is from 0 to 1`, line, `${signal} outside 0 to 1`);
  }
  if (seen.has(signal)) return;
  seen.add(signal);
  const other = OTHER_UNITS.find(([end]) => end.test(signal));
  if (other)
    problems.warning(`signal "${signal}" is not in a base unit; convert it and let its name end in ${other[1]}`, line);
}
