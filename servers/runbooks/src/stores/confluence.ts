import type { HttpClient } from "@oncall-copilot/core/backend";
import type { AnchorStyle } from "../pages/anchors.ts";
import type { Deployment, Library, RunbookStore } from "../store.ts";
import { assembler } from "./assemble.ts";
import { type Api, type Content, confluenceApi } from "./confluence/api.ts";
import { candidates } from "./confluence/candidates.ts";
import { within } from "./confluence/cql.ts";
import { LISTED, pageShelf } from "./confluence/shelf.ts";
import { pageOfAddress } from "./confluence/storage/links.ts";

export interface ConfluenceParts {
  /** `Confluence at https://example.atlassian.net/wiki`. */
  readonly name: string;
  readonly http: HttpClient;
  readonly base: URL;
  /** Keys of the only spaces that are looked in. */
  readonly spaces: readonly string[];
  readonly anchors: AnchorStyle;
  readonly deployments: () => Promise<readonly Deployment[] | undefined>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Spaces with more pages than this are searched, and not read as a whole. */
  readonly maxWhole: number;
}

/** Pages of all kinds that are read beside those which may fit. */
const SAMPLE = 100;
/** Spaces that were too large to be read as a whole are held to be for so long. */
const LARGE_FOR_MS = 10 * 60_000;
/** Clocks this far apart make what was updated lately seem to be of the future. */
const SKEW_MS = 30_000;

/**
 * Answers from Confluence. Spaces of up to some hundred pages are listed at each call and read as a whole, each version of a page
 * once; of larger ones Confluence's own search gives the pages that may fit.
 */
export function confluenceRunbooks(parts: ConfluenceParts): RunbookStore {
  const { name, http, base, spaces, deployments, maxWhole } = parts;
  const shelf = pageShelf(spaces, parts.anchors);
  const assembleWhole = assembler(parts.now);
  let large: { readonly until: number; readonly sample: readonly string[] } | undefined;

  return {
    name: `${name}, ${spaces.length === 1 ? "space" : "spaces"} ${spaces.join(", ")}`,
    link: base.href,
    find: async (sought, signal) => {
      const api = confluenceApi(http, name, base, signal);
      const known = await deployments();
      if (large === undefined || large.until < performance.now()) {
        const { pages, more } = await api.search({
          cql: within(spaces, undefined, "created asc"),
          expand: LISTED,
          most: maxWhole,
        });
        if (!more) {
          large = undefined;
          const { inside, gaps } = held(pages, spaces);
          const { read, gaps: unread } = await shelf.texts(api, inside);
          const goneTarget = goneFrom(inside, spaces, api.webBase);
          return assembleWhole({
            read,
            deployments: known,
            gaps: [...gaps, ...unread, ...skewOf(api, name)],
            goneTarget,
          });
        }
        large = { until: performance.now() + LARGE_FOR_MS, sample: spread(pages.map(({ id }) => id)) };
      }
      const { listed, gaps: unasked } = await candidates(
        api,
        spaces,
        sought,
        sought.page === undefined ? large.sample : [],
      );
      const { inside, gaps } = held(listed, spaces);
      const { read, gaps: unread } = await shelf.texts(api, inside);
      return assembler(parts.now)({
        ...{ read, deployments: known, whole: false, goneTarget: () => undefined },
        gaps: [...unasked, ...gaps, ...unread, ...skewOf(api, name)],
      });
    },
  };
}

/** Some of many, evenly. */
const spread = (ids: readonly string[]): string[] =>
  ids.filter(
    (_, index) => Math.floor((index * SAMPLE) / ids.length) !== Math.floor(((index - 1) * SAMPLE) / ids.length),
  );

/** Whatever Confluence answers: what is no page of the configured spaces is not looked at. */
function held(pages: readonly Content[], spaces: readonly string[]): { inside: Content[]; gaps: string[] } {
  const keys = new Set(spaces.map((key) => key.toLowerCase()));
  const inside = pages.filter(({ type, space }) => type === "page" && keys.has(space.key.toLowerCase()));
  const others = pages.length - inside.length;
  return { inside, gaps: others === 0 ? [] : [`what is no page of the configured spaces was held back: ${others}`] };
}

/** Links between pages go by title: when there is none of that title in these spaces, it is gone. */
function goneFrom(pages: readonly Content[], spaces: readonly string[], webBase: string): Library["goneTarget"] {
  const nameOf = (space: string, title: string) => `${space}\n${title}`.toLowerCase();
  const names = new Set(pages.map(({ space, title }) => nameOf(space.key, title)));
  const keys = new Set(spaces.map((key) => key.toLowerCase()));
  return (_, link) => {
    const to = pageOfAddress(webBase, link);
    if (!to || to.title === "" || !keys.has(to.space.toLowerCase())) return undefined;
    return names.has(nameOf(to.space, to.title)) ? undefined : to.title;
  };
}

function skewOf({ skewMs }: Api, name: string): string[] {
  if (Math.abs(skewMs) < SKEW_MS) return [];
  const [seconds, way] = [Math.round(Math.abs(skewMs) / 1000), skewMs > 0 ? "ahead of" : "behind"];
  return [
    `this machine's clock is ${seconds} s ${way} the one of ${name}: ages are off by that, and pages updated just now may be left out`,
  ];
}
