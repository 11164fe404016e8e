import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { RunbookFrontMatter } from "../lines.ts";
import { FileProblems, type RecordingProblem } from "./problems.ts";

/** Every page under `runbooks/`. */
export async function checkRunbooks(dir: string, recording: string): Promise<RecordingProblem[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const pages = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".md"));
  const found: RecordingProblem[] = [];
  for (const page of pages) {
    const path = join(page.parentPath, page.name);
    const problems = new FileProblems(relative(recording, path).split(sep).join("/"));
    await checkPage(await readFile(path, "utf8"), problems);
    found.push(...problems.list());
  }
  if (pages.length === 0) {
    const problems = new FileProblems("runbooks");
    problems.warning("holds no page; pages end in .md");
    found.push(...problems.list());
  }
  return found.sort((a, b) => a.file.localeCompare(b.file));
}

async function checkPage(text: string, problems: FileProblems): Promise<void> {
  const front = /^---\r?\n(?<yaml>[\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(text)?.groups?.yaml;
  if (front === undefined) {
    problems.error("has no front matter; it must begin with --- and lines for title, labels, version and updated", 1);
    return;
  }
  const { parseDocument } = await import("yaml");
  const document = parseDocument(front);
  const [error] = document.errors;
  if (error) {
    problems.error(`the front matter is not YAML (${firstLine(error.message)})`, 1 + (error.linePos?.[0].line ?? 1));
    return;
  }
  const value: unknown = document.toJS();
  const parsed = RunbookFrontMatter.safeParse(value);
  if (!parsed.success) problems.issues(parsed.error, value, 1);
}

const firstLine = (text: string): string => text.split("\n")[0] ?? "";
