import type { Catalog } from "@oncall-copilot/core";
import { type ParsedPage, parsePage } from "./pages/outline.ts";
import { PageIndex } from "./ranking/page-index.ts";
import type { Library, Page, RunbookStore, Sought } from "./store.ts";

/** A library with its pages parsed and indexed. */
export interface Shelf {
  readonly library: Library;
  readonly pages: ReadonlyMap<string, { readonly page: Page; readonly parsed: ParsedPage }>;
  readonly index: PageIndex;
}

/** Parses and indexes what the store gives: each page once, and the index for as long as the store gives the same library. */
export function shelves(
  store: RunbookStore,
  catalog: Catalog,
): (sought: Sought, signal: AbortSignal) => Promise<Shelf> {
  const built = new WeakMap<Library, Promise<Shelf>>();
  const parses = new WeakMap<Page, Promise<ParsedPage>>();
  const parsed = (page: Page): Promise<ParsedPage> => {
    const found = parses.get(page) ?? parsePage(page.text, page.title, page.anchors);
    parses.set(page, found);
    return found;
  };
  const build = async (library: Library): Promise<Shelf> => {
    const pages = new Map<string, { page: Page; parsed: ParsedPage }>();
    for (const page of library.pages) pages.set(page.id, { page, parsed: await parsed(page) });
    const rankable = [...pages.values()].map(({ page, parsed }) => ({
      id: page.id,
      title: page.title,
      labels: [...page.labels, ...servicesOf(page, catalog)],
      parsed,
    }));
    return { library, pages, index: await PageIndex.build(rankable) };
  };
  return async (sought, signal) => {
    const library = await store.find(sought, signal);
    const shelf = built.get(library) ?? build(library);
    built.set(library, shelf);
    return shelf;
  };
}

/** The catalog's own names for labels that name a service in another way: `service:Payments`, an Argo CD name. */
function servicesOf(page: Page, catalog: Catalog): string[] {
  return page.labels.flatMap(
    (label) => catalog.find(label.replace(/^(?:service|component|app)[:=/]/i, ""))?.name ?? [],
  );
}
