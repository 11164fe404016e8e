import type { Catalog } from "@oncall-copilot/core";
import { type ParsedPage, parsePage } from "./pages/outline.ts";
import { PageIndex } from "./ranking/page-index.ts";
import type { Library, Page, RunbookStore } from "./store.ts";

/** A library with its pages parsed and indexed. */
export interface Shelf {
  readonly library: Library;
  readonly pages: ReadonlyMap<string, { readonly page: Page; readonly parsed: ParsedPage }>;
  readonly index: PageIndex;
}

/** Parses and indexes what the store gives, once for as long as it gives the same library. */
export function shelves(store: RunbookStore, catalog: Catalog): (signal: AbortSignal) => Promise<Shelf> {
  const built = new WeakMap<Library, Promise<Shelf>>();
  return async (signal) => {
    const library = await store.library(signal);
    const shelf = built.get(library) ?? build(library, catalog);
    built.set(library, shelf);
    return shelf;
  };
}

async function build(library: Library, catalog: Catalog): Promise<Shelf> {
  const pages = new Map<string, { page: Page; parsed: ParsedPage }>();
  for (const page of library.pages) pages.set(page.id, { page, parsed: await parsePage(page.text, page.title) });
  const index = await PageIndex.build(
    [...pages.values()].map(({ page, parsed }) => ({
      id: page.id,
      title: page.title,
      labels: [...page.labels, ...servicesOf(page, catalog)],
      parsed,
    })),
  );
  return { library, pages, index };
}

/** The catalog's own names for labels that name a service in another way: `service:Payments`, an Argo CD name. */
function servicesOf(page: Page, catalog: Catalog): string[] {
  return page.labels.flatMap(
    (label) => catalog.find(label.replace(/^(?:service|component|app)[:=/]/i, ""))?.name ?? [],
  );
}
