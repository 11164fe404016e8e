import type { CatalogEntry } from "@oncall-copilot/core";
import { servicePaths, sourceRepository } from "../../paths/service-paths.ts";
import type { Source } from "./shapes.ts";

/**
 * A repository's address without what differs between the ways to reach it: scheme, user, port and `.git`. Undefined for what is
 * no address of a host. `git@github.com:Org/Repo.git` and `https://github.com/org/repo` are one.
 */
export function placeOf(address: string): string | undefined {
  const text = address.trim();
  const scp = /^(?:[^@/\s]+@)?([\w.-]+):(?!\/\/)(.+)$/.exec(text);
  const url = /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/\s]*@)?([\w.-]+)(?::\d+)?\/(.+)$/i.exec(text);
  const [, host, path] = url ?? scp ?? [];
  if (host === undefined || path === undefined) return undefined;
  return `${host}/${path.replace(/^\/+|\/+$/g, "").replace(/\.git$/, "")}`.toLowerCase();
}

/** The service's own repository as the catalog names it; undefined when it does not. */
export function homeOf(entry: CatalogEntry, branch: string): string | undefined {
  const address = sourceRepository(entry, branch) ?? servicePaths(entry, branch).webUrl;
  return address === undefined ? undefined : placeOf(address);
}

/** Whether a source is the service's own repository. Without a word of the catalog any git repository may be. */
export function isHome(source: Source, home: string | undefined): boolean {
  if (source.chart !== "") return false;
  return home === undefined || placeOf(source.repoURL) === home;
}

/** `chart redis of https://charts.example`; credentials that somebody put into the address are left out. */
export function describeSource({ chart, repoURL }: Source): string {
  const place = repoURL.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^@/]*@/i, "$1");
  return chart === "" ? place : `chart ${chart} of ${place}`;
}
