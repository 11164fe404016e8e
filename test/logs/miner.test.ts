import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMiner, OVERFLOW_TEMPLATE } from "../../servers/logs/src/patterns/miner.ts";

interface Group {
  readonly template: string;
  readonly messages: readonly string[];
}

/** Messages by the pattern they end up in, both in the order of the alphabet. */
function partition(messages: readonly string[], maxShapes?: number): Group[] {
  const miner = createMiner(maxShapes === undefined ? {} : { maxShapes });
  const ids = messages.map((message) => miner.add(message));
  const groups = miner.templates().map(({ ids: own, template }) => ({
    template,
    messages: messages.filter((_, index) => own.includes(miner.resolve(ids[index] ?? -1))).sort(),
  }));
  return groups.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

const templates = (messages: readonly string[]): string[] => partition(messages).map(({ template }) => template);

const NAMES = ["ada", "bob", "cleo", "dan", "eve", "finn"];

describe("mining patterns", () => {
  test("puts messages together that differ in figures only", () => {
    expect(templates(["took 5 ms", "took 1200 ms", "started"])).toEqual(["started", "took <*>"]);
  });

  test("finds a value without digits once enough of them stand in one place", () => {
    const refused = NAMES.map((name) => `login of ${name} refused`);
    expect(templates(refused.slice(0, 4))).toEqual(refused.slice(0, 4));
    expect(templates(refused)).toEqual(["login of <*> refused"]);
  });

  test("takes a word for a value when another line has a figure in its place", () => {
    expect(templates(["login of user7 refused", "login of ada refused"])).toEqual(["login of <*> refused"]);
  });

  test("keeps what a line begins with apart", () => {
    const parts = ["web", "db", "cache", "queue", "mail", "search"].map((part) => `${part} started`);
    expect(partition(parts)).toHaveLength(6);
  });

  test("keeps failed requests apart from those that succeeded", () => {
    const requests = [200, 204, 301, 500, 503, 404].map((status) => `GET /cart ${status}`);
    expect(templates(requests)).toEqual(["GET <*> 4xx", "GET <*> 5xx", "GET <*>"]);
  });

  test("finds two values in one line", () => {
    const messages = NAMES.flatMap((from) => NAMES.map((to) => `call from ${from} to ${to} dropped`));
    expect(templates(messages)).toEqual(["call from <*> to <*> dropped"]);
  });

  test("takes lists of any length for one pattern", () => {
    expect(templates(["sent [1]", "sent [1, 2]", "sent [1, 2, 3, 4]"])).toEqual(["sent [<*>]"]);
    expect(templates(["shard=1 ok, shard=2 ok, shard=3 ok, end", "shard=1 ok, end"])).toEqual(["shard=<*> ok, end"]);
  });

  test("tells two bugs under one headline apart by what was thrown and where", () => {
    const trace = (error: string, frame: string) =>
      `request failed\n${error}: no\n    at ${frame} (/app/a.js:10:5)\n    at run (/app/b.js:1:1)`;
    const groups = partition([
      trace("TypeError", "price"),
      trace("TypeError", "price").replace("10:5", "12:7"),
      trace("RangeError", "price"),
      trace("TypeError", "quote"),
    ]);
    expect(groups.map(({ messages }) => messages.length).sort()).toEqual([1, 1, 2]);
  });

  test("gives the same patterns whatever the order of the lines", () => {
    const message = fc.oneof(
      fc.tuple(fc.constantFrom(...NAMES), fc.nat(999)).map(([name, n]) => `user ${name} paid ${n} EUR`),
      fc.constantFrom(...NAMES).map((name) => `cannot reach ${name}`),
      fc.nat(9).map((n) => `retry ${n} of batch`),
      fc.constant("ready"),
    );
    fc.assert(
      fc.property(
        fc
          .array(message, { maxLength: 40 })
          .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([one, other]) => {
          expect(partition(other)).toEqual(partition(one));
        },
      ),
    );
  });

  test("loses no message and counts none twice", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary", maxLength: 24 }), { maxLength: 24 }), (messages) => {
        expect(
          partition(messages, 8)
            .flatMap((group) => group.messages)
            .sort(),
        ).toEqual([...messages].sort());
      }),
    );
  });
});

describe("mining in bounded memory", () => {
  /** A word of letters only, so that masking cannot know it for a value. */
  const word = (n: number): string => n.toString(26).replace(/\d/g, (digit) => "qrstuvwxyz"[Number(digit)] ?? "q");

  test("holds what it knows as templates when there are too many shapes, and tells who was merged", () => {
    const counted = new Map<number, number>();
    const miner = createMiner({
      maxShapes: 100,
      onMerge: (from, into) => {
        counted.set(into, (counted.get(into) ?? 0) + (counted.get(from) ?? 0));
        counted.delete(from);
      },
    });
    for (let n = 0; n < 5_000; n++) {
      const id = miner.add(`login of ${word(n)} refused`);
      counted.set(id, (counted.get(id) ?? 0) + 1);
    }
    expect(miner.overflow).toBe(0);
    expect(counted.size).toBeLessThanOrEqual(100);
    const [template, ...others] = miner.templates();
    expect(others).toEqual([]);
    expect(template?.template).toBe("login of <*> refused");
    expect(template?.ids.reduce((sum, id) => sum + (counted.get(id) ?? 0), 0)).toBe(5_000);
  });

  test("counts what it cannot tell apart together, and says how much that is", () => {
    const miner = createMiner({ maxShapes: 50 });
    for (let n = 0; n < 200; n++) miner.add(Array.from({ length: (n % 60) + 1 }, (_, k) => word(n * 61 + k)).join(" "));
    expect(miner.overflow).toBeGreaterThan(0);
    expect(miner.templates().length).toBeLessThanOrEqual(51);
    expect(miner.templates().at(-1)?.template).toBe(OVERFLOW_TEMPLATE);
    const known = miner.add(word(0));
    expect(miner.templates().find(({ ids }) => ids.includes(miner.resolve(known)))?.template).toBe(word(0));
  });
});
