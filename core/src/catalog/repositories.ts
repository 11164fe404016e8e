import type { CatalogEntry } from "./contents.ts";

/** Annotation: the GitOps repository that holds an entity's manifests, where that is not the one of its code. */
export const DEPLOY_REPOSITORY = "oncall/deploy-repository";

const PROJECT_SLUG = "github.com/project-slug";
/** OWNER/NAME, neither of them `.` or `..`: it becomes part of a path. */
const SLUG = /^(?!\.{1,2}\/)[\w.-]+\/(?!\.{1,2}$)[\w.-]+$/;

const slugIn = (entry: CatalogEntry, annotation: string): string | undefined => {
  const slug = entry.annotations[annotation]?.trim();
  return slug !== undefined && SLUG.test(slug) ? slug : undefined;
};

/** The repository of an entity's code as OWNER/NAME, when the catalog names one. */
export const codeRepository = (entry: CatalogEntry): string | undefined => slugIn(entry, PROJECT_SLUG);

/** The repository of an entity's manifests as OWNER/NAME, when that is another one than its code's. */
export function deployRepository(entry: CatalogEntry): string | undefined {
  const slug = slugIn(entry, DEPLOY_REPOSITORY);
  return slug === codeRepository(entry) ? undefined : slug;
}

/** Both of them, as far as they are named. */
export const repositoriesNamed = (entry: CatalogEntry): readonly string[] =>
  [codeRepository(entry), deployRepository(entry)].filter((slug) => slug !== undefined);
