import { describe, expect, it } from "vitest";
import { familyOf } from "../../servers/metrics/src/signals/family.ts";
import { meaningOf } from "../../servers/metrics/src/signals/role.ts";
import { minSpread, quantileOf, unitOf } from "../../servers/metrics/src/signals/unit.ts";

describe("what a signal's name says", () => {
  it.each([
    ["error_ratio", "symptom", "up"],
    ["requests_failed_per_second", "symptom", "up"],
    ["http_5xx_per_second", "symptom", "up"],
    ["latency_p99_seconds", "symptom", "up"],
    ["http_request_duration_seconds", "symptom", "up"],
    ["availability_ratio", "symptom", "down"],
    ["cache_hit_ratio", "symptom", "down"],
    ["requests_per_second", "load", "either"],
    ["network_receive_bytes_per_second", "load", "either"],
    ["cpu_ratio", "saturation", "up"],
    ["memory_bytes", "saturation", "up"],
    ["in_flight_requests", "saturation", "up"],
    ["queued_requests", "saturation", "up"],
    ["pool_in_use_ratio", "saturation", "up"],
    ["flux_capacitance", "other", "either"],
  ])("takes %s for %s, bad when it goes %s", (signal, role, bad) => {
    expect(meaningOf(signal)).toMatchObject({ role, bad });
  });

  it("tells what a service measures of its own calls from what others measure of it", () => {
    expect(meaningOf("client_latency_p99_seconds").ofCalls).toBe(true);
    expect(meaningOf("latency_p99_seconds").ofCalls).toBe(false);
  });

  it("reads the unit and the quantile off the name", () => {
    expect(unitOf("restarts_total")).toBe("per_second");
    expect(unitOf("memory_bytes")).toBe("bytes");
    expect(quantileOf("latency_p999_seconds")).toBe(0.999);
    expect(quantileOf("latency_p50_seconds")).toBe(0.5);
    expect(quantileOf("pool_seconds")).toBeUndefined();
  });

  it("counts the quantiles and the mean of one latency as one family, and client latency as another", () => {
    expect(familyOf("latency_p99_seconds")).toBe(familyOf("latency_avg_seconds"));
    expect(familyOf("cpu_ratio")).toBe(familyOf("cpu_cores"));
    expect(familyOf("latency_p99_seconds")).not.toBe(familyOf("client_latency_p99_seconds"));
    expect(familyOf("memory_bytes")).not.toBe(familyOf("cpu_cores"));
  });
});

describe("the least spread a signal is taken to have", () => {
  it("is one failed request where it is known how many a sample stands for", () => {
    expect(minSpread("error_ratio", "symptom", 0, 20, 60_000)).toBeCloseTo(0.05);
    expect(minSpread("error_ratio", "symptom", 0, 100_000, 60_000)).toBe(0.001);
  });

  it("is the chance in a count of requests, by its square root", () => {
    expect(minSpread("requests_per_second", "load", 1, 60, 60_000)).toBeCloseTo(Math.sqrt(60) / 60);
  });

  it("grows with what is usual", () => {
    expect(minSpread("latency_p99_seconds", "symptom", 10, undefined, 60_000)).toBeCloseTo(0.5);
  });
});
