import { type CatalogEntry, deployRepository } from "@oncall-copilot/core";
import type { Repository } from "../store.ts";
import { matchesGlob } from "./glob.ts";

/** Which files of a repository are a service's own, and where a person can look at them. */
export interface ServicePaths {
  readonly globs: readonly string[];
  /** The annotation they come from, or `convention`. */
  readonly source: "oncall/paths" | "oncall/deploy-paths" | "backstage.io/source-location" | "convention";
  /** `https://github.com/ORG/REPO`, when the catalog says so. */
  readonly webUrl: string | undefined;
}

const SOURCE_LOCATION = "backstage.io/source-location";
const OWN_PATHS = "oncall/paths";
const DEPLOY_PATHS = "oncall/deploy-paths";
export const SHARED_PATHS = "oncall/shared-paths";
const SLUG = /^[\w.-]+(?:\/[\w.-]+)+$/;

/**
 * A service's own files: the `oncall/paths` annotation when there is one (comma-separated globs), else the folder of
 * Backstage's source-location, else `services/NAME/`; with the last two also the manifests `deploy/NAME.yaml`, `deploy/NAME/` and,
 * one folder down, `deploy/FOLDER/NAME.yaml`. Policies are never a service's own unless somebody has declared it.
 */
export function servicePaths(entry: CatalogEntry, branch: string): ServicePaths {
  const location = readLocation(entry.annotations[SOURCE_LOCATION], branch);
  const slug = entry.annotations["github.com/project-slug"];
  const webUrl = location?.webUrl ?? (slug && SLUG.test(slug) ? `https://github.com/${slug}` : undefined);
  const declared = globsOf(entry.annotations[OWN_PATHS]);
  if (declared.length > 0) return { globs: declared, source: OWN_PATHS, webUrl };
  const named = [`${entry.metadataName}.yaml`, `${entry.metadataName}.yml`];
  const manifests = [
    ...named.flatMap((file) => [`deploy/${file}`, `deploy/*/${file}`]),
    `deploy/${entry.metadataName}/**`,
  ];
  if (location) {
    const folder = location.folder === "" ? "**" : `${location.folder}/**`;
    return { globs: [folder, ...manifests], source: SOURCE_LOCATION, webUrl };
  }
  return { globs: [`services/${entry.metadataName}/**`, ...manifests], source: "convention", webUrl };
}

/** The same in one of its repositories: in its GitOps repository, what `oncall/deploy-paths` says, else `apps/NAME/`. */
export function pathsIn(entry: CatalogEntry, repository: Pick<Repository, "branch" | "fullName">): ServicePaths {
  if (repository.fullName === undefined || deployRepository(entry) !== repository.fullName)
    return servicePaths(entry, repository.branch);
  const declared = globsOf(entry.annotations[DEPLOY_PATHS]);
  const webUrl = `https://github.com/${repository.fullName}`;
  if (declared.length > 0) return { globs: declared, source: DEPLOY_PATHS, webUrl };
  return { globs: [`apps/${entry.metadataName}/**`], source: "convention", webUrl };
}

/** Globs of files that a service shares with others and that a fix for it may change. None unless somebody has declared them. */
export function sharedPaths(entry: CatalogEntry): readonly string[] {
  return globsOf(entry.annotations[SHARED_PATHS]);
}

/** Globs with commas between them; a folder stands for all that is in it. */
function globsOf(annotation = ""): readonly string[] {
  return annotation
    .split(",")
    .map((glob) => glob.trim().replace(/^\.?\//, ""))
    .filter((glob) => glob !== "")
    .map((glob) => (glob.endsWith("/") ? `${glob}**` : glob));
}

/** The repository that Backstage's source-location names, as a web address. */
export function sourceRepository(entry: CatalogEntry, branch: string): string | undefined {
  return readLocation(entry.annotations[SOURCE_LOCATION], branch)?.webUrl;
}

/** Whether a file is the service's own. */
export function owns({ globs }: Pick<ServicePaths, "globs">, path: string): boolean {
  return globs.some((glob) => matchesGlob(path, glob));
}

/** Reads `url:https://HOST/ORG/REPO/tree/BRANCH/FOLDER/`, with GitLab's `/-/` and files (`blob`) too. */
function readLocation(annotation: string | undefined, branch: string): { folder: string; webUrl: string } | undefined {
  if (!annotation?.startsWith("url:")) return undefined;
  let url: URL;
  try {
    url = new URL(annotation.slice("url:".length));
  } catch {
    return undefined;
  }
  const [repository = "", rest] = url.pathname.split(/\/(?:-\/)?(?:tree|blob)\/(.*)/s);
  const webUrl = `${url.origin}${repository.replace(/\/+$/, "").replace(/\.git$/, "")}`;
  if (rest === undefined) return { folder: "", webUrl };
  // A branch may hold slashes; the one that is configured is known whole.
  const inside = rest.startsWith(`${branch}/`) ? rest.slice(branch.length + 1) : rest.split("/").slice(1).join("/");
  const parts = decodeURIComponent(inside)
    .split("/")
    .filter((part) => part !== "" && part !== ".");
  if (url.pathname.includes("/blob/")) parts.pop();
  return parts.includes("..") ? undefined : { folder: parts.join("/"), webUrl };
}
