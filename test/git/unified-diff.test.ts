import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutDiff, type Place, parseDiff } from "../../servers/git/src/changes/unified-diff.ts";

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

  it("loses no line over its pages, whatever their size, and is cut between hunks where one fits", () => {
    const line = fc
      .tuple(fc.constantFrom("+", "-", " "), fc.stringMatching(/^[ -~]{0,30}$/))
      .map(([mark, text]) => mark + text);
    const hunks = fc.array(fc.array(line, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        fc.array(hunks, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 3, max: 40 }),
        (contents, lines) => {
          const files = contents.map((bodies, index) =>
            file(
              `f${index}`,
              bodies.map((body, at) => hunk(at * 20 + 1, body)),
            ),
          );
          const parsed = parseDiff(`${files.join("\n")}\n`);
          const whole = cutDiff(parsed, { lines: 10_000, lineLength: 400 });
          expect(whole.next).toBeUndefined();
          expect(whole.shownLines).toBe(whole.allLines);
          const seen: string[] = [];
          let from: Place | undefined = { hunk: 0, line: 0 };
          while (from) {
            const page = cutDiff(parsed, { lines, lineLength: 400, from });
            expect(page.shownLines).toBeLessThanOrEqual(lines);
            seen.push(...page.text.split("\n"));
            from = page.next;
          }
          const content = (texts: readonly string[]) => texts.filter((text) => !/^(?:--- a|\+\+\+ b)\//.test(text));
          expect(content(seen)).toEqual(content(whole.text.split("\n")));
        },
      ),
    );
  });

  it("shows the first lines of a hunk that is larger than a page, and goes on right there", () => {
    const big = parseDiff(
      `${file("big", [
        hunk(
          1,
          Array.from({ length: 12 }, (_, i) => `+${i}`),
        ),
        hunk(60, ["+z"]),
      ])}\n`,
    );
    const page = cutDiff(big, { lines: 10, lineLength: 400 });
    expect(page).toMatchObject({ shownLines: 10, allLines: 17, next: { hunk: 0, line: 8 } });
    expect(cutDiff(big, { lines: 10, lineLength: 400, from: page.next }).text).toBe(
      "--- a/big\n+++ b/big\n+7\n+8\n+9\n+10\n+11\n@@ -60,0 +60,1 @@\n+z",
    );
  });

  it("shortens a line that would fill every answer, and says by how much", () => {
    const minified = parseDiff(`${file("min.js", [hunk(1, [`+${"x".repeat(5_000)}`])])}\n`);
    expect(cutDiff(minified, { lines: 10, lineLength: 400 }).text).toMatch(/\+x{399} \[4601 more characters\]$/);
  });
});

describe("a change without a changed line", () => {
  it.each([
    ["an empty file that goes", "deleted file mode 100644\nindex e69de29..0000000", "deleted file mode 100644"],
    ["an empty file that comes", "new file mode 100644\nindex 0000000..e69de29", "new file mode 100644"],
    ["a mode that changes", "old mode 100755\nnew mode 100644", "old mode 100755\nnew mode 100644"],
  ])("still says which file it is about: %s", (_, header, shown) => {
    const path = "services/pricing/rules/__init__.py";
    const [file] = parseDiff(`diff --git a/${path} b/${path}\n${header}\n`);
    expect(file?.header.join("\n")).toBe(`diff --git a/${path} b/${path}\n${shown}`);
  });
});
