import { CouldNotLook } from "@oncall-copilot/core";
import type { HttpClient } from "@oncall-copilot/core/backend";
import type { ConfluenceClient } from "confluence.js";
import { z } from "zod";

/** What is read of a page. A field that was not asked for is not there. */
const Content = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  type: z.string(),
  title: z.string(),
  space: z.object({ key: z.string() }),
  version: z.object({
    number: z.number(),
    when: z.string(),
    by: z.object({ displayName: z.string().optional(), publicName: z.string().optional() }).optional(),
  }),
  metadata: z.object({ labels: z.object({ results: z.array(z.object({ name: z.string() })) }).optional() }).optional(),
  body: z.object({ storage: z.object({ value: z.string() }) }).optional(),
  operations: z.array(z.object({ operation: z.string(), targetType: z.string() })).optional(),
  _links: z.object({ webui: z.string().optional() }).optional(),
});
export type Content = z.output<typeof Content>;

const Answer = z.object({
  results: z.array(Content),
  _links: z.object({ next: z.string().optional(), base: z.string().optional() }).default({}),
});

const User = z.object({
  type: z.string(),
  displayName: z.string().optional(),
  publicName: z.string().optional(),
});
export type User = z.output<typeof User>;

export interface Search {
  readonly cql: string;
  readonly expand: readonly string[];
  /** Pages at the most; more than that are not asked for. */
  readonly most: number;
}

export interface SearchResult {
  readonly pages: readonly Content[];
  /** Whether there are more than were asked for. */
  readonly more: boolean;
}

/** Confluence for one call: what is aborted with it, and what was learnt of the backend on the way. */
export interface Api {
  search(search: Search): Promise<SearchResult>;
  currentUser(): Promise<User>;
  /** What people's addresses begin with, by what Confluence itself says. */
  readonly webBase: string;
  /** This machine's clock less Confluence's, in milliseconds. */
  readonly skewMs: number;
}

/** As many as Confluence gives at a time: 50 with bodies, 200 with other things expanded. */
const AT_A_TIME = { body: 50, other: 200 } as const;
/** Five thousand pages, without their texts, at 100 a turn. */
const MAX_TURNS = 50;

/** The part of an axios request that this client's requests have. */
interface Outgoing {
  readonly url?: string;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** Answers of one Confluence, through its vendor's client over our own transport. */
export function confluenceApi(http: HttpClient, name: string, base: URL, abort: AbortSignal): Api {
  let webBase = base.href.replace(/\/+$/, "");
  let skewMs = 0;
  let opening: Promise<ConfluenceClient> | undefined;

  /** Carries a request of the client's. What fails is thrown as it is: the client passes on whatever is no axios error. */
  const adapter = async ({ url = "", method = "get", params = {} }: Outgoing) => {
    if (method.toUpperCase() !== "GET")
      throw new CouldNotLook("internal", `a ${method} request was held back: this only reads`);
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(params)) if (value !== undefined) query.set(key, String(value));
    const answer = await http.ask({ path: `/rest${url}`, query, abort });
    skewMs = answer.skewMs ?? skewMs;
    return { data: answer.json, status: 200, statusText: "OK", headers: {}, config: {} };
  };
  const client = () => {
    opening ??= import("confluence.js").then(
      ({ ConfluenceClient }) =>
        new ConfluenceClient({ host: webBase, apiPrefix: "/rest", baseRequestConfig: { adapter } }),
    );
    return opening;
  };

  const read = <T>(schema: z.ZodType<T>, json: unknown): T => {
    const parsed = schema.safeParse(json);
    if (parsed.success) return parsed.data;
    const where = parsed.error.issues[0]?.path.join(".") || "the whole answer";
    const cure = "check that ONCALL_RUNBOOKS_CONFLUENCE_URL is a Confluence, its path (Cloud: /wiki) included";
    throw new CouldNotLook(
      "bad_response",
      `${name} answered in another shape than Confluence: ${where} is not as it should be`,
      { cure },
    );
  };

  /** One turn. Cloud goes on by a cursor, Data Center by a start that the client has no parameter for. */
  const turn = async (cql: string, expand: readonly string[], limit: number, next: URLSearchParams | undefined) => {
    const confluence = await client();
    const [cursor, start] = [next?.get("cursor"), next?.get("start")];
    const asked = { cql, expand: [...expand], limit };
    if (cursor || !start) {
      return read(Answer, await confluence.content.searchContentByCQL({ ...asked, ...(cursor ? { cursor } : {}) }));
    }
    const params = { ...asked, expand: expand.join(","), start };
    return read(
      Answer,
      await confluence.sendRequest({ url: "/api/content/search", method: "GET", params }, undefined as never),
    );
  };

  return {
    search: async ({ cql, expand, most }) => {
      const atATime = expand.some((one) => one.startsWith("body")) ? AT_A_TIME.body : AT_A_TIME.other;
      const found = new Map<string, Content>();
      let next: URLSearchParams | undefined;
      for (let turns = 0; turns < MAX_TURNS; turns++) {
        const answer = await turn(cql, expand, Math.min(atATime, most), next);
        webBase = webOf(answer._links.base) ?? webBase;
        const before = found.size;
        for (const page of answer.results) found.set(page.id, page);
        const link = answer._links.next;
        // One that says there is more and gives the same again is not asked for ever.
        const isLast = link === undefined || found.size === before;
        if (isLast || found.size >= most) {
          return { pages: [...found.values()].slice(0, most), more: found.size > most || !isLast };
        }
        next = new URL(link, base).searchParams;
      }
      return { pages: [...found.values()].slice(0, most), more: true };
    },
    currentUser: async () => read(User, await (await client()).users.getCurrentUser(undefined, undefined as never)),
    get webBase() {
      return webBase;
    },
    get skewMs() {
      return skewMs;
    },
  };
}

/** The address that Confluence gives as its own, if that is one of the web. */
function webOf(address: string | undefined): string | undefined {
  if (address === undefined || !URL.canParse(address)) return undefined;
  const { protocol, username, password } = new URL(address);
  const plain = (protocol === "https:" || protocol === "http:") && username === "" && password === "";
  return plain ? address.replace(/\/+$/, "") : undefined;
}
