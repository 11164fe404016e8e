import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LogLine } from "../../servers/logs/src/events/join.ts";
import { LineFinder } from "../../servers/logs/src/stores/lines.ts";

const FROM = Date.parse("2026-03-01T10:00:00Z");
const STRETCH = { from: FROM, to: FROM + 60_000 };

function found(service: string, text: string) {
  const lines: LogLine[] = [];
  const times: number[] = [];
  const finder = new LineFinder(service, STRETCH, { line: (line) => lines.push(line), time: (at) => times.push(at) });
  const bytes = Buffer.from(text);
  finder.read({ bytes, latin1: bytes.toString("latin1") });
  return { lines, times, malformed: finder.malformed, levelless: finder.levelless };
}

/** JSON in which any character of any string may be spelled as an escape. */
function spelled(record: Readonly<Record<string, string>>, escaped: (index: number) => boolean): string {
  let index = 0;
  const quote = (text: string) =>
    `"${[...JSON.stringify(text).slice(1, -1)]
      .map((char) =>
        /[a-z@.]/.test(char) && escaped(index++) ? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}` : char,
      )
      .join("")}"`;
  // An escape right behind a backslash would change what is said.
  const parts = Object.entries(record).map(
    ([key, value]) =>
      `${quote(key)}:${value.includes("\\") || /["\n]/.test(value) ? JSON.stringify(value) : quote(value)}`,
  );
  return `{${parts.join(",")}}`;
}

const record = fc.record({
  order: fc.boolean(),
  offset: fc.integer({ min: -30_000, max: 90_000 }),
  service: fc.constantFrom("checkout", "checkout-api", "pricing", "a/b", "naïve", 'quo"te'),
  message: fc.oneof(fc.string(), fc.constantFrom('"service.name":"checkout"', "checkout", "a\nb", "\\u0063heckout")),
  escapes: fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
});

describe("finding a service's lines without parsing the others", () => {
  test("finds exactly the lines that parsing every line would find", () => {
    fc.assert(
      fc.property(
        fc.array(record, { maxLength: 12 }),
        fc.constantFrom("checkout", "a/b", "naïve", 'quo"te'),
        (records, service) => {
          const lines = records.map(({ order, offset, service: name, message, escapes }) => {
            const at = new Date(FROM + offset).toISOString();
            const rest = { "service.name": name, "log.level": "info", message };
            const fields = order ? { "@timestamp": at, ...rest } : { ...rest, "@timestamp": at };
            return spelled(fields, (index) => escapes[index % escapes.length] === true);
          });
          const expected = lines.flatMap((line, index) => {
            const fields = JSON.parse(line) as Record<string, string>;
            const at = Date.parse(fields["@timestamp"] ?? "");
            const ours = fields["service.name"] === service && at >= STRETCH.from && at < STRETCH.to;
            return ours ? [{ number: index + 1, at, message: fields["message"] }] : [];
          });
          const { lines: got, times } = found(service, lines.map((line) => `${line}\n`).join(""));
          expect(got.map(({ number, at, message }) => ({ number, at, message }))).toEqual(expected);
          expect(times).toHaveLength(lines.length);
        },
      ),
    );
  });

  test("reads times of any zone and precision", () => {
    const line = (at: string) => `{"@timestamp":"${at}","service.name":"checkout","log.level":"info","message":"x"}\n`;
    const { lines } = found("checkout", line("2026-03-01T11:00:01+01:00") + line("2026-03-01T10:00:01.123456Z"));
    expect(lines.map(({ at }) => at - FROM)).toEqual([1000, 1123]);
  });

  test("counts lines that cannot be read and goes on", () => {
    const good = `{"@timestamp":"2026-03-01T10:00:01Z","service.name":"checkout","log.level":"info","message":"x"}\n`;
    const { lines, malformed } = found(
      "checkout",
      `not json\n${good}{"@timestamp":"2026-03-01T10:00:01Z","service.name":"checkout"\n[1]\n`,
    );
    expect({ found: lines.length, malformed }).toEqual({ found: 1, malformed: 3 });
  });

  test.each([
    ["ERROR", "error"],
    ["Fatal", "error"],
    ["warning", "warn"],
    ["NOTICE", "info"],
    ["trace", "debug"],
    [50, "error"],
    [30, "info"],
    ["40", "warn"],
  ])("reads the level %j as %s", (level, expected) => {
    const line = { "@timestamp": "2026-03-01T10:00:01Z", "service.name": "checkout", "log.level": level, message: "x" };
    expect(found("checkout", JSON.stringify(line)).lines[0]?.level).toBe(expected);
  });

  test("counts a line without a level as info and says how many there are", () => {
    const line = { "@timestamp": "2026-03-01T10:00:01Z", "service.name": "checkout", message: "x" };
    const { lines, levelless } = found("checkout", JSON.stringify(line));
    expect(lines[0]?.level).toBe("info");
    expect(levelless).toBe(1);
  });
});

describe("what ends a line", () => {
  const line = (message: string) =>
    JSON.stringify({ "@timestamp": "2026-03-01T10:00:01Z", "service.name": "checkout", "log.level": "error", message });

  test.each(["\n", "\r", "\r\n", "\n\n"])("is no part of its message: %j", (end) => {
    expect(found("checkout", line(`order refused${end}`)).lines.map(({ message }) => message)).toEqual([
      "order refused",
    ]);
  });

  test("inside a message stays, as one kind of line break", () => {
    expect(found("checkout", line("order refused\r\n    at pay (a.js:1)\r\n")).lines[0]?.message).toBe(
      "order refused\n    at pay (a.js:1)",
    );
  });
});
