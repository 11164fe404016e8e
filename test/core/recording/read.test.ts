import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { ConfigError } from "../../../core/src/errors.ts";
import { CouldNotLook } from "../../../core/src/outcome.ts";
import { readLines } from "../../../core/src/recording/read.ts";
import { openRecording } from "../../../core/src/recording/recording.ts";
import { ALERT_AT, alertmanagerBody, at, cleanupRecordings, logLine, writeRecording } from "../../support/recording.ts";

afterAll(cleanupRecordings);

async function linesOf(content: string | Uint8Array, name: string, signal?: AbortSignal) {
  const dir = await writeRecording({ files: { [name]: content } });
  const lines: { number: number; text: string }[] = [];
  for await (const line of readLines(join(dir, name), signal)) lines.push(line);
  return lines;
}

describe("readLines", () => {
  it("gives the same lines packed and plain, numbered from 1, without the empty ones", async () => {
    const words = fc.array(
      fc.string({ unit: "grapheme" }).filter((text) => !/[\r\n\u2028\u2029]/.test(text)),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(words, async (texts) => {
        const expected = texts.flatMap((text, i) => (text === "" ? [] : [{ number: i + 1, text }]));
        const content = texts.join("\n");
        expect(await linesOf(content, "a.ndjson")).toEqual(expected);
        expect(await linesOf(gzipSync(content), "a.ndjson.gz")).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it("could not look when the file is packed wrongly, cut short, or not there, and says where", async () => {
    const packed = gzipSync("one\ntwo\n".repeat(5000));
    const why = async (read: Promise<unknown>) =>
      read.then(
        () => "read",
        (error: unknown) => error,
      );
    for (const broken of [packed.subarray(0, 40), Buffer.from("plain text")]) {
      const error = await why(linesOf(broken, "logs.ndjson.gz"));
      expect(error).toBeInstanceOf(CouldNotLook);
      expect(String(error)).toMatch(/logs\.ndjson\.gz cannot be read after line \d+: /);
    }
    expect(await why(readLines("/nowhere/logs.ndjson").next())).toBeInstanceOf(CouldNotLook);
  });

  it("stops with the signal's own reason", async () => {
    const reason = new Error("the caller left");
    await expect(linesOf("a\nb\n", "a.ndjson", AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe("openRecording", () => {
  it("stands five minutes after the alert, unless told otherwise", async () => {
    const dir = await writeRecording({});
    expect((await openRecording(dir)).asOf).toBe(ALERT_AT + 5 * 60_000);
    expect((await openRecording(dir, { asOf: at(-10) })).asOf).toBe(ALERT_AT - 10 * 60_000);
    await expect(openRecording(dir, { asOf: "soon" })).rejects.toThrow("ONCALL_AS_OF is not an RFC 3339 time: soon");
  });

  it("tells what it has by path, and what it does not have by undefined", async () => {
    const dir = await writeRecording({ logs: [logLine(-1, "checkout", "info", "x")] });
    const recording = await openRecording(dir);
    expect(recording.path("logs")).toBe(join(dir, "logs.ndjson.gz"));
    expect(recording.path("metrics")).toBeUndefined();
    expect(recording.url("logs", "L3")).toBe(`recording:${recording.name}/logs.ndjson.gz#L3`);
  });

  it("knows its incident", async () => {
    const dir = await writeRecording({ alert: alertmanagerBody({ alertname: "LatencyHigh", service: "checkout" }) });
    expect((await openRecording(dir)).incident).toMatchObject({ alert: "LatencyHigh", service: "checkout" });
  });

  it("refuses what is no recording, and says what it is", async () => {
    await expect(openRecording("/nowhere")).rejects.toThrow(ConfigError);
    const dir = await writeRecording({ alert: "{" });
    await expect(openRecording(dir)).rejects.toThrow(/alert\.json: /);
  });
});
