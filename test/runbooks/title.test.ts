import { describe, expect, it } from "vitest";
import { readMarkdown } from "../../servers/runbooks/src/stores/markdown/page.ts";

const title = async (text: string) => (await readMarkdown("a/b.md", text, "https://x.test")).page?.title;

describe("a Markdown page without a title in front matter", () => {
  it.each([
    ["its level-one heading, without markup", "Intro.\n\n# Use `kubectl` *now* #\n", "Use kubectl now"],
    ["an underlined heading", "Cart service\n====\n\n```sh\n# restart\n```\n", "Cart service"],
    ["the one heading that it stands under", "## Stock\n\n```sh\n# drop the table\n```\n\n### More\n", "Stock"],
    ["that in its underlined form", "Stock\n---\n\n    # indented code\n", "Stock"],
    ["what is behind a comment", "<!--\n# Draft\n-->\n\n## Stock\n", "Stock"],
    ["its path, when it has several headings", "## Symptoms\n\n## Steps\n", "a/b.md"],
    ["its path, when its heading comes after text", "Text.\n\n## Notes\n\n~~~\n# code\n~~~\n", "a/b.md"],
    ["its path, when a heading is only in a quote or a list", "> # Quoted\n\n- # item\n", "a/b.md"],
  ])("is called by %s", async (_, text, expected) => {
    expect(await title(text)).toBe(expected);
  });
});
