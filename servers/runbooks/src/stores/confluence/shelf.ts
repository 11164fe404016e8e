import { briefly, CouldNotLook } from "@oncall-copilot/core";
import type { AnchorStyle } from "../../pages/anchors.ts";
import type { Read } from "../assemble.ts";
import type { Api, Content } from "./api.ts";
import { withId, within } from "./cql.ts";
import { readPage } from "./page.ts";

/** Pages whose text is asked for at a time: Confluence gives no more. */
const AT_A_TIME = 50;
/** Pages kept. */
const MAX_KEPT = 6_000;

/** What is listed of a page without its text. */
export const LISTED = ["version", "space", "metadata.labels"] as const;
const WHOLE = [...LISTED, "body.storage"] as const;

export interface Texts {
  readonly read: readonly Read[];
  readonly gaps: readonly string[];
}

/** Keeps the pages that were read, by their version, for the life of the process. */
export interface PageShelf {
  /** The pages that are listed, those that are not kept in this version read now. */
  texts(api: Api, listed: readonly Content[]): Promise<Texts>;
}

export function pageShelf(spaces: readonly string[], anchors: AnchorStyle): PageShelf {
  const kept = new Map<string, { readonly state: string; readonly read: Read }>();
  const keep = (id: string, state: string, read: Read) => {
    kept.delete(id);
    kept.set(id, { state, read });
    for (const oldest of kept.keys()) {
      if (kept.size <= MAX_KEPT) break;
      kept.delete(oldest);
    }
  };

  /** Reads some pages. Where their texts are too much for one answer, fewer are asked for. */
  const fetch = async (api: Api, wanted: readonly Content[], into: Map<string, Read>): Promise<void> => {
    try {
      const { pages } = await api.search({
        cql: within(spaces, withId(wanted.map(({ id }) => id))),
        expand: WHOLE,
        most: wanted.length,
      });
      for (const content of pages) {
        const read = await readPage(content, { webBase: api.webBase, anchors });
        keep(content.id, stateOf(content), read);
        into.set(content.id, read);
      }
    } catch (error) {
      if (!(error instanceof CouldNotLook) || error.reason !== "too_large") throw error;
      const [only] = wanted;
      if (wanted.length === 1 && only) {
        into.set(only.id, {
          gap: `runbook page ${only.id} ("${briefly(only.title, 80)}") was left out: it is too large`,
        });
        return;
      }
      const half = Math.ceil(wanted.length / 2);
      await fetch(api, wanted.slice(0, half), into);
      await fetch(api, wanted.slice(half), into);
    }
  };

  return {
    texts: async (api, listed) => {
      const found = new Map<string, Read>();
      const wanted = listed.filter((content) => {
        const before = kept.get(content.id);
        if (before?.state === stateOf(content)) found.set(content.id, before.read);
        return !found.has(content.id);
      });
      const batches = Array.from({ length: Math.ceil(wanted.length / AT_A_TIME) }, (_, index) =>
        wanted.slice(index * AT_A_TIME, (index + 1) * AT_A_TIME),
      );
      const asked = await Promise.allSettled(batches.map((batch) => fetch(api, batch, found)));
      const failures = asked.flatMap((outcome): unknown[] => (outcome.status === "rejected" ? [outcome.reason] : []));
      const [first] = failures;
      if (first !== undefined && (found.size === 0 || !(first instanceof CouldNotLook))) throw first;
      const missing = listed.filter(({ id }) => !found.has(id)).length;
      return {
        // In the order of the list, so that nothing depends on what was kept.
        read: listed.flatMap(({ id }) => found.get(id) ?? []),
        gaps: first instanceof CouldNotLook ? [`could not look at ${missing} runbook pages: ${first.message}`] : [],
      };
    },
  };
}

/** Labels and titles change without a new version. */
const stateOf = ({ version, title, space, metadata }: Content): string =>
  JSON.stringify([version.number, version.when, title, space.key, metadata?.labels?.results.map(({ name }) => name)]);
