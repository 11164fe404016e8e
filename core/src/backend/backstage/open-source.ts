import type { Catalog } from "../../catalog/catalog.ts";
import { openCatalog } from "../../catalog/load.ts";
import type { Secret } from "../../secret.ts";

export interface CatalogSource {
  /** A file, or the address of a Backstage. */
  readonly ONCALL_CATALOG: string;
  readonly ONCALL_CATALOG_TOKEN?: Secret | undefined;
  readonly ONCALL_CATALOG_CA?: string | undefined;
}

export const isAddress = (source: string): boolean => /^https?:\/\//i.test(source);

/** One reading for all that work in one process: servers that are loaded into the host ask what the host asks. */
const opened = new Map<string, Promise<Catalog>>();

/**
 * Opens the catalog where it lies. A file is parsed on first use or by `check`; a Backstage is read now.
 *
 * @throws ConfigError that names the variable and what would be right
 */
export async function openCatalogSource(source: CatalogSource): Promise<Catalog> {
  const { ONCALL_CATALOG: place, ONCALL_CATALOG_TOKEN: token, ONCALL_CATALOG_CA: ca } = source;
  if (!isAddress(place)) return openCatalog(place);
  const known = opened.get(place);
  if (known) return known;
  // What reaches a network is loaded where it is needed.
  const opening = import("./live-catalog.ts").then(({ openLiveCatalog }) => openLiveCatalog({ url: place, token, ca }));
  opened.set(place, opening);
  // One that failed is tried anew by whoever asks next.
  opening.catch(() => opened.delete(place));
  return opening;
}
