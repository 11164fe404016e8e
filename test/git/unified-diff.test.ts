import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutDiff, parseDiff } from "../../servers/git/src/changes/unified-diff.ts";

const hunk = (start: number, lines: readonly string[]) => {
  const count = (mark: string) => lines.filter((line) => line[0] !== mark && line[0] !== "\\").length;
  return [`@@ -${start},${count("+")} +${start},${count("-")} @@`, ...lines];
};

const file = (name: string, hunks: readonly string[][]) =>
  [
    `diff --git a/${name} b/${name}`,
    "index 1111111..2222222 100644",
    `--- a/${name}`,
    `+++ b/${name}`,
    ...hunks.flat(),
  ].join("\n");

describe("a unified diff", () => {
  it("is taken apart by the counts of its hunks, so that no line can pass for a header", () => {
    const lines = [
      " a",
      "--- a/evil",
      "+++ b/evil",
      "+diff --git a/x b/x",
      "-@@ -1 +1 @@",
      "\\ No newline at end of file",
    ];
    const diff = `${file("one", [hunk(1, lines)])}\n${file("two", [hunk(1, ["+x"])])}\n`;
    expect(parseDiff(diff)).toEqual([
      { header: ["--- a/one", "+++ b/one"], hunks: [hunk(1, lines)] },
      { header: ["--- a/two", "+++ b/two"], hunks: [hunk(1, ["+x"])] },
    ]);
  });

  it("loses no line when it fits, and is cut between hunks when it does not", () => {
    const line = fc
      .tuple(fc.constantFrom("+", "-", " "), fc.stringMatching(/^[ -~]{0,30}$/))
      .map(([mark, text]) => mark + text);
    const hunks = fc.array(fc.array(line, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        fc.array(hunks, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 12, max: 40 }),
        (contents, most) => {
          const files = contents.map((bodies, index) =>
            file(
              `f${index}`,
              bodies.map((lines, at) => hunk(at * 10 + 1, lines)),
            ),
          );
          const parsed = parseDiff(`${files.join("\n")}\n`);
          const whole = cutDiff(parsed, 10_000);
          expect(whole.nextHunk).toBeUndefined();
          expect(whole.text.split("\n").filter((text) => text.startsWith("@@"))).toHaveLength(contents.flat().length);
          const seen: string[] = [];
          for (let next: number | undefined = 0; next !== undefined; ) {
            const page = cutDiff(parsed, most, next);
            expect(page.shownLines).toBeLessThanOrEqual(most);
            seen.push(...page.text.split("\n"));
            next = page.nextHunk;
          }
          const marks = (texts: readonly string[]) => texts.filter((text) => !/^(?:--- a|\+\+\+ b)\//.test(text));
          expect(marks(seen)).toEqual(marks(whole.text.split("\n")));
        },
      ),
    );
  });

  it("shows the first lines of a hunk that is larger than a page, and goes on with the next", () => {
    const big = parseDiff(
      `${file("big", [
        hunk(
          1,
          Array.from({ length: 50 }, (_, i) => `+${i}`),
        ),
        hunk(60, ["+z"]),
      ])}\n`,
    );
    const page = cutDiff(big, 10);
    expect(page).toMatchObject({ shownLines: 10, allLines: 55, nextHunk: 1 });
    expect(cutDiff(big, 10, 1).text).toBe("--- a/big\n+++ b/big\n@@ -60,0 +60,1 @@\n+z");
  });

  it("shortens a line that would fill every answer, and says by how much", () => {
    const minified = parseDiff(`${file("min.js", [hunk(1, [`+${"x".repeat(5_000)}`])])}\n`);
    expect(cutDiff(minified, 10).text).toMatch(/\+x{399} \[4601 more characters\]$/);
  });
});
