import type { ChangedText } from "./changed-lines.ts";
import { type FileKind, kindOfFile } from "./kind-of-file.ts";
import { compareData } from "./same-data.ts";

/**
 * What kinds of things a commit changes: what runs (`code`, `configuration`, `build`), which build of it runs (`image`), and what does
 * not run (`tests`, `docs`, `comments`, `formatting`, `labels`).
 */
export const TOUCHES = [
  "code",
  "configuration",
  "build",
  "image",
  "tests",
  "docs",
  "comments",
  "formatting",
  "labels",
] as const;
export type Touches = (typeof TOUCHES)[number];

const INERT: ReadonlySet<Touches> = new Set(["tests", "docs", "comments", "formatting", "labels"]);

/** Whether nothing that runs can differ. A commit of which nothing is known is not inert. */
export const isInert = (touches: readonly Touches[]): boolean =>
  touches.length > 0 && touches.every((one) => INERT.has(one));

/**
 * What each file of a commit changes, each kind once. Comments and blanks are told by the tokens of the file's language, data by what
 * it holds; of a file that the diff does not show (binary, renamed, too large) its name alone tells.
 */
export async function effectOf(paths: readonly string[], texts: readonly ChangedText[]): Promise<Touches[]> {
  const shown = new Map(texts.map((text) => [text.path, text]));
  const kinds = await Promise.all(
    paths.map(async (path): Promise<Touches> => {
      const kind = kindOfFile(path);
      const text = shown.get(path);
      return text === undefined || kind === "tests" || kind === "docs" ? kind : effectOnFile(kind, text);
    }),
  );
  return TOUCHES.filter((one) => kinds.includes(one));
}

async function effectOnFile(kind: FileKind, { path, before, after }: ChangedText): Promise<Touches> {
  const data = await compareData(path, before, after);
  if (data === "same") return "comments";
  if (data === "labels" || data === "image") return data;
  if (data === "other") return kind;
  // The grammars are read when the first commit is told of, and not at every start of the server.
  const { languageOf, tokensOf } = await import("./grammars.ts");
  const language = languageOf(path);
  if (language === undefined) return kind;
  const [was, is] = [tokensOf(before, language), tokensOf(after, language)];
  const running = (tokens: typeof was) =>
    tokens
      .filter((token) => token.kind !== "comment")
      .map(({ text }) => text)
      .join("\u0000");
  const remarks = (tokens: typeof was) =>
    tokens
      .filter((token) => token.kind === "comment")
      .map(({ text }) => text)
      .join();
  if (running(was) !== running(is)) return kind;
  return remarks(was) === remarks(is) ? "formatting" : "comments";
}
