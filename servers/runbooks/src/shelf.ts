import { briefly, type Catalog } from "@oncall-copilot/core";
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
    const parse = async () => parsePage(page.text, page.title, page.anchors);
    return keptIn(parses, page, parse);
  };
  const build = async (library: Library): Promise<Shelf> => {
    const pages = new Map<string, { page: Page; parsed: ParsedPage }>();
    const gaps: string[] = [];
    for (const page of library.pages) {
      try {
        pages.set(page.id, { page, parsed: await parsed(page) });
      } catch (error) {
        // One page that the parser cannot take must not hide all the others.
        const why = error instanceof Error ? error.message : String(error);
        gaps.push(`runbook page ${page.id} was left out: it cannot be parsed (${briefly(why, 120)})`);
      }
    }
    const rankable = [...pages.values()].map(({ page, parsed }) => ({
      id: page.id,
      title: page.title,
      labels: [...page.labels, ...servicesOf(page, catalog)],
      parsed,
    }));
    const said = gaps.length === 0 ? library : { ...library, gaps: [...library.gaps, ...gaps] };
    return { library: said, pages, index: new PageIndex(rankable) };
  };
  return async (sought, signal) => {
    const library = await store.find(sought, signal);
    return keptIn(built, library, () => build(library));
  };
}

/** What is kept for a key, or made for it now. What failed is not kept: it would fail for as long as this process runs. */
function keptIn<K extends object, V>(kept: WeakMap<K, Promise<V>>, key: K, make: () => Promise<V>): Promise<V> {
  const found = kept.get(key);
  if (found) return found;
  const made = make().catch((error: unknown) => {
    kept.delete(key);
    throw error;
  });
  kept.set(key, made);
  return made;
}

/** The catalog's own names for labels that name a service in another way: `service:Payments`, an Argo CD name. */
function servicesOf(page: Page, catalog: Catalog): string[] {
  return page.labels.flatMap(
    (label) => catalog.find(label.replace(/^(?:service|component|app)[:=/]/i, ""))?.name ?? [],
  );
}
