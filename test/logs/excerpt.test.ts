import { describe, expect, it } from "vitest";
import { excerpt } from "../../servers/logs/src/answer/excerpt.ts";

const cut = (text: string, maxChars: number) => excerpt({ text, length: text.length }, maxChars);
const FRAMES = ["one", "two", "three"].flatMap((name, index) => [
  `  File "/app/${name}.py", line ${index + 1}, in ${name}`,
  `    return ${name}(request)`,
]);

describe("an event that is too long to be shown whole", () => {
  it("is shown from its beginning, by whole lines", () => {
    const text = ["it failed", "  first line of a long text", "  second line of it"].join("\n");
    expect(cut(text, 40)).toEqual({
      text: "it failed\n  first line of a long text",
      note: "its first 2 lines, 20 characters left out",
    });
  });

  it("keeps what was thrown and where, which Python says at the end", () => {
    const error = "google.api_core.exceptions.Forbidden: 403 POST: no access to the object";
    const { text, note } = cut(
      ["Exception in ASGI application", "Traceback (most recent call last):", ...FRAMES, error].join("\n"),
      240,
    );
    expect(text.split("\n")).toEqual([
      "Exception in ASGI application",
      "Traceback (most recent call last):",
      "[...]",
      ...FRAMES.slice(-2),
      error,
    ]);
    expect(note).toMatch(/^its first 2 and last 3 lines, \d+ characters left out$/);
  });

  it("keeps the cause that a JVM names last, with the frame below it", () => {
    const frames = (from: number) =>
      [0, 1, 2, 3].map((line) => `\tat example.Booking.step(Booking.java:${from + line})`);
    const cause = "Caused by: java.net.ConnectException: Connection refused";
    const event = ["Servlet threw exception", "example.Failed: it", ...frames(10), cause, ...frames(90)].join("\n");
    expect(cut(event, 240).text.split("\n").slice(-3)).toEqual(["[...]", cause, frames(90)[0]]);
  });

  it("goes by its beginning alone where it was not kept whole, since its end is not known", () => {
    const text = ["Exception", ...FRAMES, "ValueError: x"].join("\n");
    expect(excerpt({ text, length: text.length + 100 }, 120).text).not.toContain("ValueError");
  });

  it("tells what was thrown by its beginning, where that is longer than the room", () => {
    const thrown = `google.api_core.exceptions.Forbidden: 403 POST https://storage.example/b/tickets/o: ${"x".repeat(400)}`;
    const { text } = cut(
      ["Exception in ASGI application", "Traceback (most recent call last):", ...FRAMES, thrown].join("\n"),
      300,
    );
    expect(text).toContain("google.api_core.exceptions.Forbidden: 403 POST");
    expect(text.length).toBeLessThanOrEqual(300);
  });
});
