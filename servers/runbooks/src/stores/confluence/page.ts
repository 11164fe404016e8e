import { briefly } from "@oncall-copilot/core";
import type { AnchorStyle } from "../../pages/anchors.ts";
import type { Read } from "../assemble.ts";
import type { Content } from "./api.ts";
import { markdownOf } from "./storage/markdown.ts";
import { StorageProblem } from "./storage/tree.ts";

/** A page whose storage format is longer than this is no runbook page; it is left out and said so. */
const MAX_CHARACTERS = 200_000;

export interface Site {
  /** What people's addresses begin with. */
  readonly webBase: string;
  readonly anchors: AnchorStyle;
}

/** A page out of Confluence's answer, or why it is none. */
export async function readPage(content: Content, { webBase, anchors }: Site): Promise<Read> {
  const { id, title, space, version } = content;
  const storage = content.body?.storage.value ?? "";
  const leftOut = (why: string): Read => ({ gap: `runbook page ${id} ("${briefly(title, 80)}") was left out: ${why}` });
  if (storage.length > MAX_CHARACTERS) {
    return leftOut(`${storage.length} characters, more than ${MAX_CHARACTERS}`);
  }
  const updatedAt = Date.parse(version.when);
  try {
    const text = await markdownOf(storage, { base: webBase, space: space.key });
    if (text.length > MAX_CHARACTERS) {
      return leftOut(`${text.length} characters of Markdown, more than ${MAX_CHARACTERS}`);
    }
    return {
      page: {
        id,
        title,
        labels: content.metadata?.labels?.results.map(({ name }) => name) ?? [],
        version: String(version.number),
        updatedAt: Number.isNaN(updatedAt) ? null : updatedAt,
        editor: version.by?.displayName ?? version.by?.publicName ?? null,
        text,
        url: `${webBase}${content._links?.webui ?? `/pages/viewpage.action?pageId=${encodeURIComponent(id)}`}`,
        anchors,
      },
    };
  } catch (error) {
    if (error instanceof StorageProblem) return leftOut(error.message);
    throw error;
  }
}
