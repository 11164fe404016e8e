/** What a figure measures. Figures are compared within one dimension only. */
export type Dimension = "ratio" | "time" | "bytes" | "count";

export interface Unit {
  readonly dimension: Dimension;
  /** How many of the dimension's base unit (1, second, byte, item) it is. */
  readonly factor: number;
}

const TABLE: readonly (readonly [dimension: Dimension, factor: number, names: string])[] = [
  ["ratio", 0.01, "% percent pct"],
  ["ratio", 1, "ratio x × fold"],
  ["time", 1e-9, "ns nanosecond nanoseconds"],
  ["time", 1e-6, "us µs μs microsecond microseconds"],
  ["time", 1e-3, "ms msec millisecond milliseconds millis"],
  ["time", 1, "s sec secs second seconds"],
  ["time", 60, "m min mins minute minutes"],
  ["time", 3600, "h hr hrs hour hours"],
  ["time", 86_400, "d day days"],
  ["time", 604_800, "week weeks"],
  ["bytes", 1, "b byte bytes"],
  ["bytes", 1e3, "kb kilobyte kilobytes"],
  ["bytes", 1e6, "mb megabyte megabytes"],
  ["bytes", 1e9, "gb gigabyte gigabytes"],
  ["bytes", 1e12, "tb terabyte terabytes"],
  ["bytes", 1024, "ki kib"],
  ["bytes", 1024 ** 2, "mi mib"],
  ["bytes", 1024 ** 3, "gi gib"],
  ["bytes", 1024 ** 4, "ti tib"],
  ["count", 12, "dozen"],
  ["count", 100, "hundred"],
  ["count", 1e3, "k thousand"],
  ["count", 1e6, "million"],
  ["count", 1e9, "billion"],
];

const UNITS = new Map<string, Unit>(
  TABLE.flatMap(([dimension, factor, names]) => names.split(" ").map((name) => [name, { dimension, factor }] as const)),
);

/** Something counted one by one: the 3 of `3 pods`. */
export const ITEM: Unit = { dimension: "count", factor: 1 };

/** The unit a word stands for. Case matters to one only: `5m` are minutes, `5M` are millions. */
export function unitOf(word: string): Unit | undefined {
  return word === "M" ? UNITS.get("million") : UNITS.get(word.toLowerCase());
}

const NO_PLURALS = new Set(
  "times was has his its this thus plus less minus versus across besides always perhaps does towards".split(" "),
);

/** The unit that the word right behind a figure gives it: its unit, or the things it counts when that is a plural. */
export function unitBehind(word: string): Unit | undefined {
  const plural = /^[a-z]{3,40}s$/i.test(word) && !NO_PLURALS.has(word.toLowerCase());
  return unitOf(word) ?? (plural ? ITEM : undefined);
}

/** The unit in an identifier's name (`latency_p99_seconds`, `error_ratio`, `ttlMs`); `requests_per_second` has none. */
export function unitInName(identifier: string): Unit | undefined {
  const words = identifier.split(/[_.]|(?<=[a-z])(?=[A-Z])/);
  const last = words.at(-1) ?? "";
  return words.length < 2 || last.length < 2 || words.at(-2)?.toLowerCase() === "per" ? undefined : unitOf(last);
}
