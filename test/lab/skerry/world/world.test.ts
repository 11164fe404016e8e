import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { buildEstate } from "../estate/estate.ts";
import { Clock } from "./clock.ts";
import { Lanes, Processor } from "./lanes.ts";
import { Meter, SCRAPE_SECONDS } from "./meter.ts";

describe("the virtual clock", () => {
  it("plays events in the order of their time, and those of one moment in the order they were asked for", async () => {
    const clock = new Clock(0);
    const seen: string[] = [];
    for (const [at, what] of [
      [30, "c"],
      [10, "a"],
      [30, "d"],
      [20, "b"],
    ] as const)
      clock.at(at, () => seen.push(what));
    await clock.run(100);
    expect(seen.join("")).toBe("abcd");
  });

  it("fails what takes longer than its caller waits, while it goes on", async () => {
    const clock = new Clock(0);
    let finished = 0;
    const work = clock.sleep(50).then(() => {
      finished = clock.now;
    });
    const heard: number[] = [];
    clock.within(20, work, () => new Error("late")).catch(() => heard.push(clock.now));
    await clock.run(100);
    expect(heard).toEqual([20]);
    expect(finished).toBe(50);
  });
});

describe("what is scarce", () => {
  it("lets so many in, the others in their turn, and none that has lost patience", async () => {
    const clock = new Clock(0);
    const lanes = new Lanes(clock, 1);
    const seen: string[] = [];
    const hold = async (name: string, patience: number) => {
      try {
        await lanes.enter(patience);
        seen.push(`${name} in at ${clock.now}`);
        await clock.sleep(100);
        lanes.leave();
      } catch {
        seen.push(`${name} gave up at ${clock.now}`);
      }
    };
    void hold("first", 10);
    void hold("hasty", 60);
    void hold("patient", 500);
    await clock.run(1000);
    expect(seen).toEqual(["first in at 0", "hasty gave up at 60", "patient in at 100"]);
    expect(lanes.inUse).toBe(0);
  });

  it("takes longer for the same work with less of a core", async () => {
    const clock = new Clock(0);
    const half = new Processor(clock, 0.5);
    let done = 0;
    void half.work(40).then(() => {
      done = clock.now;
    });
    await clock.run(1000);
    expect(done).toBe(80);
    expect(half.usedSeconds).toBeCloseTo(0.04);
  });
});

it("rates and quantiles are those that Prometheus gives", () => {
  const meter = new Meter([0.1, 0.5, 1]);
  meter.scrape(0, 60);
  for (let index = 0; index < 90; index += 1) meter.observe(0.05, false);
  for (let index = 0; index < 10; index += 1) meter.observe(0.7, true);
  const rates = meter.scrape(3, 60);
  expect(rates?.requests).toBeCloseTo(100 / SCRAPE_SECONDS);
  expect(rates?.errorRatio).toBeCloseTo(0.1);
  expect(rates?.quantile(0.99)).toBeCloseTo(0.95);
});

it("a caller that waits shorter than its callee takes fails, and the callee does not", async () => {
  const { world } = buildEstate(0, createRandom(7), new Map(), 1);
  const reservations = world.workload("reservations");
  reservations.pods = reservations.pods.map((pod) => ({
    ...pod,
    spec: { ...pod.spec, env: { ...pod.spec.env, AVAILABILITY_READ_TIMEOUT_MS: "20" } },
  }));
  const pod = reservations.pick();
  if (pod === undefined) throw new Error("reservations has no pod");
  const served = world.serve(reservations, pod, "POST /v1/bookings", world.log.trace(), {
    sailing: "BOLU-1",
    places: 2,
  });
  await world.clock.run(20_000);
  expect(await served).toBe(504);
  expect(world.workload("availability").meter.errors).toBe(0);
  expect(world.workload("availability").meter.requests).toBe(2);
});
