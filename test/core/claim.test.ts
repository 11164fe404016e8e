import {
  type Claim,
  checkClaim,
  type Evidence,
  EvidenceKey,
  mintEvidence,
  unsupportedFigures,
} from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";

const key = new EvidenceKey(Buffer.alloc(32, 1));
const text =
  "promotions error_ratio 0.231, usually 0.004; 57x; turned 2026-03-01T09:58:15Z\nconnection pool exhausted after 1842 ms";
const evidence = mintEvidence(key, "m", { text, url: "recording:x", at: "2026-03-01T09:58:15Z", about: [], shows: [] });
const known = new Map<string, Evidence>([[evidence.id, evidence]]);

const claim = (words: string, quote: string, id = evidence.id): Claim => ({
  text: words,
  supports: [{ id, quote }],
  contradicts: [],
});
const holds = (words: string, quote: string, id?: string) =>
  checkClaim(claim(words, quote, id), known, key).claim !== undefined;

describe("a claim holds", () => {
  it.each([
    ["errors rose to 23 %", "error_ratio 0.231"],
    ["errors rose to 23%", "error_ratio 0.231"],
    ["errors rose to 0.23", "error_ratio 0.231"],
    ["errors rose 57-fold", "0.004; 57x"],
    ["errors are 57× as many", "usually 0.004; 57x"],
    ["a connection took 1.8 s", "after 1842 ms"],
    ["a connection took 1,842 ms", "after 1842 ms"],
    ["a connection took about 1,800 ms", "after 1842 ms"],
    ["it turned at 09:58", "turned 2026-03-01T09:58:15Z"],
    ["promotions' p99 rose and it returned 5xx", "promotions error_ratio 0.231"],
  ])("%s <- %s", (words, quote) => {
    expect(checkClaim(claim(words, quote), known, key).failures).toEqual([]);
    expect(holds(words, quote)).toBe(true);
  });
});

describe("a claim does not hold", () => {
  it.each([
    ["an altered figure", "errors rose to 32 %", "error_ratio 0.231"],
    ["a figure rounded the wrong way", "errors rose to 24 %", "error_ratio 0.231"],
    [
      "a figure that stands elsewhere in the evidence but not in the quote",
      "a connection took 1842 ms",
      "error_ratio 0.231",
    ],
    ["a figure rounded beyond recognition", "a connection took 2,000 ms", "after 1842 ms"],
    ["another unit's figure", "errors rose to 0.231 GB after 1842 GB", "after 1842 ms"],
    ["another time", "it turned at 09:59", "turned 2026-03-01T09:58:15Z"],
    ["a made-up version", "promotions v2.3 broke", "promotions error_ratio 0.231"],
    ["a made-up commit", "commit 3f2a9c1 broke it", "promotions error_ratio 0.231"],
    ["a figure in words", "errors rose by thousands", "error_ratio 0.231"],
    ["figures in another script", "errors rose to ٣٢ percent", "error_ratio 0.231"],
    ["full-width figures", "errors rose to ３２ percent", "error_ratio 0.231"],
  ])("with %s", (_what, words, quote) => {
    expect(holds(words, quote)).toBe(false);
  });

  it("with a fabricated quote", () => {
    const { claim: held, failures } = checkClaim(claim("it broke", "error_ratio 0.232"), known, key);
    expect(held).toBeUndefined();
    expect(failures[0]?.why).toBe("the quote is not part of the evidence's text, byte for byte");
  });

  it("with an id that no tool returned", () => {
    const { failures } = checkClaim(claim("it broke", "error_ratio", "mAAAAAAAAAAAAAAAA"), known, key);
    expect(failures[0]?.why).toBe("no tool returned evidence with this id");
  });

  it("with evidence whose receipt does not verify", () => {
    const forged = new Map([[evidence.id, { ...evidence, text: `${evidence.text} indeed` }]]);
    const { claim: held, failures } = checkClaim(claim("it broke", "indeed"), forged, key);
    expect(held).toBeUndefined();
    expect(failures[0]?.why).toContain("does not verify");
  });

  it("with a quote too short to show anything", () => {
    expect(holds("it broke", "e")).toBe(false);
  });

  it("with only evidence against it", () => {
    const against: Claim = { text: "it broke", supports: [], contradicts: [{ id: evidence.id, quote: "promotions" }] };
    expect(checkClaim(against, known, key).claim).toBeUndefined();
  });
});

describe("a claim with one citation that fails and one that holds", () => {
  it("keeps the one that holds and reports the other", () => {
    const mixed: Claim = {
      text: "errors rose to 23 %",
      supports: [
        { id: evidence.id, quote: "error_ratio 0.231" },
        { id: evidence.id, quote: "made up" },
      ],
      contradicts: [],
    };
    const { claim: held, failures } = checkClaim(mixed, known, key);
    expect(held?.supports).toEqual([{ id: evidence.id, quote: "error_ratio 0.231" }]);
    expect(failures).toHaveLength(1);
  });

  it("does not hold when its figure stood in the failing quote only", () => {
    const mixed: Claim = {
      text: "errors rose to 77 %",
      supports: [
        { id: evidence.id, quote: "error_ratio 0.231" },
        { id: evidence.id, quote: "error_ratio 0.77" },
      ],
      contradicts: [],
    };
    expect(checkClaim(mixed, known, key).claim).toBeUndefined();
  });
});

describe("names with digits", () => {
  it("are no figures when the catalog has them", () => {
    expect(unsupportedFigures("ts-travel2-service broke", [], ["ts-travel2-service"])).toEqual([]);
    expect(unsupportedFigures("ts-travel2-service broke", [])).toEqual(["ts-travel2-service"]);
  });

  it("are found in quotes letter for letter", () => {
    expect(unsupportedFigures("revert 3f2a9c1d0e", ["commit 3f2a9c1d0e by Dana"])).toEqual([]);
  });
});
