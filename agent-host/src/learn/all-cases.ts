import type { Case } from "../cases/case.ts";
import type { CaseStore } from "../cases/case-store.ts";

const PAGE = 200;

/** Every case that is kept, newest first, a page at a time. */
export async function* allCases(store: Pick<CaseStore, "list">): AsyncGenerator<Case> {
  const seen = new Set<string>();
  for (let before: number | undefined; ; ) {
    const page = await store.list({ limit: PAGE, ...(before === undefined ? {} : { before }) });
    const fresh = page.filter(({ id }) => !seen.has(id));
    for (const one of fresh) {
      seen.add(one.id);
      yield one;
    }
    const last = page.at(-1)?.opened_at;
    if (page.length < PAGE || last === undefined) return;
    // Those that were opened in the same millisecond may stand on both sides of a page's end.
    before = fresh.length === 0 ? last : last + 1;
  }
}
