import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { z } from "zod";
import { splitFrontMatter } from "../../../servers/runbooks/src/pages/front-matter.ts";
import { parsePage } from "../../../servers/runbooks/src/pages/outline.ts";
import type { RankablePage } from "../../../servers/runbooks/src/ranking/page-index.ts";

const Question = z.object({
  alertname: z.string(),
  service: z.string(),
  summary: z.string(),
  /** Stands in where there is no summary. */
  description: z.string().default(""),
  /** Pages that fit, below the folder of pages; none when there is no runbook for it. */
  expected: z.array(z.string()),
});
export type Question = z.infer<typeof Question>;

/** Folders that hold the pages that questions expect; what lies in other folders distracts. */
const PAGE_FOLDERS = ["pages", "runbooks"];

export async function readQuestions(dir: string): Promise<Question[]> {
  const lines = (await readFile(join(dir, "queries.ndjson"), "utf8")).split("\n").filter((line) => line !== "");
  return lines.map((line) => Question.parse(JSON.parse(line)));
}

/** Every Markdown page below `dir`, distractors too, by its path. */
export async function readPages(dir: string): Promise<RankablePage[]> {
  const files = (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const pages = await Promise.all(
    files.map(async (file) => {
      const id = relative(dir, file).split(sep).join("/");
      const { matter, body } = await splitFrontMatter(await readFile(file, "utf8"));
      const title = matter.title ?? /^#[ \t]+(.+?)[ \t#]*$/m.exec(body)?.[1] ?? id;
      return { id, title, labels: matter.labels, parsed: await parsePage(body, title) };
    }),
  );
  // What lies beside the folders of pages (a README) is no page.
  return pages.filter(({ id }) => id.includes("/"));
}

/** Whether a page lies in the folder that the questions speak of, and does not only distract. */
export const isOwn = (id: string): boolean => PAGE_FOLDERS.some((folder) => id.startsWith(`${folder}/`));

/** Whether a page is one of those that a question expects. */
export const isExpected = (id: string, { expected }: Question): boolean =>
  PAGE_FOLDERS.some((folder) => expected.some((page) => id === `${folder}/${page}`));

/** The half that an alert is in, by its name alone: an alert with two severities is in one. */
export const halfOf = (alertname: string): "a" | "b" =>
  ((createHash("sha256").update(alertname).digest()[0] ?? 0) & 1) === 0 ? "a" : "b";
