/** One native histogram of a service, as it is scraped. https://prometheus.io/docs/specs/native_histograms/ */
export interface NativeHistogram {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly count: number;
  readonly sum: number;
  /** Counts by bucket: number n holds what is above 2^(n-1) and up to 2^n. */
  readonly buckets: Readonly<Record<number, number>>;
}

/** What Prometheus asks for, and gets, when it takes native histograms: there is no text format for them. */
export const CONTENT_TYPE =
  "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

const [HISTOGRAM, ZERO_THRESHOLD] = [4, 1e-9];

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest)];
}
const zigzag = (value: number) => (value < 0 ? -2 * value - 1 : 2 * value);
const integer = (field: number, value: number) => Buffer.from([...varint(field * 8), ...varint(value)]);
const bytes = (field: number, content: Buffer) =>
  Buffer.concat([Buffer.from([...varint(field * 8 + 2), ...varint(content.length)]), content]);
const text = (field: number, value: string) => bytes(field, Buffer.from(value));
const double = (field: number, value: number) => {
  const buffer = Buffer.alloc(8);
  buffer.writeDoubleLE(value);
  return Buffer.concat([Buffer.from(varint(field * 8 + 1)), buffer]);
};

/** By the fields of https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto */
function histogramOf({ count, sum, buckets }: NativeHistogram): Buffer {
  const numbers = Object.keys(buckets)
    .map(Number)
    .sort((a, b) => a - b);
  const spans = numbers.map((number, index) => {
    const before = numbers[index - 1];
    const offset = before === undefined ? number : number - before - 1;
    return bytes(12, Buffer.concat([integer(1, zigzag(offset)), integer(2, 1)]));
  });
  const deltas = numbers.map((number, index) => {
    const before = buckets[numbers[index - 1] ?? Number.NaN] ?? 0;
    return integer(13, zigzag((buckets[number] ?? 0) - before));
  });
  const head = [integer(1, count), double(2, sum), integer(5, zigzag(0)), double(6, ZERO_THRESHOLD), integer(7, 0)];
  return Buffer.concat([...head, ...spans, ...deltas]);
}

/** The answer to a scrape. */
export function scraped(histograms: readonly NativeHistogram[]): Buffer {
  const names = [...new Set(histograms.map(({ name }) => name))];
  const families = names.map((name) => {
    const metrics = histograms
      .filter((one) => one.name === name)
      .map((one) => {
        const labels = Object.entries(one.labels).map(([label, value]) =>
          bytes(1, Buffer.concat([text(1, label), text(2, value)])),
        );
        return bytes(4, Buffer.concat([...labels, bytes(7, histogramOf(one))]));
      });
    return Buffer.concat([text(1, name), text(2, "a test's"), integer(3, HISTOGRAM), ...metrics]);
  });
  return Buffer.concat(families.flatMap((family) => [Buffer.from(varint(family.length)), family]));
}
