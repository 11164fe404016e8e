import { isDeepStrictEqual } from "node:util";

/**
 * Whether two versions of a file hold the same: to the letter, or but for the labels of what it describes, or but for which build it
 * runs.
 */
export type Sameness = "same" | "labels" | "image" | "other";

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
  const [barely, barelyNow] = [withoutLabels(was, selected), withoutLabels(is, selected)];
  if (isDeepStrictEqual(barely, barelyNow)) return "labels";
  return isDeepStrictEqual(withoutBuild(barely), withoutBuild(barelyNow)) ? "image" : "other";
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

/** Which build runs, as Helm's values (`image.tag`), Kustomize (`images[].newTag`) and Argo CD (`source.targetRevision`) name it. */
const BUILD: ReadonlySet<string> = new Set(["tag", "newTag", "digest", "targetRevision"]);
/** `registry/team/pricing:1.4.2@sha256:...`: the name before what tells builds apart. */
const imageName = (image: string): string => image.replace(/@.*$/, "").replace(/:[^/]*$/, "");

/** Which build runs is left out, and what it is a build of is not. */
function withoutBuild(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBuild);
  if (!isMap(value)) return value;
  const entries = Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
    if (isMap(item) || Array.isArray(item)) return [[key, withoutBuild(item)]];
    if (BUILD.has(key)) return [];
    return [[key, key === "image" && typeof item === "string" ? imageName(item) : item]];
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
