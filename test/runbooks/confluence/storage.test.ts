import { describe, expect, it } from "vitest";
import { parsePage } from "../../../servers/runbooks/src/pages/outline.ts";
import { markdownOf } from "../../../servers/runbooks/src/stores/confluence/storage/markdown.ts";
import { StorageProblem } from "../../../servers/runbooks/src/stores/confluence/storage/tree.ts";

const PLACE = { base: "https://x.test/wiki", space: "OPS" };
const markdown = async (xml: string) => (await markdownOf(xml, PLACE)).trimEnd();
const macro = (name: string, inside: string) =>
  `<ac:structured-macro ac:name="${name}">${inside}</ac:structured-macro>`;
const parameter = (name: string, value: string) => `<ac:parameter ac:name="${name}">${value}</ac:parameter>`;
const rich = (inside: string) => `<ac:rich-text-body>${inside}</ac:rich-text-body>`;
const plain = (text: string) => `<ac:plain-text-body><![CDATA[${text}]]></ac:plain-text-body>`;
const code = (text: string, language = "") => macro("code", `${parameter("language", language)}${plain(text)}`);

describe("storage format becomes Markdown", () => {
  it.each([
    ["headings", "<h1>One</h1><h3>Two <em>x</em></h3><h2></h2>", "# One\n\n### Two *x*"],
    [
      "paragraphs, with HTML's white space and entities",
      "<p>It&rsquo;s  up&nbsp;&mdash;\n check &lt;svc&gt; &amp; go.</p><p> </p><p>B</p>",
      "It’s up — check <svc> & go.\n\nB",
    ],
    [
      "marks, around words and not around spaces",
      "<p>Do <strong>not </strong>do <s>it</s><em> </em>.</p>",
      "Do **not** do ~~it~~ .",
    ],
    ["line breaks", "<p>a<br />b</p>", "a\nb"],
    [
      "code in a line, whatever backticks it has",
      "<p><code>a | b</code> <code>x`y</code> <code>`</code></p>",
      "`a | b` ``x`y`` `` ` ``",
    ],
    [
      "code blocks, character by character",
      code("a  && b <c>\n\n\td # `x`\n", "bash"),
      "```bash\na  && b <c>\n\n\td # `x`\n```",
    ],
    [
      "a CDATA end in code",
      macro("code", "<ac:plain-text-body><![CDATA[a]]]]><![CDATA[>b]]></ac:plain-text-body>"),
      "```\na]]>b\n```",
    ],
    ["fences in code", code("```\nx\n```"), "````\n```\nx\n```\n````"],
    [
      "a code block's title",
      macro("code", `${parameter("title", "run me")}${plain("ls")}`),
      "**run me**\n\n```\nls\n```",
    ],
    ["noformat and pre", `${macro("noformat", plain("a\n b"))}<pre>c\n d</pre>`, "```\na\n b\n```\n\n```\nc\n d\n```"],
    ["other macros of plain text, by their name", macro("plantuml", plain("a -> b")), "```plantuml\na -> b\n```"],
    [
      "lists, nested",
      '<ul><li>a<ol start="3"><li>b</li><li><p>c</p></li></ol></li><li>d</li></ul>',
      "- a\n  3. b\n  4. c\n- d",
    ],
    [
      "code in lists",
      `<ol><li><p>Run</p>${code("ls\n\nps")}</li><li>Done</li></ol>`,
      "1. Run\n\n   ```\n   ls\n\n   ps\n   ```\n\n2. Done",
    ],
    [
      "task lists",
      "<ac:task-list><ac:task><ac:task-id>7</ac:task-id><ac:task-status>complete</ac:task-status><ac:task-body><span>a</span></ac:task-body></ac:task><ac:task><ac:task-id>8</ac:task-id><ac:task-status>incomplete</ac:task-status><ac:task-body>b</ac:task-body></ac:task></ac:task-list>",
      "- [x] a\n- [ ] b",
    ],
    [
      "tables",
      "<table><colgroup><col /></colgroup><tbody><tr><th>S</th><th><p>Do</p></th></tr><tr><td>slow</td><td><p>a</p><p><strong>b</strong></p></td></tr></tbody></table>",
      "| S | Do |\n|---|---|\n| slow | a<br>**b** |",
    ],
    [
      "tables without a header",
      "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>",
      "|  |  |\n|---|---|\n| a | b |",
    ],
    [
      "cells that span",
      '<table><tbody><tr><th>A</th><th>B</th><th>C</th></tr><tr><td rowspan="2">a</td><td colspan="2">b</td></tr><tr><td>c</td><td>d</td></tr></tbody></table>',
      "| A | B | C |\n|---|---|---|\n| a | b | b |\n| a | c | d |",
    ],
    [
      "tables with code or a pipe in a cell, by rows",
      `<table><tbody><tr><th>S</th><th>Do</th></tr><tr><td>slow</td><td><p>run</p>${code("ls | wc")}</td></tr></tbody></table>`,
      "- **S:** slow\n\n  **Do:** run\n\n  ```\n  ls | wc\n  ```",
    ],
    [
      "boxes",
      macro("warning", `${parameter("title", "Careful")}${rich("<p>No.</p><p>Never.</p>")}`),
      "**Warning: Careful** No.\n\nNever.",
    ],
    ["boxes of code", macro("info", rich(code("ls"))), "**Info:**\n\n```\nls\n```"],
    [
      "panels and what is folded in",
      macro("expand", `${parameter("title", "More")}${rich(macro("panel", rich("<p>x</p>")))}`),
      "**More**\n\nx",
    ],
    [
      "boxes of the new editor",
      '<ac:adf-extension><ac:adf-node type="panel"><ac:adf-attribute key="panel-type">note</ac:adf-attribute><ac:adf-content><p>x</p></ac:adf-content></ac:adf-node><ac:adf-fallback><p>x</p></ac:adf-fallback></ac:adf-extension>',
      "x",
    ],
    ["a macro that nobody knows, with its body", macro("weird", rich("<p>kept</p>")), "[macro weird]\n\nkept"],
    [
      "a macro that nobody knows, without one",
      `<p>See ${macro("gliffy", parameter("name", "the  net"))}.</p>`,
      "See [macro gliffy: name=the net].",
    ],
    [
      "what is included from elsewhere, as not here",
      macro(
        "include",
        '<ac:parameter ac:name=""><ac:link><ri:page ri:content-title="Shared steps" /></ac:link></ac:parameter>',
      ),
      '[what the page "Shared steps" says is included here]',
    ],
    [
      "a status and an issue",
      `<p>${macro("status", parameter("title", "OUTAGE"))} ${macro("jira", `${parameter("server", "J")}${parameter("key", "OPS-1")}`)}</p>`,
      "OUTAGE OPS-1",
    ],
    ["a table of contents as nothing", `${macro("toc", parameter("maxLevel", "2"))}<p>x</p>`, "x"],
    [
      "layouts",
      '<ac:layout><ac:layout-section ac:type="two_equal"><ac:layout-cell><p>a</p></ac:layout-cell><ac:layout-cell><h2>b</h2></ac:layout-cell></ac:layout-section></ac:layout>',
      "a\n\n## b",
    ],
    ["quotes", "<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"],
    [
      "links of the web",
      '<p><a href="https://a.test/b?c=1&amp;d=(e)">f</a> <a href="https://a.test/">https://a.test/</a> <a href="/wiki/x">g</a> <a href="javascript:alert(1)">h</a></p>',
      "[f](https://a.test/b?c=1&d=%28e%29) <https://a.test/> [g](https://x.test/wiki/x) h",
    ],
    [
      "links to pages, of this space and others, and to places on them",
      '<p><ac:link><ri:page ri:content-title="A &amp; b" /></ac:link> <ac:link ac:anchor="top"><ri:page ri:content-title="C" ri:space-key="DB" /><ac:plain-text-link-body><![CDATA[d <e>]]></ac:plain-text-link-body></ac:link> <ac:link ac:anchor="here"><ac:link-body>f</ac:link-body></ac:link></p>',
      "[A & b](https://x.test/wiki/display/OPS/A+%26+b) [d <e>](https://x.test/wiki/display/DB/C#top) [f](#here)",
    ],
    [
      "attachments, people and pictures, by name",
      '<p><ac:link><ri:attachment ri:filename="dump.sql" /></ac:link> <ac:link><ri:user ri:account-id="557058:1" /></ac:link> <ac:image ac:alt="net"><ri:attachment ri:filename="net (1).png" /></ac:image></p>',
      "attachment dump.sql @557058:1 ![net](net%20%281%29.png)",
    ],
    [
      "emoticons and dates",
      '<p><ac:emoticon ac:name="tick" /> <ac:emoticon ac:name="blue-star" ac:emoji-fallback="⭐" /> <time datetime="2026-01-02" /></p>',
      "✅ ⭐ 2026-01-02",
    ],
    [
      "comments beside the text as its text",
      '<p>a <ac:inline-comment-marker ac:ref="1">b</ac:inline-comment-marker></p>',
      "a b",
    ],
    ["blocks within marks", "<strong><p>a</p></strong><span><p>b</p></span>", "a\n\nb"],
    [
      "strikes by any tag and by style, once however they nest",
      '<p><strike>a</strike>, <span style="color: red; TEXT-DECORATION: underline Line-Through;">b <s>c</s> <strong>d</strong></span>, <em style="text-decoration-line:line-through">e</em>, <u style="text-decoration: underline">f</u></p>',
      "~~a~~, ~~b c **d**~~, ~~*e*~~, f",
    ],
    ["strikes side by side as one", "<p><s>Run </s><del><code>x</code></del></p>", "~~Run `x`~~"],
    [
      "strikes around paragraphs, lists and cells, at each of their lines",
      '<del><p>a</p><ul><li>b</li></ul></del><ul><li style="text-decoration: line-through">c</li><li>d</li></ul><table><tbody><tr style="text-decoration:line-through"><td>e</td><td>f</td></tr></tbody></table>',
      "~~a~~\n\n- ~~b~~\n\n- ~~c~~\n- d\n\n|  |  |\n|---|---|\n| ~~e~~ | ~~f~~ |",
    ],
    ["struck code, said before it", `<del>${code("drop")}</del>`, "[struck out:]\n\n```\ndrop\n```"],
    ["strikes within code", "<p><code>a <s>b</s></code></p><pre>c <s>d</s></pre>", "`a ~~b~~`\n\n```\nc ~~d~~\n```"],
    ["a strike over an empty line", "<p><s>a<br /><br />b</s></p>", "~~a~~\n\n~~b~~"],
    [
      "powers and indices, also in code and by style",
      '<p>10<sup>6</sup>, 10<span style="vertical-align: super;">-3</span>, log<sub>2</sub>, note<sup>[1]</sup>, the 1<sup>st</sup>, <code>10<sup>9</sup></code></p>',
      "10<sup>6</sup>, 10<sup>-3</sup>, log<sub>2</sub>, note<sup>[1]</sup>, the 1st, `10^9`",
    ],
    [
      "no placeholder, which readers never see",
      '<h2><ac:placeholder>Title</ac:placeholder></h2><p>a <s>b<ac:placeholder ac:type="mention">who</ac:placeholder></s></p><p><ac:placeholder>Delete the namespace</ac:placeholder></p>',
      "a ~~b~~",
    ],
    [
      "headers of several rows",
      '<table><thead><tr><th rowspan="2">Region</th><th colspan="2">Do</th></tr><tr><th>Blue</th><th>Green</th></tr></thead><tbody><tr><td>a</td><td>b</td><td rowspan="2">c</td></tr><tr><td>d</td><td>e</td></tr></tbody></table>',
      "| Region | Do / Blue | Do / Green |\n|---|---|---|\n| a | b | c |\n| d | e | c |",
    ],
    [
      "cells that span, by rows, each command with its region and colour",
      '<table><tbody><tr><th rowspan="2">Region</th><th colspan="2">Command</th></tr><tr><th>Blue</th><th>Green</th></tr><tr><td rowspan="2">EU</td><td><code>a | b</code></td><td>c</td></tr><tr><td colspan="2">d</td></tr></tbody></table>',
      "- **Region:** EU\n\n  **Command / Blue:**\n\n  `a | b`\n\n  **Command / Green:** c\n\n- **Region:** EU\n\n  **Command / Blue, Command / Green:** d",
    ],
    [
      "steps that span rows, once",
      `<table><tbody><tr><th>S</th><th>Do</th></tr><tr><td>a</td><td rowspan="2">${code("ls")}</td></tr><tr><td>b</td></tr></tbody></table>`,
      "- **S:** a\n\n  **Do:**\n\n  ```\n  ls\n  ```\n\n- **S:** b\n\n  **Do:** (as above)",
    ],
  ])("%s", async (_, xml, expected) => {
    expect(await markdown(xml)).toBe(expected);
  });

  it("in which no sentence becomes a heading, a fence or a hiding place", async () => {
    const text = await markdown(
      "<h2>Real</h2><p># no heading</p><p>``` no fence</p><p>a<br/>---<br/>===</p><p>&lt;!-- no comment</p><p>&lt;script&gt; no script</p><h2>Last</h2>",
    );
    const { root } = await parsePage(text, "P");
    expect(root.children.map(({ title }) => title)).toEqual(["Real", "Last"]);
  });

  it.each([
    ["a tag that is not closed", "<p>a"],
    ["tags that cross", "<p><b>a</p></b>"],
    ["an entity that nobody knows", "<p>&nosuch;</p>"],
    ["a bare ampersand", "<p>a & b</p>"],
    ["hundreds of elements in one another", `${"<div>".repeat(250)}${"</div>".repeat(250)}`],
    ["entities of its own, however they grow", '<!DOCTYPE a [<!ENTITY b "bb">]><p>&b;</p>'],
  ])("unless it has %s", async (_, xml) => {
    await expect(markdown(xml)).rejects.toThrow(StorageProblem);
  });

  it.each([
    [
      "a long column's name for each of many rows",
      `<table><tbody><tr><th>${"n".repeat(20_000)}</th></tr>${"<tr><td><ul><li>x</li></ul></td></tr>".repeat(2_000)}</tbody></table>`,
    ],
    [
      "one wide row above many narrow ones",
      `<table><tbody><tr>${"<td>x</td>".repeat(5_000)}</tr>${"<tr><td>x</td></tr>".repeat(5_000)}</tbody></table>`,
    ],
    [
      "many lines within many quotes",
      `${"<blockquote>".repeat(20)}${"<p>a</p>".repeat(20_000)}${"</blockquote>".repeat(20)}`,
    ],
    ["quotes in quotes, dozens of times", `${"<blockquote>".repeat(21)}x${"</blockquote>".repeat(21)}`],
    ["lists in lists, dozens of times", `${"<ul><li>".repeat(21)}x${"</li></ul>".repeat(21)}`],
  ])("unless it would grow by %s", async (_, xml) => {
    await expect(markdown(xml)).rejects.toThrow(StorageProblem);
  });

  it("with white space however long", async () => {
    const spaces = "\u2003".repeat(100_000);
    expect(await markdown(`<p>a<b>&nbsp;b <code>x${spaces}y</code></b>c</p>`)).toBe(`a **b \`x${spaces}y\`**c`);
    expect(await markdown(`<p>a<b>&nbsp;<i> </i> </b>c</p>`)).toBe("a c");
  });

  it("in a time that grows as the page does", async () => {
    const row = `<tr><td colspan="9999" rowspan="9999">${"a `b` **c** ".repeat(20)}</td><td>x</td></tr>`;
    const deep = `${"<ul><li>".repeat(20)}x${"</li></ul>".repeat(20)}`;
    await markdown(
      `<table><tbody>${row.repeat(1_500)}</tbody></table>${deep.repeat(50)}${"<p>a  b</p>".repeat(20_000)}`,
    );
  });
});
