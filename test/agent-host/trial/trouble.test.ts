import { parseCatalog } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";
import type { LogPattern, MetricSignal } from "../../../agent-host/src/tools/answers.ts";
import { outsideCause, type Sightings, turnOf } from "../../../agent-host/src/trial/trouble.ts";
import { ALERT, at, pattern, signal, suspect } from "../rules/given.ts";

const catalog = await parseCatalog(
  [
    "kind: Component\nmetadata: {name: pricing}\nspec: {dependsOn: [offers]}",
    "kind: Component\nmetadata: {name: offers}\nspec: {dependsOn: []}",
  ].join("\n---\n"),
  "catalog",
);

function seen(patterns: readonly LogPattern[], signals: readonly MetricSignal[] = []): Sightings {
  const measured = suspect("pricing", 0.8, at("09:57:00"), signals);
  return { logs: new Map([["pricing", patterns]]), metrics: new Map([["pricing", measured]]) };
}
const outside = (sightings: Sightings) => outsideCause("pricing", "pricing", sightings, catalog);
const said = (line: string, count = 40, more: Partial<LogPattern> = {}) => ({
  ...pattern("pricing", at("09:57:10"), "new", line),
  count,
  ...more,
});

describe("why it need be no commit", () => {
  it("is one and the same input when the worst pattern says the very same each time", () => {
    expect(outside(seen([said("cannot parse order 4711", 40, { repeats: true })]))).toBe("one_input");
    expect(outside(seen([said("cannot parse order 4711")]))).toBeNull();
  });

  it("is what others answer when most of what is new in its log says so, ours or nobody's", () => {
    expect(outside(seen([said("offers: answered 503", 90), said("TypeError: x", 10)]))).toBe("callee");
    expect(outside(seen([said("POST https://api.cards.example/charge: answered 503")]))).toBe("callee");
    expect(outside(seen([said("offers: answered 503", 10), said("TypeError: x", 90)]))).toBeNull();
  });

  it("is what others answer also where a framework's own line stands above what was thrown", () => {
    const event = 'Servlet threw exception\nIOException: "http://offers:8080": Connection refused\n\tat x.Y(Y.java:3)';
    expect(outside(seen([said(event)]))).toBe("callee");
  });

  it("is not whoever refuses it: that is about the one who asks", () => {
    expect(outside(seen([said("offers: answered 401 (key withdrawn)")]))).toBeNull();
  });

  it("is that more is asked, by at least twice the usual", () => {
    const load = (value: number) => ({
      ...signal("requests_per_second", "load", "up", 0.6, at("09:55:00")),
      value,
      usual: 10,
    });
    expect(outside(seen([], [load(30)]))).toBe("surge");
    expect(outside(seen([], [load(15)]))).toBeNull();
  });
});

describe("when a service turned", () => {
  const turn = (sightings: Sightings) => turnOf("pricing", sightings, ALERT);
  const clock = (sightings: Sightings) => new Date(turn(sightings)?.at ?? 0).toISOString().slice(11, 19);

  it("is told by its symptoms, else by what is full, and never by its load", () => {
    const load = signal("requests_per_second", "load", "up", 0.9, at("09:40:00"));
    const full = signal("cpu_ratio", "saturation", "up", 0.9, at("09:50:00"));
    const bad = signal("error_ratio", "symptom", "up", 0.9, at("09:57:00"));
    expect(clock(seen([], [load, full, bad]))).toBe("09:57:00");
    expect(clock(seen([], [load, full]))).toBe("09:50:00");
    expect(turn(seen([], [load]))).toBeNull();
  });

  it("is not told by a symptom that was over before another that is on", () => {
    const wobble = {
      ...signal("latency_p50_seconds", "symptom", "up", 0.4, at("09:45:00")),
      recovered_at: at("09:47:00"),
    };
    const bad = signal("error_ratio", "symptom", "up", 0.9, at("09:57:00"));
    expect(clock(seen([], [wobble, bad]))).toBe("09:57:00");
    expect(clock(seen([], [wobble]))).toBe("09:45:00");
  });

  it("is told to the millisecond by a log that began to complain about then", () => {
    const bad = signal("error_ratio", "symptom", "up", 0.9, at("09:58:00"));
    expect(clock(seen([said("boom")], [bad]))).toBe("09:57:10");
    const early = { ...said("boom"), first: at("09:40:00") };
    expect(clock(seen([early], [bad]))).toBe("09:58:00");
  });
});
