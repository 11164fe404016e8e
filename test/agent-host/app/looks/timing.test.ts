import { expect, it } from "vitest";
import { replayClock, systemClock } from "../../../../agent-host/src/app/looks/clock.ts";
import { nextLookAt } from "../../../../agent-host/src/app/looks/schedule.ts";
import { TimerWakeUp } from "../../../../agent-host/src/app/looks/timer-wake-up.ts";
import { ALERT_AT } from "./given.ts";

const plus = (seconds: number) => ALERT_AT + seconds * 1000;
const signal = new AbortController().signal;

it("looks 30 s, one, two and five minutes after the alert, and never nearer than a scrape to the look before", () => {
  const next = [4, 10, 20, 30, 50, 60, 119, 120, 290, 300, 86_400].map((at) => nextLookAt(ALERT_AT, plus(at)));
  expect(next).toEqual([30, 30, 60, 60, 120, 120, 300, 300, null, null, null].map((at) => at && plus(at)));
});

it("wakes whom it was asked to wake, once, and nobody else", async () => {
  const wakeUp = new TimerWakeUp(replayClock(plus(10)));
  await wakeUp.wakeAt("i-1", plus(30));
  expect(await wakeUp.wait("i-2", signal)).toBe(false);
  expect(await wakeUp.wait("i-1", signal)).toBe(true);
  expect(await wakeUp.wait("i-1", signal)).toBe(false);
});

it("ends its wait when the engineer leaves", async () => {
  const stop = new AbortController();
  const wakeUp = new TimerWakeUp(systemClock);
  await wakeUp.wakeAt("i-1", Date.now() + 3_600_000);
  const waiting = wakeUp.wait("i-1", stop.signal);
  stop.abort(new Error("interrupted"));
  await expect(waiting).rejects.toThrow("interrupted");
});

it("does not wait for a moment that has passed", async () => {
  const wakeUp = new TimerWakeUp(systemClock);
  await wakeUp.wakeAt("i-1", Date.now() - 1);
  expect(await wakeUp.wait("i-1", signal)).toBe(true);
});

it("lets a recording's time stand still while a look lasts, and jump to the next", async () => {
  const clock = replayClock(plus(10));
  expect(clock.now()).toBe(plus(10));
  await clock.until(plus(60), signal);
  expect(clock.now()).toBe(plus(60));
  await clock.until(plus(30), signal);
  expect(clock.now()).toBe(plus(60));
});
