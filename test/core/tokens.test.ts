import { readFileSync } from "node:fs";
import { estimateTokens, mostThatFit } from "@oncall-copilot/core";
import fc from "fast-check";
import { encode } from "gpt-tokenizer";
import { describe, expect, it } from "vitest";

const samples: Record<string, string> = {
  prose: readFileSync("LICENSE", "utf8").slice(0, 4000),
  code: readFileSync("core/src/server/call/run-call.ts", "utf8"),
  json: readFileSync("package.json", "utf8"),
  log: "2026-03-01T09:58:15.123Z error promotions: pool exhausted after 1842 ms trace=6f3cbf058c2765548a39ad724905d6a1 pod=promotions-5c66d57d58-6mp2b\n".repeat(
    20,
  ),
  receipts: '{"id":"mQ3x_-9dKf2mVb7Tz","url":"recording:bad/metrics.csv.gz","at":"2026-03-01T09:58:15Z"}'.repeat(20),
};

describe("the token estimate", () => {
  it.each(Object.entries(samples))(
    "is not below a real tokenizer's count by more than a tenth, nor twice it: %s",
    (_name, text) => {
      const ratio = estimateTokens(text) / encode(text).length;
      expect(ratio).toBeGreaterThan(0.9);
      expect(ratio).toBeLessThan(2);
    },
  );
});

it("the most items that fit are found as by trying one after another", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), fc.nat(100), (sizes, budget) => {
      const cost = (chosen: readonly number[]) => chosen.reduce((sum, size) => sum + size, 0);
      let expected = 0;
      while (expected < sizes.length && cost(sizes.slice(0, expected + 1)) <= budget) expected++;
      expect(mostThatFit(sizes, budget, cost)).toBe(expected);
    }),
  );
});
