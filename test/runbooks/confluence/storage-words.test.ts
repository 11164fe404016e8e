import fc from "fast-check";
import { expect, it } from "vitest";
import { markdownOf } from "../../../servers/runbooks/src/stores/confluence/storage/markdown.ts";

const PLACE = { base: "https://x.test/wiki", space: "OPS" };

/** A page in storage format, and its words in the order in which a reader meets them. */
interface Piece {
  readonly xml: string;
  readonly words: readonly string[];
}

let count = 0;
/** Every word once in a page, so that its place can be told. */
const word = fc.constantFrom("alpha", "beta", "gamma", "delta").map((stem): Piece => {
  const one = `${stem}${count++}`;
  return { xml: one, words: [one] };
});
const wrap =
  (open: string, close: string) =>
  (pieces: readonly Piece[]): Piece => ({
    xml: open + pieces.map(({ xml }) => xml).join(" ") + close,
    words: pieces.flatMap(({ words }) => words),
  });
const tag = (name: string) => wrap(`<${name}>`, `</${name}>`);
const macro = (name: string) =>
  wrap(`<ac:structured-macro ac:name="${name}"><ac:rich-text-body>`, "</ac:rich-text-body></ac:structured-macro>");

const INLINE = ["strong", "em", "code", "u", "span", "sub", "s"];
const codeBlock = wrap(
  '<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[',
  "]]></ac:plain-text-body></ac:structured-macro>",
);
const link = wrap('<ac:link><ri:page ri:content-title="T" /><ac:link-body>', "</ac:link-body></ac:link>");
const task = wrap(
  "<ac:task-list><ac:task><ac:task-status>complete</ac:task-status><ac:task-body>",
  "</ac:task-body></ac:task></ac:task-list>",
);

const page = fc.letrec<{ inline: Piece; block: Piece }>((tie) => {
  const inlines = fc.array(tie("inline"), { minLength: 1, maxLength: 3 });
  const blocks = fc.array(tie("block"), { minLength: 1, maxLength: 3 });
  const mixed = fc.array(fc.oneof(tie("inline"), tie("block")), { minLength: 1, maxLength: 3 });
  const row = fc.array(fc.tuple(fc.constantFrom("td", "th"), mixed), { minLength: 1, maxLength: 3 });
  return {
    inline: fc.oneof(
      { maxDepth: 4, depthIdentifier: "d" },
      word,
      fc.tuple(fc.constantFrom(...INLINE), inlines).map(([name, inside]) => tag(name)(inside)),
      inlines.map(link),
    ),
    block: fc.oneof(
      { maxDepth: 4, depthIdentifier: "d" },
      inlines.map(tag("p")),
      fc.tuple(fc.integer({ min: 1, max: 6 }), inlines).map(([level, inside]) => tag(`h${level}`)(inside)),
      fc.array(word, { minLength: 1, maxLength: 4 }).map(codeBlock),
      fc.array(mixed.map(tag("li")), { minLength: 1, maxLength: 3 }).map(tag("ul")),
      fc.array(mixed.map(tag("li")), { minLength: 1, maxLength: 3 }).map(tag("ol")),
      fc
        .array(
          row.map((cells) => tag("tr")(cells.map(([name, inside]) => tag(name)(inside)))),
          { minLength: 1, maxLength: 3 },
        )
        .map(tag("table")),
      fc
        .tuple(fc.constantFrom("info", "warning", "expand", "panel", "nobody-knows"), blocks)
        .map(([name, inside]) => macro(name)(inside)),
      mixed.map(tag("blockquote")),
      mixed.map(tag("div")),
      mixed.map(task),
      blocks.map(
        wrap("<ac:layout><ac:layout-section><ac:layout-cell>", "</ac:layout-cell></ac:layout-section></ac:layout>"),
      ),
    ),
  };
});

it("no word of a page is lost, doubled or moved, whatever it is made of", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(page.block, { minLength: 1, maxLength: 4 }), async (pieces) => {
      const { xml, words } = wrap("", "")(pieces);
      const text = await markdownOf(xml, PLACE);
      const found: string[] = text.match(/(?:alpha|beta|gamma|delta)\d+/g) ?? [];
      // A column's name stands at each row's cell: what comes before a cell again is no loss.
      const once = found.filter((one, index) => found.indexOf(one) === index);
      expect(once.sort()).toEqual([...words].sort());
      if (!xml.includes("<table>")) expect(found).toEqual(words);
    }),
    { numRuns: 400 },
  );
});

it("code is kept character by character, whatever it is", async () => {
  const inCdata = (text: string) => text.replaceAll("]]>", "]]]]><![CDATA[>");
  // What XML 1.0 cannot hold, a page cannot either; and XML reads a carriage return as a new line.
  const isXml = (character: string): boolean => {
    const point = character.codePointAt(0) ?? 0;
    const isSurrogate = point >= 0xd800 && point <= 0xdfff;
    return (
      character === "\t" ||
      character === "\n" ||
      (point >= 0x20 && !isSurrogate && point !== 0xfffe && point !== 0xffff)
    );
  };
  const code = fc.string({ unit: "binary", minLength: 1 }).filter((text) => [...text].every(isXml));
  await fc.assert(
    fc.asyncProperty(code, async (text) => {
      const xml = `<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[${inCdata(text)}]]></ac:plain-text-body></ac:structured-macro>`;
      const [, fence = "", inside] = /^(`{3,})\n([\s\S]*)\n`{3,}\n$/.exec(await markdownOf(xml, PLACE)) ?? [];
      expect(inside).toBe(text.replace(/\n$/, ""));
      expect(text).not.toContain(fence);
    }),
  );
});
