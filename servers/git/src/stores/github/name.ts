import { type CatalogEntry, CouldNotLook } from "@oncall-copilot/core";
import { sourceRepository } from "../../paths/service-paths.ts";
import type { GitHubAddress } from "./address.ts";

/** A repository of GitHub. */
export interface RepoName {
  readonly owner: string;
  readonly repo: string;
}

export const fullName = ({ owner, repo }: RepoName): string => `${owner}/${repo}`;

/** What GitHub takes for names, less `.` and `..`. */
const SLUG = /^([\w-]+)\/((?!\.{1,2}$)[\w.-]+)$/;

export function readSlug(text: string): RepoName | undefined {
  const [, owner, repo] = SLUG.exec(text.trim().replace(/\.git$/, "")) ?? [];
  return owner === undefined || repo === undefined ? undefined : { owner, repo };
}

/** The upstream that the catalog names for a service: by `github.com/project-slug`, else by its source-location. */
export function upstreamOf(entry: CatalogEntry, branch: string, { host, web }: GitHubAddress): RepoName {
  const slug = entry.annotations["github.com/project-slug"];
  const place = sourceRepository(entry, branch);
  const annotate = `annotate it with github.com/project-slug: OWNER/NAME in ONCALL_CATALOG`;
  if (slug !== undefined) {
    const name = readSlug(slug);
    if (name) return name;
    throw new CouldNotLook("not_configured", `${entry.name} has a github.com/project-slug that is none; ${annotate}`);
  }
  if (place === undefined) {
    throw new CouldNotLook("not_configured", `the catalog names no repository for ${entry.name}; ${annotate}`);
  }
  const url = new URL(place);
  const name = url.host === host ? readSlug(url.pathname.slice(1)) : undefined;
  if (name) return name;
  throw new CouldNotLook("not_configured", `${entry.name} lives in ${place}, which is no repository of ${web}`);
}
