import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gridOf } from "../../../servers/metrics/src/stores/prometheus/grid.ts";
import { PRESETS } from "../../../servers/metrics/src/stores/prometheus/presets/presets.ts";
import { duration, matcher, quote } from "../../../servers/metrics/src/stores/prometheus/promql.ts";
import { fill, problemOf } from "../../../servers/metrics/src/stores/prometheus/template.ts";

/** Reads a PromQL string in single quotes from the front, by Go's rules: its value, and what comes after it. */
function readString(text: string): { value: string; rest: string } {
  const simple: Record<string, string> = { "\\": "\\", "'": "'", n: "\n", r: "\r", t: "\t" };
  let value = "";
  for (let index = 1; index < text.length; index++) {
    const char = text[index] ?? "";
    if (char === "'") return { value, rest: text.slice(index + 1) };
    if (char === "\n") throw new Error("a new line ends the string");
    if (char !== "\\") {
      value += char;
      continue;
    }
    index++;
    const next = text[index] ?? "";
    if (next === "u") {
      value += String.fromCharCode(Number.parseInt(text.slice(index + 1, index + 5), 16));
      index += 4;
    } else if (simple[next] !== undefined) value += simple[next];
    else throw new Error(`Go knows no \\${next}`);
  }
  throw new Error("the string does not end");
}

/** Names by people who want out of a label matcher, and any others. */
const hostile = fc.oneof(
  fc.constantFrom(
    ...[
      "'",
      "\\",
      "\\'",
      "a|b",
      ".*",
      "x'} or up{job='",
      '"}',
      "$service",
      "$by",
      "$&",
      "$'",
      "(?i)a",
      "^$",
      "[",
      "{1,2}",
    ],
    ...["\n", "\u0000", "\u2028", "\ud800", "😀", "`", "#", "a\\"],
  ),
  fc.string({ unit: "binary", minLength: 1 }),
  fc.string({ unit: "grapheme", minLength: 1 }),
);
const names = fc.uniqueArray(hostile, { minLength: 1, maxLength: 5 });
const wellFormed = (text: string) => text.replace(/\p{Cs}/gu, "\uFFFD");

describe("a label matcher", () => {
  it("holds each name as one string, which no name can end", () => {
    fc.assert(
      fc.property(names, (values) => {
        const [, operator = "", literal = ""] = /^service(=~?)(.*)$/su.exec(matcher("service", values)) ?? [];
        const { value, rest } = readString(literal);
        expect(rest).toBe("");
        const matches =
          operator === "="
            ? (name: string) => name === value
            : (name: string) => new RegExp(`^(?:${value})$`, "su").test(name);
        for (const name of values) expect(matches(wellFormed(name))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("matches the names it was given and no others", () => {
    fc.assert(
      fc.property(names, hostile, (values, other) => {
        fc.pre(!values.map(wellFormed).includes(wellFormed(other)) && values.length > 1);
        const { value } = readString(matcher("service", values).slice("service=~".length));
        expect(new RegExp(`^(?:${value})$`, "su").test(wellFormed(other))).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it("lets a job have its namespace in front, but not another name", () => {
    const { value } = readString(matcher("job", ["checkout", "cart"]).slice("job=~".length));
    const job = new RegExp(`^(?:${value})$`, "u");
    expect(["checkout", "shop/checkout", "cart"].every((name) => job.test(name))).toBe(true);
    expect(["shop/precheckout", "a/b/checkout", "checkout/x"].some((name) => job.test(name))).toBe(false);
    expect(matcher("job", ["shop/checkout"])).toBe("job='shop/checkout'");
  });

  it("asks for one name by equality, which Prometheus finds fastest", () => {
    expect(matcher("service", ["checkout", "checkout"])).toBe("service='checkout'");
  });
});

describe("a filled template", () => {
  it("is the template around the matcher, whatever the names say", () => {
    fc.assert(
      fc.property(names, (values) => {
        const query = fill({ query: "sum by($by)(rate(up{$service}[$rate]))", label: "service" }, values, 120);
        expect(query).toBe(`sum by(service)(rate(up{${matcher("service", values)}}[2m]))`);
      }),
    );
  });

  it.each([
    ["", "service", /empty/],
    ["up{$services}", "service", /\$services is not known/],
    ["up{$service}", "no label", /no name of a label/],
    ["up{$service}", "a='b'}", /no name of a label/],
  ])("is refused as %j by the label %j", (query, label, problem) => {
    expect(problemOf({ query, label })).toMatch(problem);
  });

  it.each(Object.entries(PRESETS))("of the preset %s has every placeholder filled", (_, { label, signals }) => {
    for (const given of Object.values(signals)) {
      const template = typeof given === "string" ? { query: given, label } : given;
      expect(problemOf(template)).toBeUndefined();
      const query = fill(template, ["checkout"], 120);
      expect(query).not.toContain("$");
      expect(query).toContain(quote("checkout").slice(1, -1));
    }
  });
});

describe("the grid of a query", () => {
  const HOUR = 3_600_000;

  it("begins after `from`, ends by `to`, lies on multiples of its step and never nears 11,000 points", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2e12 }),
        fc.integer({ min: 1, max: 9 * 24 * HOUR }),
        fc.integer({ min: 1, max: 3600 }),
        (from, length, scrape) => {
          const grid = gridOf(from, from + length, scrape);
          if (grid === undefined) {
            expect(length).toBeLessThan(scrape * 1000);
            return;
          }
          expect(grid.start * 1000).toBeGreaterThan(from);
          expect(grid.end * 1000).toBeLessThanOrEqual(from + length);
          expect([grid.start % grid.step, grid.end % grid.step, grid.step % scrape]).toEqual([0, 0, 0]);
          expect((grid.end - grid.start) / grid.step + 1).toBeLessThanOrEqual(2_000);
          expect(grid.rate).toBeGreaterThanOrEqual(Math.max(4 * scrape, grid.step));
        },
      ),
    );
  });

  it("is as fine as the scrapes where the window is short", () => {
    expect(gridOf(0, 75 * 60_000, 15)).toEqual({ start: 15, end: 4500, step: 15, rate: 60 });
  });

  it("writes a length of time in its largest whole unit", () => {
    expect([45, 60, 90, 3600, 5400].map(duration)).toEqual(["45s", "1m", "90s", "1h", "90m"]);
  });
});
