import { describe, expect, test } from "vitest";
import { EventJoiner, JOIN_MS, type LogEvent, MAX_EVENT_CHARS } from "../../servers/logs/src/events/join.ts";
import type { Level } from "../../servers/logs/src/levels.ts";

interface Given {
  readonly text: string;
  readonly level?: Level;
  readonly stream?: string;
  /** Milliseconds after the line before. */
  readonly after?: number;
}

function joined(given: readonly (string | Given)[]): LogEvent[] {
  const events: LogEvent[] = [];
  const joiner = new EventJoiner((event) => events.push(event));
  let at = 0;
  given.forEach((line, index) => {
    const { text, level = "error", stream = "pod-a", after = 1 } = typeof line === "string" ? { text: line } : line;
    at += after;
    joiner.push({ at, level, message: text, number: index + 1, stream });
  });
  joiner.end();
  return events.sort((a, b) => a.number - b.number);
}

const texts = (given: readonly (string | Given)[]): string[] => joined(given).map(({ text }) => text);

const TRACES: Record<string, string[]> = {
  Java: [
    "ERROR o.e.Checkout - request failed",
    "java.lang.IllegalStateException: no stock",
    "\tat shop.Stock.take(Stock.java:41)",
    "\tat shop.Checkout.run(Checkout.java:12)",
    "Caused by: java.net.ConnectException: refused",
    "\tat java.base/sun.nio.ch.Net.connect(Net.java:579)",
    "\t... 12 more",
  ],
  "Node.js": [
    "TypeError: Cannot read properties of undefined (reading 'rate')",
    "    at total (/app/total.js:41:12)",
    "    at async handle (/app/main.js:7:3) {",
    "  code: 'E_RATE',",
    "  [cause]: Error: no rate",
    "      at load (/app/rates.js:3:9)",
    "}",
  ],
  Python: [
    "Traceback (most recent call last):",
    '  File "/app/main.py", line 3, in <module>',
    "    run()",
    "KeyError: 'rate'",
    "",
    "During handling of the above exception, another exception occurred:",
    "",
    "Traceback (most recent call last):",
    '  File "/app/main.py", line 9, in run',
    "    raise shop.QuoteError(1)",
    "shop.QuoteError: 1",
  ],
  Go: [
    "panic: runtime error: invalid memory address or nil pointer dereference",
    "[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x48]",
    "",
    "goroutine 1 [running]:",
    "main.(*Cart).Total(0x0)",
    "\t/app/cart.go:17 +0x1d",
    "created by main.main",
    "\t/app/main.go:8 +0x25",
    "exit status 2",
  ],
};

describe("joining lines to events", () => {
  test.each(Object.entries(TRACES))("keeps a stack trace of %s whole", (_, lines) => {
    const around = { text: "GET / 200", level: "info" as const };
    expect(texts([around, ...lines, around])).toEqual(["GET / 200", lines.join("\n"), "GET / 200"]);
  });

  test("joins a trace to the line that reports the error, not to a line that happens to come before", () => {
    const trace = TRACES["Python"]?.slice(0, 4) ?? [];
    expect(texts(["job 7 failed", ...trace])).toEqual([["job 7 failed", ...trace].join("\n")]);
    expect(texts([{ text: "GET / 200", level: "info" }, ...trace])).toEqual(["GET / 200", trace.join("\n")]);
  });

  test("does not mix the traces of two pods that write at once", () => {
    const [first = "", second = "", third = ""] = TRACES["Node.js"] ?? [];
    const a = (text: string) => ({ text, stream: "a" });
    const b = (text: string) => ({ text, stream: "b" });
    expect(texts([a(first), b("fine"), a(second), b(first), a(third), b(second)])).toEqual([
      `${first}\n${second}\n${third}`,
      "fine",
      `${first}\n${second}`,
    ]);
  });

  test("goes on with a trace that was logged as one message", () => {
    expect(texts(["boom\n    at a (/a.js:1:1)", "    at b (/b.js:2:2)"])).toEqual([
      "boom\n    at a (/a.js:1:1)\n    at b (/b.js:2:2)",
    ]);
  });

  test("keeps indented lines that are no stack trace apart", () => {
    expect(texts(["menu", "  soup", "  salad"])).toEqual(["menu", "  soup", "  salad"]);
  });

  test("does not join what comes long after", () => {
    const frame = { text: "    at a (/a.js:1:1)", after: JOIN_MS + 1 };
    expect(texts(["boom", frame])).toEqual(["boom", "    at a (/a.js:1:1)"]);
  });

  test("gives an event the time and number of its first line and the worst level of its lines", () => {
    const [event] = joined([
      { text: "Error: x", level: "info" },
      { text: "    at a (/a.js:1:1)", level: "error" },
    ]);
    expect(event).toMatchObject({ at: 1, number: 1, level: "error" });
  });

  test("keeps the beginning of an endless event and says how long it was", () => {
    const frame = `    at ${"x".repeat(995)}`;
    const [event, ...others] = joined(["Error: deep", ...Array.from({ length: 100 }, () => frame)]);
    expect(others).toEqual([]);
    expect(event?.length).toBe("Error: deep".length + 100 * (frame.length + 1));
    expect(event?.text.length).toBeLessThanOrEqual(MAX_EVENT_CHARS);
    expect(["Error: deep", ...Array.from({ length: 100 }, () => frame)].join("\n").startsWith(event?.text ?? "?")).toBe(
      true,
    );
  });
});
