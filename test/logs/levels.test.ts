import { describe, expect, it } from "vitest";
import { levelInText, readLevel, readsTwoWays } from "../../servers/logs/src/levels.ts";

describe("a level", () => {
  it.each([
    [
      "error",
      [
        "ERROR",
        "Err",
        "FTL",
        "fatal",
        "FATAL ",
        "[error]",
        "<ERR>",
        "ERROR+4",
        "ERROR2",
        "SEVERE",
        "LOG_ERR",
        "crit",
        "emerg",
        "E",
      ],
    ],
    ["error", [17, "17", 19, 24, 50, 60, 0, 3, 1000, 400, 40_000]],
    ["warn", ["WARNING", "wrn", "WARN-1", "warn3", 13, 16, 40, 4, 900, 300, 30_000]],
    ["info", ["INFO", "Information", "NOTICE", "INFO+2", 9, 12, 30, 6, 800, 200]],
    ["debug", ["DBG", "trace", "VERBOSE", "FINEST", "DEBUG-4", 8, 10, 20, 7, 100, 5_000]],
  ] as const)("is %s however its sender writes it: %j", (level, values) => {
    expect(values.map((value) => [value, readLevel(value)])).toEqual(values.map((value) => [value, level]));
  });

  it.each([null, undefined, "", "-", "banana", "default", "unknown", "errors", 99, 25, 2_000, 1e9, -1, 4.5, {}])(
    "is none for %j",
    (value) => {
      expect(readLevel(value)).toBeUndefined();
    },
  );

  it("is told to be read one of two ways where loggers differ: pino's 40 is a warning and Python's an error", () => {
    expect([40, "40", 30, 20, 17].map(readsTwoWays)).toEqual([true, true, true, false, false]);
  });
});

describe("a level in a line's own text", () => {
  it.each([
    ['level=error msg="stock refused"', "error"],
    ['ts=2026-11-23T07:16:00Z caller=main.go:12 level=warn msg="slow"', "warn"],
    ['{"time":"2026-11-23","severity":"ERROR","message":"x"}', "error"],
    ["E1123 07:16:00.813426       1 server.go:107] mount failed", "error"],
    ["I1123 07:16:00.813426       1 server.go:107] mounted", "info"],
    ["2026/11/23 07:16:00 [error] 31#31: connect() failed", "error"],
    ["2026-11-23 07:16:00,123 ERROR [http-nio-8080-exec-1] c.e.Shop - refused", "error"],
    ["WARNING:root:disk is filling up", "warn"],
    ["2026-11-23T07:16:00.000Z  INFO 1 --- [main] c.e.Shop : started", "info"],
    ["<warn> upstream is slow", "warn"],
  ])("is read: %s", (line, level) => {
    expect(levelInText(line)).toBe(level);
  });

  it.each(["there was no error", "errors=0 warnings=0", "GET /error 200", "an INFORMATION desk", "mode=info_desk"])(
    "is not made up of words of the message: %s",
    (line) => {
      expect(levelInText(line)).toBeUndefined();
    },
  );
});
