import { collectEvidence, verifyEvidence } from "@oncall-copilot/core";
import { afterAll, describe, expect, it } from "vitest";
import type { MetricsAnswer } from "../../servers/metrics/src/answer/schema.ts";
import { at, cleanupRecordings, component, writeRecording } from "../support/recording.ts";
import { callReadMetrics, KEY } from "./call.ts";
import { PRICING_FAILS, samples, steady, stepping } from "./scenes.ts";

afterAll(cleanupRecordings);

type Structured = MetricsAnswer & { outcome: string; summary: string; gaps?: string[] };

async function ask(input: Parameters<typeof writeRecording>[0], args: Record<string, unknown> = {}) {
  const result = await callReadMetrics(await writeRecording(input), { service: "storefront", ...args });
  return { ...result, data: result.structured as unknown as Structured };
}

/** gateway -> storefront -> a -> b -> c -> d -> e: the trail is longer than three hops. */
const LONG = [
  component("gateway", ["storefront"]),
  component("app", ["gateway"]),
  component("storefront", ["a"]),
  component("a", ["b"]),
  component("b", ["c"]),
  component("c", ["d"]),
  component("d", ["e"]),
  component("e", []),
];
const failing = (service: string, since: number) => [
  ...samples(service, "requests_per_second", steady(20)),
  ...samples(service, "error_ratio", stepping(0.001, 0.4, since)),
];
const well = (service: string) => [
  ...samples(service, "requests_per_second", steady(20)),
  ...samples(service, "error_ratio", steady(0.001)),
];

describe("read_metrics of a trail that goes on beyond three hops", () => {
  it("follows it to the end where the leader stands at the edge", async () => {
    const metrics = ["storefront", "a", "b", "c", "d"].flatMap((service) => failing(service, -2));
    const { data } = await ask({ catalog: LONG, metrics: [...metrics, ...well("e")] });
    expect(data.suspects[0]).toMatchObject({ service: "d", hops: 4 });
    expect(data.usual).toContain("e");
  });

  it("stops where it was told to, and says whose dependencies were not looked at", async () => {
    const metrics = ["storefront", "a", "b", "c", "d"].flatMap((service) => failing(service, -2));
    const { data } = await ask({ catalog: LONG, metrics }, { hops: 1 });
    expect(data.suspects.map(({ service }) => service)).not.toContain("b");
    expect(data.summary).toContain("What a depends on was not looked at");
  });

  it("does not go on where nobody at the edge is suspect", async () => {
    const metrics = [...failing("storefront", -2), ...["a", "b", "c", "d", "e"].flatMap(well)];
    const { data } = await ask({ catalog: LONG, metrics });
    expect(data.usual).toEqual(["a", "b", "c"]);
  });
});

describe("read_metrics of who stands above", () => {
  it("gives a line for each caller that turned, and the names of those that are as usual", async () => {
    const metrics = [...failing("gateway", -6), ...well("app"), ...["storefront", "a", "b", "c"].flatMap(well)];
    const { data, text } = await ask({ catalog: LONG, metrics });
    expect(data.callers?.turned).toMatchObject([
      { service: "gateway", relation: "caller", signal: "error_ratio", change: "up", onset: "2026-03-01T09:54:00Z" },
    ]);
    expect(data.callers?.usual).toEqual(["app"]);
    const evidence = data.callers?.evidence;
    expect(evidence?.text).toContain("gateway (calls storefront) error_ratio turned up 2026-03-01T09:54:00Z");
    expect(text).toContain(evidence?.text ?? "missing");
    for (const item of collectEvidence(data).values()) expect(verifyEvidence(KEY, item)).toBe(true);
    expect(data.suspects.map(({ service }) => service)).not.toContain("gateway");
  });

  it("looks at the other services of the alert's group", async () => {
    const catalog = [...LONG, component("mailer", [])];
    const metrics = [...failing("mailer", -3), ...well("storefront")];
    const { data } = await ask({ catalog, metrics }, { group: ["mailer"] });
    expect(data.callers?.turned).toMatchObject([{ service: "mailer", relation: "group" }]);
    expect(data.callers?.missing).toEqual(["gateway", "app"]);
  });
});

describe("read_metrics of one service by itself", () => {
  it("gives every signal a line, the usual ones too", async () => {
    const { data } = await ask({ metrics: PRICING_FAILS }, { service: "pricing", hops: 0 });
    const signals = data.suspects[0]?.signals.map(({ signal, change }) => [signal, change]);
    expect(signals).toEqual(
      expect.arrayContaining([
        ["requests_per_second", "usual"],
        ["error_ratio", "up"],
        ["latency_p99_seconds", "up"],
        ["pool_in_use_ratio", "up"],
      ]),
    );
    for (const [signal] of signals ?? [])
      expect(data.suspects[0]?.evidence.text).toMatch(new RegExp(`^${signal} `, "m"));
  });

  it("tells a silence that its neighbours share as the end of the data, and its own as its own", async () => {
    const until = (service: string, last: number) => [
      ...samples(service, "error_ratio", (minute) => (minute > last ? undefined : 0.001)),
      ...samples(service, "cpu_ratio", (minute) => (minute > last ? undefined : 0.3)),
    ];
    const ended = await ask(
      { metrics: [...until("checkout", -2), ...until("storefront", -2)] },
      { service: "checkout", hops: 0 },
    );
    expect(ended.data.data_until).toBe("2026-03-01T09:58:00Z");
    expect(ended.data.suspects[0]).toMatchObject({ service: "checkout", score: 0 });
    const silent = await ask(
      { metrics: [...until("checkout", -2), ...until("storefront", 5)] },
      { service: "checkout", hops: 0 },
    );
    expect(silent.data.data_until).toBeUndefined();
    expect(silent.data.suspects[0]?.signals[0]).toMatchObject({ change: "stopped" });
  });
});

describe("read_metrics where all series end at one moment", () => {
  it("says that the data end there, and blames nobody for it", async () => {
    const metrics = PRICING_FAILS.filter(({ timestamp }) => timestamp <= at(-5));
    const { data } = await ask({ metrics });
    expect(data.data_until).toBe("2026-03-01T09:55:00Z");
    expect(data.summary).toContain("All series end at 2026-03-01T09:55:00Z");
    for (const { score } of data.suspects) expect(score).toBe(0);
    expect(data.gaps?.join() ?? "").not.toContain("stopped");
  });
});

describe("read_metrics of what is over", () => {
  const burst = samples("search", "error_ratio", (minute) => (minute >= -8 && minute < -5 ? 0.9 : 0.001));

  it("tells a burst that was over before the trouble as that, and lets it lead nothing", async () => {
    const catalog = [
      component("storefront", ["search", "checkout"]),
      component("search", []),
      component("checkout", []),
    ];
    const metrics = [...burst, ...failing("checkout", -1), ...failing("storefront", -1)];
    const { data } = await ask({ catalog, metrics });
    expect(data.suspects[0]?.service).toBe("checkout");
    const search = data.suspects.find(({ service }) => service === "search");
    if (search) expect(search).toMatchObject({ recovered_at: "2026-03-01T09:55:00Z" });
    // Over four minutes before the trouble, it may have set it off; half of what is still on is the most that it weighs.
    expect(search?.score ?? 0).toBeLessThan((data.suspects[0]?.score ?? 0) / 2);
  });

  it("says of a service that it was broken and has recovered", async () => {
    const catalog = [component("storefront", ["search"]), component("search", [])];
    const { data } = await ask({ catalog, metrics: [...burst, ...well("storefront")] });
    const search = data.suspects.find(({ service }) => service === "search");
    expect(search).toMatchObject({ recovered_at: "2026-03-01T09:55:00Z" });
    expect(search?.signals[0]).toMatchObject({ state: "recovered", recovered_at: "2026-03-01T09:55:00Z" });
    expect(search?.evidence.text).toContain("over since");
  });
});

describe("read_metrics of a service that nobody asks any more", () => {
  it("tells that there is no traffic, and takes its silence for neither health nor fault", async () => {
    const metrics = [
      ...failing("storefront", -3),
      ...samples("checkout", "requests_per_second", (minute) => (minute >= -3 ? 0 : 8)),
      ...samples("checkout", "error_ratio", (minute) => (minute >= -3 ? undefined : 0.001)),
      ...samples("checkout", "latency_p99_seconds", (minute) => (minute >= -3 ? undefined : 0.1)),
    ];
    const { data, text } = await ask({ metrics });
    expect(data.no_traffic).toEqual([{ service: "checkout", since: "2026-03-01T09:57:00Z" }]);
    expect(text).toContain("No traffic: checkout since 2026-03-01T09:57:00Z");
    expect(data.usual).not.toContain("checkout");
    expect(data.suspects[0]?.service).toBe("storefront");
  });
});

describe("read_metrics told of earlier incidents", () => {
  it("leaves them out of what is usual, and says so", async () => {
    const metrics = samples("storefront", "cpu_ratio", (minute) => (minute < -25 && minute > -55 ? 0.4 : 0.3));
    const { data, text } = await ask({ metrics }, { except: ["2026-03-01T09:04:00Z/2026-03-01T09:36:00Z"] });
    expect(data.baseline.left_out).toEqual([{ from: "2026-03-01T09:04:00Z", to: "2026-03-01T09:36:00Z" }]);
    expect(text).toContain("without 2026-03-01T09:04:00Z to 2026-03-01T09:36:00Z");
  });

  it("refuses what is no stretch of time", async () => {
    const { text } = await ask({ metrics: PRICING_FAILS }, { except: ["-10m"] });
    expect(text).toContain("except takes start/end");
  });
});

describe("read_metrics of a caller and a callee with several quantiles", () => {
  it("shows the same quantile of both", async () => {
    const quantiles = (service: string, p50: number, p99: number) => [
      ...samples(service, "latency_p50_seconds", stepping(0.02, p50, -3)),
      ...samples(service, "latency_p99_seconds", stepping(0.1, p99, -3)),
    ];
    const { data } = await ask({
      metrics: [...quantiles("storefront", 0.021, 0.9), ...quantiles("checkout", 2, 0.5)],
    });
    const shown = data.suspects.map(
      ({ signals }) => signals.find(({ signal }) => signal.startsWith("latency"))?.signal,
    );
    expect(shown).toEqual(["latency_p99_seconds", "latency_p99_seconds"]);
  });
});
