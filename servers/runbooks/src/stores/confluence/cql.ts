import { partsOf, wordsOf } from "../../ranking/words.ts";

/**
 * A value in a CQL query, quoted. Nothing that a caller wrote gets into a query in another way.
 * https://developer.atlassian.com/server/confluence/advanced-searching-using-cql/
 */
export const quoted = (value: string): string => `"${value.replace(/[\\"]/g, "\\$&").replace(/\s+/g, " ")}"`;

const list = (values: readonly string[]): string => `(${values.map(quoted).join(", ")})`;

/** What is asked of a query beside its spaces: without them there is no query. */
export const within = (spaces: readonly string[], condition?: string, order?: string): string =>
  [
    `type = page and space in ${list(spaces)}`,
    ...(condition === undefined ? [] : [` and (${condition})`]),
    ...(order === undefined ? [] : [` order by ${order}`]),
  ].join("");

export const withLabel = (labels: readonly string[]): string =>
  `label in ${list([...new Set(labels.map((label) => label.toLowerCase()))])}`;

export const withId = (ids: readonly string[]): string => `id in (${ids.filter((id) => /^\d+$/.test(id)).join(", ")})`;

/** Most words of a question that are asked for. */
const MAX_WORDS = 16;

/**
 * The words of a text as CQL's `~` takes them: letters and digits alone, since all else has a meaning there. Undefined when there
 * is none that tells pages apart.
 */
function searchable(text: string): string[] {
  const words = partsOf(text).filter((part) => part.length > 1 && wordsOf(part).length > 0);
  return [...new Set(words.map((word) => word.toLowerCase()))].slice(0, MAX_WORDS);
}

/** Pages that have any of the words; Confluence puts first those that have more of them. Undefined for no words. */
export function withAnyWord(field: "title" | "text", text: string): string | undefined {
  const words = searchable(text);
  return words.length === 0 ? undefined : words.map((word) => `${field} ~ ${quoted(word)}`).join(" or ");
}

/** Pages that have an identifier as it is written, in their title or text. */
export function withName(name: string): string | undefined {
  const tokens = name.split(/[^\p{L}\p{N}]+/u).filter((token) => token !== "");
  if (tokens.length === 0) return undefined;
  const phrase = quoted(tokens.length === 1 ? tokens.join("") : `"${tokens.join(" ")}"`);
  return `title ~ ${phrase} or text ~ ${phrase}`;
}

/** The page of that number, and pages of that title or much like it. */
export function withTitleLike(asked: string): string {
  const like = withAnyWord("title", asked);
  const id = /^\d{1,20}$/.test(asked.trim()) ? [withId([asked.trim()])] : [];
  return [...id, `title = ${quoted(asked.trim())}`, ...(like === undefined ? [] : [like])].join(" or ");
}
