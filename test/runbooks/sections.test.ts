import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anchorMaker } from "../../servers/runbooks/src/pages/anchors.ts";
import { splitFrontMatter } from "../../servers/runbooks/src/pages/front-matter.ts";
import { type OutlineNode, parsePage } from "../../servers/runbooks/src/pages/outline.ts";
import { sectionsOf, wholeSectionsOf } from "../../servers/runbooks/src/pages/sections.ts";

const LONG = "One sentence that takes up some room on the page. ".repeat(12);

async function cut(text: string) {
  return sectionsOf(await parsePage(text, "The page"));
}

describe("an outline", () => {
  const titles = (node: OutlineNode): unknown => [node.title, ...node.children.map(titles)];

  test("nests headings of both styles by their depth, and takes none from code, quotes or lists", async () => {
    const text = [
      "Top *title*\n===",
      "## `kubectl` first",
      "```sh\n# no heading\n## none either\n```",
      "> ## quoted\n\n- ## in a list",
      "    # indented code",
      "#### Deep",
      "## Second\n\nSetext\n---",
    ].join("\n\n");
    const { root } = await parsePage(text, "The page");
    expect(titles(root)).toEqual(["The page", ["Top title", ["kubectl first", ["Deep"]], ["Second"], ["Setext"]]]);
  });

  test("reads pages that nest deeper than any stack", async () => {
    const { codes } = await parsePage(`${">".repeat(3_000)} \`deep\``, "The page");
    expect(codes.map((code) => code.text)).toEqual(["deep"]);
  });

  test("reads nodes with more children than a call has arguments", async () => {
    const line = "a\\\n".repeat(70_000);
    const { root } = await parsePage(`${line}a`, "The page");
    expect(root.end).toBe(line.length + 1);
  });
});

describe("sections", () => {
  test("are the whole page when it is short", async () => {
    const text = "# The page\n\nRestart it.\n\n## Why\n\nIt is stuck.\n";
    expect(await cut(text)).toMatchObject([{ name: "The page", text: text.trimEnd(), anchor: "the-page" }]);
  });

  test("are cut at the headings of a longer page, sub-headings kept with theirs while these are small", async () => {
    const text = `# The page\n\nIntro.\n\n## Diagnosis\n\n${LONG}\n\n## Mitigation\n\n${LONG}\n\n### Rollback\n\nRevert.\n`;
    expect((await cut(text)).map(({ name }) => name)).toEqual(["The page", "Diagnosis", "Mitigation"]);
  });

  test("are cut at sub-headings where a heading's text is long, and named by the way to them", async () => {
    const text = `# The page\n\n## Mitigation\n\n### Rollback\n\n${LONG}${LONG}\n\n### Scale\n\n${LONG}${LONG}${LONG}\n`;
    expect((await cut(text)).map(({ name }) => name)).toEqual(["Mitigation > Rollback", "Mitigation > Scale"]);
  });

  test("of the same name are told apart", async () => {
    const text = `# The page\n\n## Steps\n\n${LONG}\n\n## Steps\n\n${LONG}${LONG}`;
    expect(await cut(text)).toMatchObject([
      { name: "Steps", anchor: "steps" },
      { name: "Steps [2]", anchor: "steps-1" },
    ]);
  });

  test("without sub-headings that are very long are parted between blocks, never within a fence or a table", async () => {
    const fence = `\`\`\`sh\n${"echo one line of a long script\n\n# comment\n".repeat(12)}\`\`\``;
    const text = `## Only\n\n${Array.from({ length: 12 }, () => fence).join("\n\n")}\n`;
    const sections = await cut(text);
    expect(sections.length).toBeGreaterThan(1);
    expect(sections[0]?.name).toMatch(/^Only \(part 1 of \d\)$/);
    for (const section of sections)
      expect(section.text.match(/```/g)?.length ?? 0).toBe((section.text.match(/```sh/g)?.length ?? 0) * 2);
  });

  test("keep a single block whole however long it is", async () => {
    const table = `| a | b |\n|---|---|\n${"| some cell | another cell |\n".repeat(400)}`;
    expect(await cut(`# The page\n\n${table}`)).toMatchObject([{ text: `# The page\n\n${table.trimEnd()}` }]);
  });

  const block = fc.oneof(
    fc.constantFrom(
      "# One",
      "## Two",
      "### Three",
      "Setext\n---",
      "```\n# code\n```",
      "| a |\n|---|\n| b |",
      "> quote",
    ),
    fc.integer({ min: 1, max: 120 }).map((words) => "PARAGRAPH ".repeat(words).trim()),
  );

  test("hold the page's own characters, in order and without overlap, and every paragraph once", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(block, { maxLength: 40 }),
        fc.constantFrom("\n\n", "\r\n\r\n"),
        async (blocks, between) => {
          const marked = blocks.map((text, i) => text.replace("PARAGRAPH", `mark-${i}-`));
          const text = marked.join(between);
          const sections = await cut(text);
          let end = 0;
          for (const section of sections) {
            expect(section.start).toBeGreaterThanOrEqual(end);
            expect(text.startsWith(section.text, section.start)).toBe(true);
            end = section.start + section.text.length;
          }
          const shown = sections.flatMap((section) => section.text.match(/mark-\d+-/g) ?? []);
          expect(shown).toEqual(text.match(/mark-\d+-/g) ?? []);
          expect(new Set(sections.map(({ name }) => name)).size).toBe(sections.length);
        },
      ),
    );
  });

  test("take any text at all", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), async (text) => {
        for (const section of await cut(text)) expect(text.startsWith(section.text, section.start)).toBe(true);
      }),
    );
  });

  test("can each be asked for whole, at any depth", async () => {
    const parsed = await parsePage(`# The page\n\n## Mitigation\n\n### Rollback\n\nRevert.\n\n## After\n`, "The page");
    expect(wholeSectionsOf(parsed).map(({ name, text }) => [name, text])).toEqual([
      ["The page", parsed.text.trimEnd()],
      ["Mitigation", "## Mitigation\n\n### Rollback\n\nRevert."],
      ["Mitigation > Rollback", "### Rollback\n\nRevert."],
      ["After", "## After"],
    ]);
  });

  test.each([
    ["What to do, first?", "what-to-do-first"],
    ["`kubectl` & Co", "kubectl--co"],
    ["Überlast", "überlast"],
  ])("have GitHub's anchor: %s", (title, anchor) => {
    expect(anchorMaker("github", "The page")(title)).toBe(anchor);
  });

  test.each([
    ["github", "what-to-do", "what-to-do-1"],
    ["confluence-cloud", "What-to--do", "What-to--do.1"],
    ["confluence-data-center", "Thepage-Whatto-do", "Thepage-Whatto-do.1"],
  ] as const)("are numbered as %s does when a heading repeats, wherever it stands", async (style, first, second) => {
    const heading = style === "github" ? "What to do" : "What to  -do";
    const page = await parsePage(
      `## A

### ${heading}

## B

### ${heading}
`,
      "The page",
      style,
    );
    const anchors = wholeSectionsOf(page).filter(({ path }) => path.length === 2);
    expect(anchors.map(({ anchor }) => anchor)).toEqual([first, second]);
  });
});

describe("front matter", () => {
  test("is read, and what follows it is left as it is", async () => {
    const { matter, body } = await splitFrontMatter(
      "---\ntitle: T\nlabels: [a, b]\nversion: 7\neditor: Ada\nupdated: 2026-01-05\n---\r\n\n# T\r\n",
    );
    expect(matter).toEqual({
      title: "T",
      labels: ["a", "b"],
      version: "7",
      editor: "Ada",
      updated: Date.parse("2026-01-05"),
    });
    expect(body).toBe("\n# T\r\n");
  });

  test("that is missing, empty or of other types says nothing and costs nothing", async () => {
    const nothing = { title: null, labels: [], version: null, editor: null, updated: null };
    expect(await splitFrontMatter("# T\n\n---\n")).toEqual({
      matter: nothing,
      body: "# T\n\n---\n",
      problem: undefined,
    });
    expect(await splitFrontMatter("---\n---\nx")).toEqual({ matter: nothing, body: "x", problem: undefined });
    const odd = await splitFrontMatter("---\ntitle: [1]\nlabels: {}\nversion: {}\nupdated: soon\n---\nx");
    expect(odd.matter).toEqual(nothing);
  });

  test("in TOML says the same, by the names that site generators use", async () => {
    const { matter, body, problem } = await splitFrontMatter(
      '+++\ntitle = "Payments # outage" # c\ntags = [\n  "payments", # one\n  \'db\',\n]\ndate = 2020-01-02\nlastmod = 2021-03-04T05:06:07+01:00\nabout = """\ntitle = "x"\n"""\n[params]\ntitle = "other"\n+++\n\n## T\n',
    );
    expect({ matter, body, problem }).toEqual({
      matter: {
        ...{ title: "Payments # outage", labels: ["payments", "db"], version: null, editor: null },
        updated: Date.parse("2021-03-04T04:06:07Z"),
      },
      ...{ body: "\n## T\n", problem: undefined },
    });
    expect((await splitFrontMatter("+++\ndate = 2020-01-02\n+++\nx")).matter.updated).toBe(Date.parse("2020-01-02"));
    const odd = await splitFrontMatter("+++\ntitle = \n+++\nx");
    expect(odd).toMatchObject({ body: "x", problem: expect.stringContaining("TOML") });
  });

  test("that is no YAML is said, and the text still stands", async () => {
    const { body, problem } = await splitFrontMatter("---\ntitle: [\n---\nstill here");
    expect(body).toBe("still here");
    expect(problem).toBeDefined();
  });
});
