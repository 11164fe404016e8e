import { posix } from "node:path";
import { splitFrontMatter } from "../../pages/front-matter.ts";
import { titleOf } from "../../pages/title.ts";
import type { Library, Page } from "../../store.ts";
import type { Read } from "../assemble.ts";

/**
 * A page larger than this is no runbook page; it is left out and said so. Parsing takes longer than a page grows, and nobody else is
 * answered meanwhile.
 */
export const MAX_BYTES = 200_000;
export const MAX_PAGES = 20_000;

export const isMarkdown = (path: string): boolean => /\.(?:md|markdown)$/i.test(path);

/** What a backend knows of a page beside its text; what it does not know is taken from the front matter. */
export type Known = Partial<Pick<Page, "version" | "updatedAt" | "editor">>;

/** A page from its Markdown source with front matter. `base` is where people see the folder that `id` is a path in. */
export async function readMarkdown(id: string, source: string, base: string, known: Known = {}): Promise<Read> {
  const { matter, body, problem } = await splitFrontMatter(source);
  const page: Page = {
    id,
    title: matter.title ?? (await titleOf(body)) ?? id,
    labels: matter.labels,
    version: known.version ?? matter.version,
    updatedAt: known.updatedAt ?? matter.updated,
    editor: known.editor ?? matter.editor,
    text: body,
    url: `${base}/${encodeURI(id).replaceAll("#", "%23").replaceAll("?", "%3F")}`,
    anchors: "github",
  };
  if (problem === undefined) return { page };
  return { page, gap: `the front matter of runbook page ${id} cannot be read (${problem})` };
}

export const tooLarge = (id: string, bytes: number): Read => ({
  gap: `runbook page ${id} was left out: ${bytes} bytes, more than ${MAX_BYTES}`,
});

/** Links to other pages of the same folder, by path; a leading slash is the folder's top. */
export function goneFrom(ids: ReadonlySet<string>): Library["goneTarget"] {
  return (page, link) => {
    if (URL.canParse(link) || link.startsWith("#") || link.startsWith("//")) return undefined;
    const path = decoded(link.replace(/[?#].*$/s, ""));
    if (!isMarkdown(path)) return undefined;
    const target = path.startsWith("/") ? path.slice(1) : posix.join(posix.dirname(page.id), path);
    // A link that leads out of the folder cannot be followed from here, so nothing is known of it.
    return target.startsWith("../") || ids.has(target) ? undefined : target;
  };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
