import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMiner } from "../../../servers/logs/src/patterns/miner.ts";
import { containing } from "../../../servers/logs/src/stores/opensearch/contains.ts";
import { apart, findPatterns } from "../../../servers/logs/src/stores/opensearch/found-patterns.ts";
import type { MessageMapping } from "../../../servers/logs/src/stores/opensearch/mapping.ts";
import { patternClause } from "../../../servers/logs/src/stores/opensearch/pattern-clause.ts";
import { runsOf } from "../../../servers/logs/src/stores/opensearch/words.ts";

const WORDS: MessageMapping = { words: { field: "message", ordered: true }, whole: undefined, parts: undefined };
const LOOSE: MessageMapping = { ...WORDS, words: { field: "message", ordered: false } };
const TEXT: MessageMapping = { words: undefined, whole: { field: "message", most: 32_766 }, parts: undefined };
const DYNAMIC: MessageMapping = { ...WORDS, whole: { field: "message.keyword", most: 256 } };
const PARTS: MessageMapping = { words: undefined, whole: undefined, parts: "message" };

describe("contains", () => {
  it("is a substring in a wildcard or keyword field, whatever is in it", () => {
    for (const mapping of [PARTS, TEXT]) {
      expect(containing('50% of a*b? "x" \\', mapping)).toEqual({
        clause: { wildcard: { message: { value: '*50% of a\\*b\\? "x" \\\\*', case_insensitive: true } } },
        differs: undefined,
      });
    }
  });

  it("is the words of it where nothing else is indexed, and says so", () => {
    const { clause, differs } = containing('say "no" | drop -all', WORDS);
    expect(clause).toEqual({
      simple_query_string: {
        ...{ query: '"say  no  | drop -all"', fields: ["message"], flags: "PHRASE" },
        ...{ default_operator: "and", analyze_wildcard: false },
      },
    });
    expect(differs).toMatch(/whole words in this order, not as part of a word/);
  });

  it("is refused where the index has words only and the text has none", () => {
    expect(() => containing("=>", WORDS)).toThrow(/can only be searched for words here, and "=>" has none/);
  });

  it("is searched in long messages by words where a keyword leaves these out, and says so", () => {
    const { clause, differs } = containing("timeout", DYNAMIC);
    expect(JSON.stringify(clause)).toContain('"must_not":[{"exists":{"field":"message.keyword"}}]');
    expect(differs).toMatch(/messages of more than 256 characters/);
  });

  it("never steps out of its phrase, whatever it holds", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 }), (text) => {
        fc.pre(/[\p{L}\p{N}]/u.test(text));
        const { simple_query_string: asked } = containing(text, WORDS).clause as {
          simple_query_string: { query: string };
        };
        expect(asked.query.slice(1, -1)).not.toContain('"');
      }),
    );
  });
});

describe("a pattern's clause", () => {
  it("asks for the fixed words in runs, without those that touch a value", () => {
    expect(runsOf("request <*> failed: upstream answered 5xx in <*>")).toEqual([
      ...[{ text: "request" }, { text: "failed: upstream answered" }, { status: "5" }, { text: "in" }],
    ]);
    expect(runsOf("cache hit for key user:<*>:basket (pool=<*>)")).toEqual([
      { text: "cache hit for key" },
      { text: "(pool=" },
    ]);
    expect(runsOf("<*> -> <*>")).toEqual([]);
  });

  it("leaves values open in the whole text, and nothing else", () => {
    const { clause } = patternClause("GET <*> 5xx (a.b) <*>", ["GET /x 503 (a.b) 3 ms"], TEXT) ?? {};
    const { regexp } = clause as { regexp: { message: { value: string; flags: string } } };
    expect(regexp.message.flags).toBe("NONE");
    const local = new RegExp(`^(?:${regexp.message.value})$`, "s");
    expect(["GET /x 503 (a.b) 3 ms", "GET   /y 500 (a.b) 12 ms "].every((text) => local.test(text))).toBe(true);
    expect(
      ["GET /x 200 (a.b) 3 ms", "GET /x 503 (aXb) 3 ms", "a GET /x 503 (a.b) 3 ms"].some((text) => local.test(text)),
    ).toBe(false);
  });

  it("tells stack traces under one headline apart by what was thrown and where", () => {
    const trace = (thrown: string, frame: string) => `payment failed\n${thrown}: no\n    at ${frame} (/app/a.js:1:2)`;
    const messages = [trace("PoolError", "Pool.take"), trace("PoolError", "Pool.give"), trace("NetError", "Pool.take")];
    for (const mapping of [WORDS, TEXT, LOOSE]) {
      const patterns = findPatterns(messages, mapping);
      expect(patterns).toHaveLength(3);
      for (const [index, message] of messages.entries()) {
        expect(
          patterns.filter((pattern) => pattern.finds(message)),
          `${index}`,
        ).toHaveLength(1);
      }
    }
  });

  it("gives a line to the heavier of two patterns that would both find it", () => {
    const patterns = findPatterns(["connected", "connected to 10.0.0.1 again"], WORDS);
    expect(patterns.map(({ template }) => template)).toEqual(["connected to <*> again", "connected"]);
    const [heavier, lighter] = apart(patterns);
    expect(lighter).toEqual({ bool: { filter: [patterns[1]?.clause], must_not: [heavier] } });
  });

  it("finds every message that it was mined from, as far as can be told here", () => {
    const word = fc.constantFrom(
      "order",
      "placed",
      "failed:",
      "for",
      "user=bob",
      "/v1/a/2",
      "17",
      "5xx",
      "a.b.C",
      "[x]",
      "4 ms",
    );
    const message = fc.array(word, { minLength: 1, maxLength: 9 }).map((words) => words.join(" "));
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 30 }), (messages) => {
        for (const mapping of [WORDS, LOOSE, TEXT]) {
          const miner = createMiner();
          const ids = messages.map((one) => miner.add(one));
          for (const { template, ids: members } of miner.templates()) {
            const own = messages.filter((_, index) => members.includes(ids[index] ?? -1));
            const clause = patternClause(template, own, mapping);
            for (const one of own) expect(clause?.finds(one) ?? true, `${template} <- ${one}`).toBe(true);
            const { regexp } = (clause?.clause ?? {}) as { regexp?: { message: { value: string } } };
            const local = regexp && new RegExp(`^(?:${regexp.message.value})$`, "s");
            for (const one of own) expect(local?.test(one) ?? true, `${local} <- ${one}`).toBe(true);
          }
        }
      }),
    );
  });
});
