import fc from "fast-check";
import { fromMarkdown } from "mdast-util-from-markdown";
import { toString as plain } from "mdast-util-to-string";
import { describe, expect, it } from "vitest";
import { type BodyInput, commitMessage, pullRequestBody } from "../../servers/git/src/pull-request/body.ts";
import { cell, fencedBlock, inlineCode, link, plainLine, prose } from "../../servers/git/src/pull-request/defuse.ts";

interface Node {
  readonly type: string;
  readonly url?: string;
  readonly value?: string;
  readonly children?: readonly Node[];
}

const nodes = (node: Node): Node[] => [node, ...(node.children ?? []).flatMap(nodes)];
const parse = (markdown: string): Node[] => nodes(fromMarkdown(markdown) as Node);

const HOSTILE = [
  ...[
    "@dana",
    "@org/team please merge",
    "fixes #12",
    "Closes org/repo#1",
    "resolves GH-7",
    "fix: closes https://github.com/o/r/issues/1",
  ],
  ...[
    "<script>alert(1)</script>",
    "<img src=x onerror=y>",
    "![x](https://evil.test/p.png)",
    "[click](https://evil.test)",
    "<https://evil.test>",
  ],
  ...[
    "https://evil.test/?q=1",
    "www.evil.test",
    "mailto:a@b.test",
    "[a]: https://evil.test",
    "`code` ``more``",
    "```\n# out\n```",
    "~~~\nout\n~~~",
  ],
  ...[
    "# heading",
    "> quote",
    "- item",
    "1. item",
    "| a | b |",
    "---",
    "\n\n## New section\n\n@all",
    "/lgtm",
    "/close",
    "[skip ci] now",
  ],
  ...[
    "a\\`b",
    "\\|",
    "\\",
    "*bold* _it_",
    "&lt;b&gt;",
    "a\u202eb",
    "\u0000x",
    "\r# cr heading",
    "a\u2028# ls heading",
    "Co-authored-by: x <y@z.test>",
  ],
];
const hostile = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({
    unit: fc.constantFrom(
      "`",
      "~",
      "@",
      "#",
      "a",
      "1",
      "\n",
      "\r",
      " ",
      "|",
      "\\",
      "<",
      ">",
      "[",
      "]",
      "(",
      ")",
      "!",
      "/",
      ":",
      "w",
      ".",
    ),
  }),
  fc.array(fc.constantFrom(...HOSTILE), { minLength: 1, maxLength: 4 }).map((parts) => parts.join(" ")),
);

/** What a forge acts upon in text that is not code. */
const ACTS = /@[\p{L}\p{N}]|#\p{N}|\bGH-\d|:\/\/|\bwww\./u;

describe("untrusted words", () => {
  it("become one paragraph of plain prose that shows nothing but text, whatever they hold", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markdown = prose(text);
        expect(markdown).not.toMatch(/[\n\r\u2028\u2029]/);
        const types = new Set(parse(markdown).map(({ type }) => type));
        expect([...types].filter((type) => !["root", "paragraph", "text"].includes(type))).toEqual([]);
        expect(plain(fromMarkdown(markdown))).not.toMatch(ACTS);
      }),
      { numRuns: 500 },
    );
  });

  it("stay inside their fence, word for word, whatever they hold", () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom("", "   "), (text, indent) => {
        const list = indent === "" ? "" : "1. x\n\n";
        const blocks = parse(`${list}${fencedBlock(text, { indent, maxLines: 500 })}\n\nafter`);
        const code = blocks.filter(({ type }) => type === "code");
        expect(code).toHaveLength(1);
        const words = text
          .replace(/\r\n|\r|\u2028|\u2029|\u0085/g, "\n")
          .replaceAll("\u0000", "\ufffd")
          .replaceAll("\u202e", "\ufffd");
        expect(code[0]?.value).toBe(words);
        expect(
          blocks.filter(({ type }) => !["root", "list", "listItem", "paragraph", "text", "code"].includes(type)),
        ).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it("stay inside inline code, and inside one cell of a table", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const types = parse(`x ${inlineCode(text)} y`).map(({ type }) => type);
        expect(types.toSorted()).toEqual(["inlineCode", "paragraph", "root", "text", "text"]);
        expect(cell(text)).not.toContain("|");
      }),
      { numRuns: 500 },
    );
  });

  it("cannot mention, close or skip anything from a title or commit message", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const line = plainLine(text);
        expect(line).not.toMatch(/[\n\r]/);
        expect(line).not.toMatch(ACTS);
        expect(line).not.toMatch(/^\/[a-z]/i);
        expect(line).not.toMatch(/\[skip ci\]/i);
        const message = commitMessage({ title: text, incident: text, reverted: undefined });
        expect(message).not.toMatch(ACTS);
        expect(message.split("\n")).toHaveLength(4);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a link", () => {
  it("is one for http and https alone", () => {
    expect(link("open", "https://grafana.example.test/d/x?a=1&b=(2)|<3>")).toBe(
      "[open](<https://grafana.example.test/d/x?a=1&b=%282%29%7C%3C3%3E>)",
    );
    for (const url of [
      "javascript:alert(1)",
      "recording:x/logs.ndjson.gz#L1",
      "data:text/html,x",
      "https://user:pass@host.test/",
      "not a url",
    ]) {
      expect(parse(link("open", url)).some(({ type }) => type === "link")).toBe(false);
    }
  });

  it("goes where it says, whatever the address holds", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markdown = link("open", `https://host.test/${text}`);
        const links = parse(markdown).filter(({ type }) => type === "link");
        expect(links.every(({ url }) => url?.startsWith("https://host.test/"))).toBe(true);
        expect(markdown).not.toContain("\n");
      }),
      { numRuns: 300 },
    );
  });
});

describe("a whole body", () => {
  const section = (markdown: string) =>
    parse(markdown)
      .filter(({ type }) => type === "heading")
      .map((node) => plain(node as never));

  it("keeps its own sections and gets no links, images or HTML from hostile words anywhere", () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 8, maxLength: 8 }), (words) => {
        const [title = "", incident = "", claim = "", quote = "", subject = "", author = "", verify = "", path = ""] =
          words;
        const input: BodyInput = {
          ...{
            service: "pricing",
            title,
            incident,
            verify,
            base: "a".repeat(40),
            branch: "oncall/x",
            baseBranch: "main",
          },
          claims: [{ text: claim, citations: [{ id: `m${"A".repeat(16)}`, quote }] }],
          evidence: [
            {
              id: `m${"A".repeat(16)}`,
              text: quote,
              url: `recording:${path}`,
              at: "2026-03-01T10:00:00.000Z",
              about: ["pricing"],
              shows: "",
            },
          ],
          reverted: {
            sha: "b".repeat(40),
            parents: ["c".repeat(40)],
            author,
            authoredAt: 0,
            committedAt: 0,
            subject,
            body: "",
            files: [],
          },
          commitUrl: undefined,
          files: [{ path, added: 1, removed: 1 }],
          shared: [{ path, others: [title] }],
        };
        const body = pullRequestBody(input, "d".repeat(40));
        expect(section(body).slice(1)).toEqual(["What", "Why", "Evidence", "How to verify", "How to roll back"]);
        const bad = parse(body).filter(({ type }) =>
          ["link", "image", "html", "definition", "linkReference", "imageReference"].includes(type),
        );
        expect(bad).toEqual([]);
        const outside = parse(body)
          .filter(({ type }) => type === "text")
          .map(({ value }) => value ?? "")
          .join("\n");
        expect(outside).not.toMatch(ACTS);
      }),
      { numRuns: 300 },
    );
  });
});
