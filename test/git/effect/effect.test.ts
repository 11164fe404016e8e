import { describe, expect, it } from "vitest";
import { changedTexts } from "../../../servers/git/src/changes/effect/changed-lines.ts";
import { effectOf, isInert } from "../../../servers/git/src/changes/effect/effect.ts";
import { readSymptom, sharedWith } from "../../../servers/git/src/changes/effect/shared.ts";
import { spansIn } from "../../../servers/git/src/changes/effect/words.ts";
import { parseDiff } from "../../../servers/git/src/changes/unified-diff.ts";

/** One file's diff of whole lines, as `git diff -U100000` writes it. */
function diffOf(path: string, lines: readonly string[], heading = ""): string {
  const count = (signs: string) => lines.filter((line) => signs.includes(line[0] ?? " ")).length;
  const hunk = `@@ -1,${count(" -")} +1,${count(" +")} @@${heading === "" ? "" : ` ${heading}`}`;
  return [`diff --git a/${path} b/${path}`, `--- a/${path}`, `+++ b/${path}`, hunk, ...lines, ""].join("\n");
}

const textsOf = (...diffs: string[]) => changedTexts(parseDiff(diffs.join("")));
const touches = (path: string, lines: readonly string[]) => effectOf([path], textsOf(diffOf(path, lines)));

describe("what a commit changes", () => {
  it.each([
    ["a comment in Go", "pkg/a.go", [" package a", "-// one", "+// two", " var x = 1"], ["comments"]],
    ["a block comment in the middle of it", "a.ts", [" /*", "-  one", "+  two", " */", " f();"], ["comments"]],
    ["a remark of Python", "a.py", ["-x = 1  # one", "+x = 1  # two"], ["comments"]],
    ["a remark in SQL", "a.sql", ["--- old", "+-- new", " SELECT 1;"], ["comments"]],
    ["blanks and line ends", "a.java", ["-int x=1;", "+int x = 1;"], ["formatting"]],
    ["a test", "services/cart/cart_test.go", ["-x := 1", "+x := 2"], ["tests"]],
    ["a page", "docs/runbook.md", ["-one", "+two"], ["docs"]],
    ["a remark in YAML", "values.yaml", ["-# one", "+# two", " replicas: 2"], ["comments"]],
    ["what looks like a remark inside of a string", "a.js", ['-f("a // one");', '+f("a // two");'], ["code"]],
    ["a statement that is taken out by a remark", "a.go", ["-f()", "+// f()"], ["code"]],
    ["indentation where it counts", "a.py", [" if a:", "     b()", "-    c()", "+c()"], ["code"]],
    ["a value", "values.yaml", ["-replicas: 2", "+replicas: 3"], ["configuration"]],
    [
      "a tag in Helm's values",
      "values.yaml",
      [" image:", "   repository: r/a", '-  tag: "1"', '+  tag: "2"'],
      ["image"],
    ],
    [
      "a tag of Kustomize",
      "kustomization.yaml",
      [" images:", " - name: r/a", "-  newTag: 1-a", "+  newTag: 1-b"],
      ["image"],
    ],
    ["a tag of a Deployment", "d.yaml", [" containers:", "-- image: r:5000/a:1", "+- image: r:5000/a:2"], ["image"]],
    ["another image", "d.yaml", [" containers:", "-- image: r/a:1", "+- image: r/b:1"], ["configuration"]],
    [
      "a tag and a value",
      "values.yaml",
      [" image:", "-  tag: a", "+  tag: b", "-replicas: 2", "+replicas: 3"],
      ["configuration"],
    ],
    ["a dependency", "go.mod", ["-require x v1", "+require x v2"], ["build"]],
    ["a language that nobody here knows", "a.zzz", ["-one", "+two"], ["code"]],
  ])("%s", async (_, path, lines, expected) => {
    expect(await touches(path, lines)).toEqual(expected);
  });

  it("takes labels of a Kubernetes object for no change of what runs, unless something chooses by them", async () => {
    const manifest = (label: string, selector: string) => [
      ...[" kind: Deployment", " metadata:", "   labels:"],
      ...[
        `-    ${label}: a`,
        `+    ${label}: b`,
        " spec:",
        "   selector:",
        "     matchLabels:",
        `       ${selector}: a`,
      ],
    ];
    expect(await touches("deploy/a.yaml", manifest("team", "app"))).toEqual(["labels"]);
    expect(await touches("deploy/a.yaml", manifest("app", "app"))).toEqual(["configuration"]);
  });

  it("is inert only when nothing of it runs, and not when nothing of it is known", () => {
    expect(isInert(["tests", "comments"])).toBe(true);
    expect(isInert(["tests", "code"])).toBe(false);
    expect(isInert([])).toBe(false);
  });

  it("goes by a file's name where the diff does not show it", async () => {
    expect(await effectOf(["assets/logo.bin", "docs/a.png"], [])).toEqual(["code", "docs"]);
  });
});

describe("what a commit has in common with the trouble", () => {
  const shared = (symptom: string, ...diffs: string[]) =>
    sharedWith(readSymptom(symptom, ["orders"]), textsOf(...diffs)).map(({ how, word }) => `${how} ${word}`);

  it("names the function of a stack frame whose lines it changes", () => {
    const diff = diffOf(
      "services/edge/limit/bucket.go",
      ["-\tb.mu.Lock()", " \tb.left--"],
      "func (b *Bucket) Take(id string) bool {",
    );
    const trace = "fatal error: concurrent map writes\nedge/limit.(*Bucket).Take(bucket.go:412)";
    expect(shared(trace, diff)).toEqual(["frame Take in bucket.go"]);
  });

  it("only stands near it when it changes another function of that file", () => {
    const diff = diffOf("services/edge/limit/bucket.go", ["-\treturn 1", "+\treturn 2"], "func Other() int {");
    expect(shared("edge/limit.(*Bucket).Take(bucket.go:412)", diff)).toEqual(["near bucket.go"]);
  });

  it("holds a text that it brings against the line that was logged, whatever is put into it", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the code of the commit
    const diff = diffOf("a.js", ["+  throw new RangeError(`${sku}: ${off} off ${full} is below the floor`);"]);
    expect(shared("RangeError: A-1: 30 off 120 is below the floor", diff)).toEqual(["literal is below the floor"]);
  });

  it("holds a name that it takes away against what the line quotes", () => {
    const diff = diffOf("mapping.py", ['-    "price_net": KEYWORD,', '+    "net": KEYWORD,']);
    expect(shared("unknown field [price_net] in query", diff)).toEqual(["literal price_net"]);
  });

  it("knows a time span in whatever unit and spelling", () => {
    const diff = diffOf("client.go", [
      "-\tctx, c := context.WithTimeout(ctx, 5*time.Second)",
      "+\tctx, c := context.WithTimeout(ctx, 250*time.Millisecond)",
    ]);
    expect(shared("call failed: deadline exceeded, deadline_ms=250", diff)).toEqual(["figure 250 ms"]);
    expect(spansIn("timeout: 1.5s, TTL_SECONDS=30, ofMillis(20), 2 minutes")).toEqual([1_500, 120_000, 30_000, 20]);
  });

  it("names the setting whose value it changes", () => {
    const diff = diffOf("deploy/env.yaml", ["-QUOTE_POOL_SIZE: 20", "+QUOTE_POOL_SIZE: 2"]);
    expect(shared("pool exhausted (QUOTE_POOL_SIZE reached)", diff)).toEqual(["key QUOTE_POOL_SIZE"]);
  });

  it("does not count what only moved, nor what every line has", () => {
    const moved = diffOf("a.js", [
      '-  fail("no seat is left");',
      "+  helper();",
      '+function helper() { fail("no seat is left"); }',
    ]);
    expect(shared("Error: no seat is left", moved)).toEqual([]);
    expect(shared("orders: failed", diffOf("a.js", ['+connect("orders");']))).toEqual([]);
  });

  it("shares nothing with a line that it has no word of", () => {
    expect(shared("fatal error: concurrent map writes", diffOf("a.go", ["-x", "+y"]))).toEqual([]);
  });
});
