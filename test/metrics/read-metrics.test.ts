import { collectEvidence, unsupportedFigures, verifyEvidence } from "@oncall-copilot/core";
import { encode } from "gpt-tokenizer";
import { afterAll, describe, expect, it } from "vitest";
import type { MetricsAnswer } from "../../servers/metrics/src/answer/schema.ts";
import { at, cleanupRecordings, series, writeRecording } from "../support/recording.ts";
import { callReadMetrics, KEY } from "./call.ts";
import { busyEstate, PEAK, PRICING_FAILS, samples, steady, stepping } from "./scenes.ts";

afterAll(cleanupRecordings);

type Structured = MetricsAnswer & {
  outcome: string;
  summary: string;
  gaps?: string[];
  try_next?: string[];
  searched?: string;
};

async function ask(input: Parameters<typeof writeRecording>[0], args: Record<string, unknown> = {}) {
  const result = await callReadMetrics(await writeRecording(input), { service: "storefront", ...args });
  return { ...result, data: result.structured as unknown as Structured };
}

describe("read_metrics of a service that a dependency two hops below broke", () => {
  it("names the dependency first, then those that it carried with it", async () => {
    const { data } = await ask({ metrics: PRICING_FAILS });
    expect(data.outcome).toBe("found");
    expect(data.suspects[0]).toMatchObject({
      service: "pricing",
      kind: "service",
      hops: 2,
      onset: "2026-03-01T09:57:00Z",
    });
    const scores = data.suspects.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(data.suspects.map(({ service }) => service)).toEqual(expect.arrayContaining(["storefront", "checkout"]));
    expect(data.usual).toEqual(["pricing-db"]);
  });

  it("shows traffic, errors and latency of the service asked about, the usual ones too", async () => {
    const { data } = await ask({ metrics: PRICING_FAILS });
    const own = data.suspects.find(({ service }) => service === "storefront");
    const changes = Object.fromEntries((own?.signals ?? []).map(({ signal, change }) => [signal, change]));
    expect(changes).toMatchObject({ requests_per_second: "usual", error_ratio: "up", latency_p99_seconds: "up" });
  });

  it("writes evidence that a person can quote, and that supports the figures said of it", async () => {
    const { data } = await ask({ metrics: PRICING_FAILS });
    const [first] = data.suspects;
    const text = first?.evidence.text ?? "";
    expect(text).toContain("pricing (service, 2 hops below storefront), samples every 1 min");
    expect(text).toContain("error_ratio turned up 2026-03-01T09:57:00Z: 0.6; usually 0.001");
    expect(text).toContain("599x");
    expect(
      unsupportedFigures("pricing's errors rose to 60 % from 0.1 %, 599x, at 2026-03-01T09:57:00Z", [text]),
    ).toEqual([]);
    for (const evidence of collectEvidence(data).values()) expect(verifyEvidence(KEY, evidence)).toBe(true);
  });

  it("gives no onset that its own evidence does not give", async () => {
    const { data } = await ask(busyEstate());
    for (const { onset, evidence } of data.suspects) if (onset) expect(evidence.text).toContain(onset);
    for (const { onset } of data.more?.suspects ?? []) if (onset) expect(data.more?.evidence.text).toContain(onset);
  });

  it("says the same in its text as in its data", async () => {
    const { data, text } = await ask(busyEstate());
    for (const { id, text: quotable } of collectEvidence(data).values()) {
      expect(text).toContain(id);
      expect(text).toContain(quotable);
    }
    for (const suspect of data.suspects) {
      expect(text).toContain(suspect.why);
      expect(text).toContain(`score ${suspect.score}`);
      for (const { signal, role, change, score } of suspect.signals) {
        expect(text).toContain(`${signal} (${role}) ${change} ${score}`);
      }
    }
    for (const { service, score } of data.more?.suspects ?? []) expect(text).toContain(`${service} ${score}`);
    for (const name of data.usual) expect(text).toContain(name);
    for (const bound of [...Object.values(data.window), ...Object.values(data.baseline)]) expect(text).toContain(bound);
  });

  it("answers word for word like this", async () => {
    const { text } = await ask({ metrics: PRICING_FAILS });
    expect(
      text.replaceAll(/oncall-recording-\w+/g, "RECORDING").replaceAll(/\bm[\w-]{16}(?=["> ])/g, "mRECEIPT"),
    ).toMatchSnapshot();
  });
});

describe("read_metrics of a traffic peak", () => {
  it("lets the peak be told from a fault: more traffic, usual errors, no strong suspect", async () => {
    const { data } = await ask({ metrics: PEAK });
    for (const { score } of data.suspects) expect(score).toBeLessThan(0.3);
    const own = data.suspects.find(({ service }) => service === "storefront");
    expect(own?.why).toContain("traffic");
    expect(own?.evidence.text).toMatch(/requests_per_second turned up 2026-03-01T09:56:00Z: 61; usually 20.* 3\.\dx/);
    expect(own?.evidence.text).toMatch(/error_ratio 0\.00\d+ in the median, usually 0\.002 .*within its usual range/);
  });
});

describe("what read_metrics says that it could not see", () => {
  it("names what has no series at all", async () => {
    const metrics = PRICING_FAILS.filter(({ service }) => service !== "checkout");
    const { data } = await ask({ metrics });
    expect(data.missing).toEqual(["checkout"]);
    expect(data.gaps?.join("\n")).toContain("no series at all of checkout");
  });

  it("says that a service fell silent, and since when", async () => {
    const silent = samples("checkout", "cpu_ratio", (minute) => (minute > -3 ? undefined : 0.3));
    const { data } = await ask({ metrics: [...samples("storefront", "error_ratio", steady(0.01)), ...silent] });
    expect(data.gaps?.join("\n")).toContain("silent altogether: checkout (last 2026-03-01T09:57:00Z)");
    expect(data.suspects[0]).toMatchObject({ service: "checkout", onset: "2026-03-01T09:57:00Z" });
    expect(data.suspects[0]?.signals[0]).toMatchObject({ change: "stopped", value: null });
    expect(data.suspects[0]?.evidence.text).toContain("cpu_ratio stopped: no value after 2026-03-01T09:57:00Z");
  });

  it("does not score a signal without a single sample before it", async () => {
    const metrics = [
      ...samples("storefront", "requests_per_second", steady(20)),
      ...samples("storefront", "error_ratio", (minute) => (minute > 0 ? 0.4 : undefined)),
    ];
    const { data } = await ask({ metrics });
    expect(data.gaps?.join("\n")).toContain("not scored, too few samples: 1 signal of storefront");
    const shown = data.suspects[0]?.signals.find(({ signal }) => signal === "error_ratio");
    expect(shown).toMatchObject({ change: "unmeasured", score: 0, usual: null });
  });

  it("compares with the window's own first samples where there are none before it, and says so", async () => {
    const metrics = series("storefront", "error_ratio", [0, 0, 0, 0, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4], 5);
    const { data } = await ask({ metrics });
    expect(data.summary).toContain("too few samples before the window");
    expect(data.suspects[0]?.signals[0]).toMatchObject({ change: "up" });
    expect(data.suspects[0]?.evidence.text).toContain("by only");
  });

  it("reaches further back past a hole in five-minute samples, and says how far", async () => {
    const metrics = Array.from({ length: 100 }, (_, index) => ({
      timestamp: at((index - 98) * 5),
      service: "storefront",
      signal: "latency_avg_seconds",
      value: index >= 97 ? 2 : steady(0.1)(index),
    })).filter(({ timestamp }) => timestamp < at(-200) || timestamp > at(-20));
    const { data } = await ask({ metrics });
    expect(data.baseline.from).toBe("2026-02-28T09:50:00Z");
    expect(data.suspects[0]).toMatchObject({ service: "storefront", onset: "2026-03-01T09:55:00Z" });
    expect(data.suspects[0]?.evidence.text).toContain("samples every 5 min");
  });

  it("never speaks of what came after the as-of", async () => {
    const metrics = samples("storefront", "error_ratio", steady(0.01));
    const later = Array.from({ length: 10 }, (_, index) => ({
      timestamp: at(6 + index),
      service: "storefront",
      signal: "error_ratio",
      value: 0.9,
    }));
    const { data } = await ask({ metrics: [...metrics, ...later] });
    expect(data.suspects[0]?.signals[0]).toMatchObject({ change: "usual" });
  });
});

describe("asking read_metrics for less, or for more", () => {
  it("goes no further than asked along the dependencies", async () => {
    const { data } = await ask({ metrics: PRICING_FAILS }, { hops: 1 });
    expect(data.suspects.map(({ service }) => service).sort()).toEqual(["checkout", "storefront"]);
  });

  it("shows one signal of every service", async () => {
    const { data } = await ask({ metrics: PRICING_FAILS }, { signal: "error_ratio" });
    const signals = data.suspects.flatMap((suspect) => suspect.signals.map(({ signal }) => signal));
    expect(new Set(signals)).toEqual(new Set(["error_ratio"]));
  });

  it("finds nothing under a signal's name that is not there, and offers those that are", async () => {
    const { data, isError } = await ask({ metrics: PRICING_FAILS }, { signal: "eror_ratio" });
    expect(isError).toBe(false);
    expect(data).toMatchObject({ outcome: "nothing_found", suspects: [] });
    expect(data.try_next?.[0]).toMatch(/^a signal that is there: error_ratio, /);
    expect(data.searched).toContain("storefront, checkout, pricing, pricing-db");
  });

  it("pages on to every suspect once, by the cursor that the summary gives", async () => {
    const recording = await writeRecording(busyEstate());
    const named: string[] = [];
    let cursor: string | undefined;
    do {
      const { structured } = await callReadMetrics(recording, { service: "storefront", ...(cursor ? { cursor } : {}) });
      const page = structured as unknown as Structured;
      const shown = [...page.suspects, ...(page.more?.suspects ?? [])].map(({ service }) => service);
      named.push(...(cursor ? shown : shown.filter((name) => name !== "storefront")));
      cursor = /cursor (after-\d+)/.exec(page.summary)?.[1];
    } while (cursor);
    const others = named.filter((name) => name !== "storefront");
    expect(new Set(others).size).toBe(others.length);
    expect(others.length).toBeGreaterThan(30);
  });

  it.each([
    [{ service: "storfront" }, "storefront"],
    [{ service: "storefront", cursor: "5" }, "cursor is not one that read_metrics gave"],
    [{ service: "storefront", hops: 9 }, "hops"],
    [{ service: "storefront", from: "-1h", to: "-2h" }, "must be before"],
    [
      { service: "storefront", query: "up" },
      "valid arguments: service (required), from, to, hops, signal, group, except, cursor",
    ],
  ])("refuses %j with what would be right", async (args, message) => {
    const result = await callReadMetrics(await writeRecording({ metrics: PRICING_FAILS }), args);
    expect(result.structured).toMatchObject({ outcome: "bad_request" });
    expect(result.text).toContain(message);
  });

  it("could not look at a recording without metrics", async () => {
    const { data } = await ask({});
    expect(data).toMatchObject({ outcome: "could_not_look", reason: "not_recorded" });
  });
});

describe("what an answer costs", () => {
  it("stays within 1,450 tokens in both forms, however much there is to say", async () => {
    const { text, structured } = await ask(busyEstate());
    expect(encode(text).length).toBeLessThanOrEqual(1_450);
    expect(encode(JSON.stringify(structured)).length).toBeLessThanOrEqual(1_450);
  });

  it("still has evidence of five suspects", async () => {
    const { data } = await ask(busyEstate());
    expect(data.suspects.length + (data.more?.suspects.length ?? 0)).toBeGreaterThanOrEqual(5);
  });
});

describe("a signal that rises and recovers", () => {
  it("is said to have lasted until then", async () => {
    const blip = (minute: number) => (minute >= -8 && minute <= -4 ? 0.5 : steady(0.01)(minute));
    const { data } = await ask({ metrics: samples("storefront", "error_ratio", blip) });
    expect(data.suspects[0]?.evidence.text).toContain("until 2026-03-01T09:56:00Z");
  });

  it("that was so before its samples have a hole is not said to have turned", async () => {
    const holed = (minute: number) => (minute > -40 && minute < -6 ? undefined : stepping(0.01, 0.5, -6)(minute));
    const { data } = await ask({ metrics: samples("storefront", "error_ratio", holed) });
    expect(data.suspects[0]?.evidence.text).toContain("up since at least 2026-03-01T09:54:00Z");
  });
});
