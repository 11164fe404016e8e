import { CouldNotLook } from "@oncall-copilot/core";
import { readLines } from "@oncall-copilot/core/recording";

/** One row of a recording's metrics.csv.gz. */
export interface MetricRow {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly service: string;
  readonly signal: string;
  /** NaN and the infinities are what a source says when it has no number (a quantile of no requests, say). */
  readonly value: number;
}

const HEADER = "timestamp,service,signal,value";
const NOT_NUMBERS: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  "+inf": Number.POSITIVE_INFINITY,
  inf: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
};

/** Between how many rows the event loop gets its turn, so that a cancellation is heard. */
const ROWS_A_TURN = 50_000;

function readValue(text: string): number | undefined {
  if (text === "") return undefined;
  const value = Number(text);
  return Number.isNaN(value) ? NOT_NUMBERS[text.toLowerCase()] : value;
}

function bad(line: number, why: string): CouldNotLook {
  return new CouldNotLook("bad_response", `metrics.csv.gz line ${line}: ${why}`, {
    tryNext: ["oncall recording check names every bad row of a recording"],
  });
}

/** Rows of the file one at a time; a bad one ends it with a CouldNotLook that gives its line number. */
export async function* readMetricsCsv(file: string, abort: AbortSignal): AsyncGenerator<MetricRow> {
  let stamp = "";
  let at = Number.NaN;
  let headed = false;
  for await (const { number, text } of readLines(file, abort)) {
    if (!headed) {
      if (text.trim() !== HEADER) throw bad(number, `the first line must be "${HEADER}"`);
      headed = true;
      continue;
    }
    if (number % ROWS_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    const cells = text.split(",");
    const [timestamp, service, signal, written] = cells;
    if (cells.length !== 4 || !timestamp || !service || !signal || written === undefined) {
      throw bad(number, `expected the four cells ${HEADER}, found ${cells.length}`);
    }
    if (timestamp !== stamp) {
      stamp = timestamp;
      at = Date.parse(timestamp);
      if (Number.isNaN(at)) throw bad(number, "the timestamp is not RFC 3339");
    }
    const value = readValue(written.trim());
    if (value === undefined) throw bad(number, "the value is not a number");
    yield { at, service, signal, value };
  }
}
