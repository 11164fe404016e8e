import { expect, it } from "vitest";
import { Busy, Turns } from "../../../agent-host/src/app/turns.ts";

/** Work that lasts until it is told to end. */
function work() {
  let end = () => {};
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { run: () => done, end: () => end() };
}

const signal = new AbortController().signal;

it("lets so many triages run, has others wait in their order and tells them how many are ahead", async () => {
  const turns = new Turns({ most: 1, waiting: 2 });
  const first = work();
  const order: string[] = [];
  const ahead: number[] = [];
  const one = turns.take(() => first.run().then(() => order.push("one")), signal);
  const two = turns.take(
    async () => order.push("two"),
    signal,
    (count) => ahead.push(count),
  );
  const three = turns.take(
    async () => order.push("three"),
    signal,
    (count) => ahead.push(count),
  );
  await new Promise((resolve) => setImmediate(resolve));
  expect([turns.running, turns.waiting, ahead]).toEqual([1, 2, [1, 2]]);
  first.end();
  await Promise.all([one, two, three]);
  expect(order).toEqual(["one", "two", "three"]);
});

it("says that it is busy when too many wait already", async () => {
  const turns = new Turns({ most: 1, waiting: 0 });
  const first = work();
  const running = turns.take(first.run, signal);
  await expect(turns.take(async () => {}, signal)).rejects.toThrow(Busy);
  first.end();
  await running;
  await expect(turns.take(async () => "done", signal)).resolves.toBe("done");
});

it("does nothing for whoever gave up while waiting", async () => {
  const turns = new Turns({ most: 1, waiting: 1 });
  const first = work();
  const running = turns.take(first.run, signal);
  const stop = new AbortController();
  let began = false;
  const gaveUp = turns.take(async () => {
    began = true;
  }, stop.signal);
  stop.abort();
  first.end();
  await running;
  await expect(gaveUp).rejects.toThrow();
  expect(began).toBe(false);
});
