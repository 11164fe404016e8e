import { briefly } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";

describe("briefly", () => {
  it.each([
    ["", 5, ""],
    ["one two", 7, "one two"],
    ["one two three", 7, "one two..."],
    ["one two three", 8, "one two..."],
    ["one two three", 6, "one..."],
    ["one\ntwo three", 5, "one..."],
    ["glpat-abcdefghijklmnopqrst", 10, "..."],
  ])("cuts %j at %i between words", (text, most, cut) => {
    expect(briefly(text, most)).toBe(cut);
  });
});
