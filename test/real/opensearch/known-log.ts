/** A kind of line, how often it comes in the window and before, and how its text begins. */
export interface Kind {
  readonly level: "error" | "warn" | "info";
  readonly begins: string;
  readonly window: number;
  readonly before: number;
  text(number: number): string;
}

/** The moment that the log ends at. */
export const END = Date.parse("2026-03-01T10:15:00Z");
const HALF_MS = 15 * 60_000;

const kind = (
  level: Kind["level"],
  begins: string,
  window: number,
  before: number,
  rest: (n: number) => string,
): Kind => ({
  ...{ level, begins, window, before },
  text: (number) => `${begins}${rest(number)}`,
});

/** Floods of a few kinds, and some that are few in tens of thousands. */
export const KINDS: readonly Kind[] = [
  kind("info", "GET /basket/", 14_000, 15_000, (n) => `b-${n} 200 ${n % 90}.5 ms`),
  kind("info", "order placed", 4_000, 4_200, (n) => ` by customer ${n} for ${n % 70} EUR`),
  kind("info", "leader elected: ", 3, 0, (n) => `node-${n % 3} in term ${n}`),
  kind("warn", "pool nearly full", 2_600, 900, (n) => `: ${n % 9} of 10 connections in use`),
  kind("error", "payment ", 9_000, 120, (n) => `${n} failed: the bank said no (code ${n % 40})`),
  kind("error", "cannot reach offers: ", 4_000, 3_900, (n) => `answered 50${n % 4} after ${n % 700} ms`),
  kind("error", "ledger ", 1, 0, (n) => `${n} out of balance by 4 cents`),
  kind("error", "stock count went below zero", 2, 1, (n) => ` for item ${n}`),
  kind(
    "error",
    "render failed",
    5,
    0,
    (n) => `\nTemplateError: no value ${n}\n    at render (/app/page.js:${n % 90}:1)`,
  ),
];

export interface KnownLine {
  readonly at: number;
  readonly level: Kind["level"];
  readonly message: string;
}

/** Every line of every kind, each kind spread evenly over its stretch, oldest first. */
export function knownLog(): KnownLine[] {
  const lines = KINDS.flatMap(({ level, window, before, text }, kind) =>
    [
      { count: before, from: END - 2 * HALF_MS },
      { count: window, from: END - HALF_MS },
    ].flatMap(({ count, from }, stretch) =>
      Array.from({ length: count }, (_, index) => ({
        at: Math.floor(from + ((index + 0.5) * HALF_MS) / count),
        level,
        message: text(kind * 100_000 + stretch * 50_000 + index),
      })),
    ),
  );
  return lines.sort((a, b) => a.at - b.at);
}
