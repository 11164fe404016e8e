import { gzipSync } from "node:zlib";
import { CouldNotLook } from "@oncall-copilot/core";
import { openRecording } from "@oncall-copilot/core/recording";
import { afterAll, describe, expect, it } from "vitest";
import { recordingStore } from "../../servers/metrics/src/stores/recording.ts";
import { ALERT_AT, at, cleanupRecordings, type RecordingInput, series, writeRecording } from "../support/recording.ts";

afterAll(cleanupRecordings);

const HOUR = 3_600_000;

async function storeOf(input: RecordingInput) {
  return recordingStore(await openRecording(await writeRecording(input)));
}

async function read(
  input: RecordingInput,
  query: Partial<Parameters<ReturnType<typeof recordingStore>["series"]>[0]> = {},
) {
  const store = await storeOf(input);
  const abort = new AbortController().signal;
  const found = await store.series({
    services: ["storefront"],
    from: ALERT_AT - HOUR,
    to: ALERT_AT + HOUR,
    abort,
    ...query,
  });
  return found.series;
}

const csv = (...rows: string[]) => packed(rows);
const packed = (rows: readonly string[]) => ({
  files: { "metrics.csv.gz": gzipSync(`timestamp,service,signal,value\n${rows.map((row) => `${row}\n`).join("")}`) },
});

describe("the series of a recording", () => {
  it("are those of the services and signals asked for, oldest sample first", async () => {
    const found = await read(
      {
        metrics: [
          ...series("storefront", "error_ratio", [0.1, 0.2, 0.3]),
          ...series("storefront", "cpu_ratio", [0.5]),
          ...series("checkout", "error_ratio", [0.9]),
        ].reverse(),
      },
      { signals: ["error_ratio"] },
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ service: "storefront", signal: "error_ratio", values: [0.1, 0.2, 0.3] });
    expect(found[0]?.times).toEqual([at(-2), at(-1), at(0)].map((text) => Date.parse(text)));
  });

  it("never hold a sample from after the as-of, whatever is asked for", async () => {
    const found = await read({ metrics: series("storefront", "error_ratio", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 9) });
    expect(Math.max(...(found[0]?.times ?? []))).toBe(ALERT_AT + 5 * 60_000);
  });

  it("hold the samples after `from` up to and with `to`", async () => {
    const metrics = series("storefront", "error_ratio", [1, 2, 3, 4]);
    const found = await read({ metrics }, { from: ALERT_AT - 3 * 60_000, to: ALERT_AT - 60_000 });
    expect(found[0]?.values).toEqual([2, 3]);
  });

  it("keep NaN and infinities, which sources say when they have no number", async () => {
    const found = await read(
      csv(`${at(-2)},storefront,latency_p99_seconds,NaN`, `${at(-1)},storefront,latency_p99_seconds,+Inf`),
    );
    expect(found[0]?.values).toEqual([Number.NaN, Number.POSITIVE_INFINITY]);
  });

  it("take the last of two samples with one timestamp", async () => {
    const found = await read(csv(`${at(-1)},storefront,error_ratio,1`, `${at(-1)},storefront,error_ratio,2`));
    expect(found[0]?.values).toEqual([2]);
  });

  it.each([
    ["too few cells", `${at(0)},storefront,0.5`, /line 3: expected the four cells/],
    ["a value that is no number", `${at(0)},storefront,error_ratio,many`, /line 3: the value is not a number/],
    ["an empty value", `${at(0)},storefront,error_ratio,`, /line 3: the value is not a number/],
    ["a timestamp that is none", "yesterday,storefront,error_ratio,1", /line 3: the timestamp is not RFC 3339/],
  ])("name the line of %s", async (_, row, message) => {
    const failed = read(csv(`${at(-1)},storefront,error_ratio,1`, row));
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toMatchObject({ reason: "bad_response" });
  });

  it("need the header, and a file that unpacks", async () => {
    const headless = { files: { "metrics.csv.gz": gzipSync(`${at(0)},storefront,error_ratio,1\n`) } };
    await expect(read(headless)).rejects.toThrow(/line 1: the first line must be/);
    await expect(read({ files: { "metrics.csv.gz": "no gzip" } })).rejects.toThrow(CouldNotLook);
  });

  it("could not be looked at where the recording has none", async () => {
    await expect(read({})).rejects.toMatchObject({ reason: "not_recorded" });
  });

  it("stop being read when the call is cancelled, before it began or half way", async () => {
    const many = Array.from({ length: 300_000 }, () => `${at(-1)},storefront,error_ratio,1`);
    const store = await storeOf(packed(many));
    const ask = (abort: AbortSignal) => store.series({ services: ["storefront"], from: 0, to: ALERT_AT, abort });
    await expect(ask(AbortSignal.abort(new Error("cancelled")))).rejects.toThrow("cancelled");
    const later = new AbortController();
    setTimeout(() => later.abort(new Error("given up")), 5);
    await expect(ask(later.signal)).rejects.toThrow("given up");
  });
});
