import { type Catalog, nearest } from "@oncall-copilot/core";
import type { ParsedPage } from "../pages/outline.ts";
import type { Library, Page } from "../store.ts";
import { namesIn } from "./names.ts";

export interface DecayLimits {
  /** Days without an update after which a page counts as old. */
  readonly days: number;
  /** Deployments of its service since its update after which a page counts as old. */
  readonly deployments: number;
}

export interface DecayFacts {
  readonly catalog: Catalog;
  readonly library: Pick<Library, "deployments" | "goneTarget">;
  /** Epoch milliseconds. */
  readonly now: number;
}

const DAY_MS = 86_400_000;

/** Whole days since the page's last update, or null when the backend does not say. */
export const ageDays = (page: Page, now: number): number | null =>
  page.updatedAt === null ? null : Math.max(0, Math.floor((now - page.updatedAt) / DAY_MS));

/** What speaks against trusting the page, each sign a sentence with its fact; the gravest first. */
export function decaySigns(
  page: Page,
  parsed: ParsedPage,
  service: string,
  facts: DecayFacts,
  limits: DecayLimits,
): string[] {
  return [
    ...goneNames(page, parsed, facts.catalog),
    ...goneLabels(page, facts.catalog),
    ...goneLinks(page, parsed, facts.library),
    ...outpaced(page, service, facts, limits),
    ...old(page, facts.now, limits),
  ];
}

/** A workload is often named for its service with a word on top. */
const SUFFIX = /-(?:deployment|service|svc|server|api|app|headless|canary|primary|stable|preview|v\d+)$/;

const known = (catalog: Catalog, name: string) =>
  catalog.find(name) !== undefined || catalog.find(name.replace(SUFFIX, "")) !== undefined;

function goneNames(page: Page, parsed: ParsedPage, catalog: Catalog): string[] {
  return namesIn(parsed)
    .filter(({ name }) => !known(catalog, name) && !page.labels.includes(`service:${name}`))
    .map(({ name, as }) => `names the ${as} "${name}", which is not in the catalog${nearestTo(catalog, name)}`);
}

/** Labels are free words; only one that says it is a service's is held against the catalog. */
const SERVICE_LABEL = /^(?:service|component|app)[:=/](.+)$/i;

function goneLabels(page: Page, catalog: Catalog): string[] {
  const named = page.labels.flatMap((label) => SERVICE_LABEL.exec(label)?.[1] ?? []);
  return named
    .filter((name) => !known(catalog, name))
    .map((name) => `is labelled for the service "${name}", which is not in the catalog${nearestTo(catalog, name)}`);
}

function nearestTo(catalog: Catalog, name: string): string {
  const [near] = nearest(name, catalog.names, 1);
  return near === undefined ? "" : ` (the nearest there: ${near})`;
}

function goneLinks(page: Page, parsed: ParsedPage, library: DecayFacts["library"]): string[] {
  const gone = new Set(parsed.links.flatMap((link) => library.goneTarget(page, link) ?? []));
  return [...gone].map((target) => `links to the page "${target}", which is gone`);
}

/** Deployments of the services that the page is labelled with, or of the one asked about when it is labelled with none. */
function outpaced(
  page: Page,
  service: string,
  { library: { deployments }, catalog, now }: DecayFacts,
  limits: DecayLimits,
): string[] {
  const { updatedAt } = page;
  if (deployments === undefined || updatedAt === null) return [];
  const labelled = page.labels.flatMap((label) => catalog.find(label.replace(SERVICE_LABEL, "$1"))?.name ?? []);
  const services = labelled.length > 0 ? [...new Set(labelled)] : [service];
  return services.flatMap((name) => {
    const since = deployments.filter(
      (deployment) => deployment.service === name && deployment.at > updatedAt && deployment.at <= now,
    );
    return since.length < limits.deployments
      ? []
      : [`older than the last ${limits.deployments} deployments of ${name} (${since.length} since its update)`];
  });
}

function old(page: Page, now: number, limits: DecayLimits): string[] {
  const days = ageDays(page, now);
  if (days === null) return ["does not say when it was last updated"];
  return days > limits.days ? [`last updated ${days} days ago, more than ${limits.days}`] : [];
}
