import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { at, cleanupRecordings, writeRecording } from "../support/recording.ts";
import { readLogsFrom } from "./call.ts";

afterAll(cleanupRecordings);

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const word = (n: number): string => n.toString(26).replace(/\d/g, (digit) => "qrstuvwxyz"[Number(digit)] ?? "q");

/** Half an hour of a log in which every line is another one: figures everywhere, and a name that masking cannot know. */
async function logOf(count: number): Promise<string> {
  const lines = Array.from({ length: count }, (_, i) => {
    const order = `order ${i} placed in ${i % 977} ms at 10.0.${i % 256}.7`;
    const line = {
      "@timestamp": at(-25 + (30 * i) / count),
      "service.name": "checkout",
      "log.level": i % 10 === 0 ? "warn" : "info",
      message: i % 3 === 0 ? `customer ${word(i)} came back after ${i} s` : order,
      "k8s.pod.name": `checkout-6c5d4-${i % 5}`,
    };
    return `${JSON.stringify(line)}\n`;
  });
  return writeRecording({ files: { "logs.ndjson.gz": gzipSync(lines.join(""), { level: 1 }) } });
}

/** The most that was alive at any moment while the log was read, above what was alive before; in bytes. */
async function peakOf(dir: string): Promise<number> {
  const { call } = await readLogsFrom(dir);
  collectGarbage();
  const floor = process.memoryUsage().heapUsed;
  let peak = 0;
  const timer = setInterval(() => {
    collectGarbage();
    peak = Math.max(peak, process.memoryUsage().heapUsed - floor);
  }, 100);
  const answer = await call({ service: "checkout" });
  clearInterval(timer);
  expect(answer.structured).toMatchObject({ outcome: "found" });
  expect(answer.text).toContain(": 4 patterns (4 steady)");
  return peak;
}

test("reads a hundred thousand lines, each another one, in bounded memory", { timeout: 60_000 }, async () => {
  const [small, large] = [await logOf(5_000), await logOf(100_000)];
  await peakOf(small); // so that what is loaded once is not counted
  const peak = await peakOf(large);
  // All the lines would take about thirty megabytes. It was measured at all only if something was alive.
  expect(peak).toBeGreaterThan(0);
  expect(peak).toBeLessThan(10e6);
});
