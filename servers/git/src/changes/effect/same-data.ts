import { isDeepStrictEqual } from "node:util";

/** Whether two versions of a file hold the same: to the letter, or but for the labels of what it describes. */
export type Sameness = "same" | "labels" | "other";

/**
 * Compares data files by what they hold. Undefined for a file that is none, or that does not parse: then its tokens are compared.
 * Labels and annotations of a Kubernetes object tell people and tools about it and change nothing that runs, unless a selector of the
 * same file chooses by them.
 */
export async function compareData(path: string, before: string, after: string): Promise<Sameness | undefined> {
  const [was, is] = [await parseData(path, before), await parseData(path, after)];
  if (was === undefined || is === undefined) return undefined;
  if (isDeepStrictEqual(was, is)) return "same";
  const selected = new Set([...selectors(was), ...selectors(is)]);
  return isDeepStrictEqual(withoutLabels(was, selected), withoutLabels(is, selected)) ? "labels" : "other";
}

async function parseData(path: string, text: string): Promise<unknown> {
  try {
    if (/\.json$/i.test(path)) return JSON.parse(text);
    if (!/\.ya?ml$/i.test(path)) return undefined;
    const { parseAllDocuments } = await import("yaml");
    const documents = parseAllDocuments(text);
    if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return undefined;
    return documents.map((document) => document.toJS({ maxAliasCount: 100 }));
  } catch {
    return undefined; // a template, or a part of a file
  }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value);

const TOLD: ReadonlySet<string> = new Set(["labels", "annotations"]);

function withoutLabels(value: unknown, selected: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutLabels(item, selected));
  if (!isMap(value)) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => {
    if (key !== "metadata" || !isMap(item)) return [key, withoutLabels(item, selected)];
    const kept = Object.entries(item).flatMap(([name, told]): [string, unknown][] => {
      if (!TOLD.has(name) || !isMap(told)) return [[name, told]];
      const chosen = Object.entries(told).filter(([label]) => selected.has(label));
      return chosen.length === 0 ? [] : [[name, Object.fromEntries(chosen)]];
    });
    return [key, Object.fromEntries(kept)];
  });
  return Object.fromEntries(entries);
}

const SELECTORS: ReadonlySet<string> = new Set(["selector", "matchLabels", "nodeSelector", "podSelector"]);

/** Names of labels that something in the file chooses by. */
function selectors(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(selectors);
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => [
    ...(SELECTORS.has(key) && isMap(item) ? Object.keys(item) : []),
    ...selectors(item),
  ]);
}
