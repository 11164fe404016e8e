import { checkClaim, EvidenceKey, mintEvidence } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";
import { APART, type Mutation, OPEN, RIGHT } from "./mutations.ts";

const key = new EvidenceKey(Buffer.alloc(32, 3));

function holds({ text, quote = text, claim }: Pick<Mutation, "text" | "quote" | "claim">): boolean {
  const item = mintEvidence(key, "m", { text, url: "u", at: "t", about: [], shows: [] });
  const cited = { text: claim, supports: [{ id: item.id, quote }], contradicts: [] };
  return checkClaim(cited, new Map([[item.id, item]]), key).claim !== undefined;
}

const passing = (set: readonly Mutation[]) => set.filter(holds).map(({ claim }) => claim);

describe("of claims that a quote does not bear out", () => {
  it("there are 64, half of them kept apart", () => {
    expect([OPEN.length, APART.length]).toEqual([32, 32]);
  });

  it("those that pass among the open half are known", () => {
    expect(passing(OPEN)).toEqual([]);
  });

  it("those that pass among the half kept apart are known, and with the others fewer than five", () => {
    // `18/20 busy` quoted from its 20 on: what stands on both sides of a slash is two figures as often as it is one share.
    expect(passing(APART)).toEqual(["It has 20 busy threads."]);
  });
});

describe("a claim that a quote bears out", () => {
  it.each(RIGHT)("%s: %s", (text, claim) => {
    expect(holds({ text, claim })).toBe(true);
  });
});
