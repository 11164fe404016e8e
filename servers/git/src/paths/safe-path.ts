// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\ufffd]/;
/** Characters that show as nothing, and some that file systems drop, so that a name could pass for another. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/;

/** What is wrong with a path inside a repository, or undefined when it is plain. */
export function pathProblem(path: string): string | undefined {
  if (path === "") return "it is empty";
  if (path.length > 1_000) return "it is longer than 1000 characters";
  if (UNPRINTABLE.test(path) || INVISIBLE.test(path))
    return "it holds control or invisible characters, or is not UTF-8";
  if (path.includes("\\")) return "it holds a backslash";
  if (path.startsWith("/") || /^[a-z]:/i.test(path)) return "it is absolute";
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..")) return "it holds an empty, . or .. part";
  if (parts.some((part) => /[. ]$/.test(part))) return "one of its parts ends in a dot or blank";
  return undefined;
}
