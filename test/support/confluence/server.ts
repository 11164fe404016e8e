import type { Models } from "confluence.js";
import { type Handler, type Received, sendJson, startServer, type TestServer } from "../http/server.ts";
import { CqlError, parseCql, type Searched } from "./cql.ts";

export interface PretendPage {
  readonly id: string;
  readonly title: string;
  readonly space?: string;
  readonly type?: string;
  readonly labels?: readonly string[];
  readonly version?: number;
  /** RFC 3339. */
  readonly when?: string;
  readonly by?: string;
  readonly storage?: string;
  /** What the account that asks may do with it. */
  readonly operations?: readonly string[];
}

export interface Pretend {
  readonly kind: "cloud" | "data-center";
  /** May be changed while it runs. */
  readonly pages: PretendPage[];
  /** Keys of the spaces there are, beside those of the pages. */
  readonly spaces?: readonly string[];
  /** The only Authorization header that is let in; anybody without it. */
  readonly authorization?: string;
  readonly user?: string;
  /** Answers in place of this server where it gives true: a fault. */
  readonly instead?: (request: Received, response: Parameters<Handler>[1]) => boolean;
}

/** What Confluence can expand of content, of what is used here. */
const EXPANDABLE = ["version", "space", "metadata.labels", "body.storage", "operations"] as const;

/**
 * A Confluence that holds pages and answers its two routes that are used: `content/search` and `user/current`. Cloud lives below
 * `/wiki` and pages by a cursor; Data Center lives below a context path and pages by a start. The answers are typed by the models that
 * the vendor's client publishes, and follow what Atlassian's documentation shows of them; there is no machine-readable description
 * of these routes in a package. As documented there, a body limits an answer to 50 results and any other expansion to 200:
 * https://confluence.atlassian.com/confkb/1032258424.html
 */
export function confluence(pretend: Pretend): Handler {
  const context = pretend.kind === "cloud" ? "/wiki" : "/confluence";
  return (request, response) => {
    if (pretend.instead?.(request, response)) return;
    const base = `${request.url.origin}${context}`;
    if (pretend.authorization !== undefined && request.headers.authorization !== pretend.authorization) {
      return sendJson(response, 401, { statusCode: 401, message: "Unauthorized" });
    }
    const { pathname, searchParams } = request.url;
    if (request.method !== "GET") return sendJson(response, 405, { statusCode: 405, message: "it only reads" });
    if (pathname === `${context}/rest/api/user/current`) return sendJson(response, 200, userOf(pretend, request));
    if (pathname !== `${context}/rest/api/content/search`) {
      return sendJson(response, 404, { statusCode: 404, message: `null for uri: ${request.url.href}` });
    }
    try {
      sendJson(response, 200, search(pretend, searchParams, base));
    } catch (error) {
      if (!(error instanceof CqlError)) throw error;
      const message = `com.atlassian.confluence.api.service.exceptions.BadRequestException: ${error.message}`;
      sendJson(response, 400, { statusCode: 400, data: { authorized: true, valid: true, errors: [] }, message });
    }
  };
}

export const startConfluence = (pretend: Pretend): Promise<TestServer> => startServer(confluence(pretend));

function search(pretend: Pretend, given: URLSearchParams, base: string): Models.ContentArray {
  const cql = given.get("cql") ?? "";
  const expand = (given.get("expand") ?? "").split(",").filter((one) => one !== "");
  const unknown = expand.find((one) => !EXPANDABLE.some((known) => known === one));
  if (unknown !== undefined) throw new CqlError(`cannot expand ${unknown}`);
  const cap = expand.some((one) => one.startsWith("body")) ? 50 : expand.length > 0 ? 200 : 1_000;
  const limit = Math.min(Number(given.get("limit") ?? 25), cap);
  const start = pretend.kind === "cloud" ? offsetOf(given.get("cursor"), cql) : Number(given.get("start") ?? 0);
  const spaces = new Set([...(pretend.spaces ?? []), ...pretend.pages.map(({ space = "OPS" }) => space)]);
  const query = parseCql(cql, new Set([...spaces].map((key) => key.toLowerCase())));
  const found = pretend.pages
    .map((page) => ({ page, searched: searchedOf(page) }))
    .flatMap((one) => {
      const score = query.match(one.searched);
      return score === undefined ? [] : [{ ...one, score }];
    })
    .sort(
      (a, b) =>
        (query.order ? query.order(a.searched, b.searched) : b.score - a.score) || (a.page.id < b.page.id ? -1 : 1),
    );
  const results = found.slice(start, start + limit).map(({ page }) => contentOf(page, expand, base));
  const more = start + limit < found.length;
  const parameters = new URLSearchParams({ expand: expand.join(","), limit: String(limit), cql });
  if (pretend.kind === "cloud") {
    parameters.set("next", "true");
    parameters.set("cursor", cursorOf(start + limit, cql));
  } else parameters.set("start", String(start + limit));
  return {
    results,
    start,
    limit,
    size: results.length,
    _links: {
      self: `${base}/rest/api/content/search?cql=${encodeURIComponent(cql)}`,
      base,
      context: new URL(base).pathname,
      ...(more ? { next: `/rest/api/content/search?${parameters}` } : {}),
    },
  };
}

const cursorOf = (offset: number, cql: string) => `_f_${Buffer.from(JSON.stringify([offset, cql])).toString("base64")}`;

/** A cursor belongs to its query. */
function offsetOf(cursor: string | null, cql: string): number {
  if (cursor === null) return 0;
  const [offset, of] = JSON.parse(Buffer.from(cursor.replace(/^_f_/, ""), "base64").toString()) as [number, string];
  if (of !== cql) throw new CqlError("the cursor is of another query");
  return offset;
}

const searches = new WeakMap<PretendPage, Searched>();
function searchedOf(page: PretendPage): Searched {
  const { id, title, space = "OPS", type = "page", labels = [], storage = "", when = WHEN } = page;
  const text = storage.replace(/<!\[CDATA\[([\s\S]*?)\]\]>/g, " $1 ").replace(/<[^>]+>/g, " ");
  const at = Date.parse(when);
  const made = searches.get(page) ?? { id, type, space, title, labels, text, created: Number(id), lastmodified: at };
  searches.set(page, made);
  return made;
}

const WHEN = "2026-02-01T00:00:00.000Z";

function contentOf(page: PretendPage, expand: readonly string[], base: string): Models.Content {
  const { id, title, space = "OPS", type = "page", version = 1, when = WHEN, by = "Ada" } = page;
  const has = (what: (typeof EXPANDABLE)[number]) => expand.includes(what);
  const content = {
    id,
    type,
    status: "current",
    title,
    ...(has("space") ? { space: { key: space, name: space, type: "global", status: "current" } } : {}),
    ...(has("version")
      ? {
          version: {
            by: { type: "known", displayName: by },
            when,
            friendlyWhen: "",
            message: "",
            number: version,
            minorEdit: false,
          },
        }
      : {}),
    ...(has("metadata.labels")
      ? {
          metadata: {
            labels: { results: (page.labels ?? []).map((name) => ({ prefix: "global", name, id: "1", label: name })) },
          },
        }
      : {}),
    ...(has("body.storage") ? { body: { storage: { value: page.storage ?? "", representation: "storage" } } } : {}),
    ...(has("operations")
      ? { operations: (page.operations ?? ["read"]).map((operation) => ({ operation, targetType: "page" })) }
      : {}),
    _expandable: {},
    _links: { webui: `/spaces/${space}/pages/${id}`, self: `${base}/rest/api/content/${id}` },
  };
  // The models call mandatory what answers leave out when it was not expanded.
  return content as unknown as Models.Content;
}

function userOf({ kind, authorization, user = "On-call copilot" }: Pretend, { headers }: Received) {
  if (authorization === undefined || headers.authorization === undefined)
    return { type: "anonymous", displayName: "Anonymous" };
  return kind === "cloud"
    ? { type: "known", accountId: "557058:1", accountType: "app", email: "", publicName: user, displayName: user }
    : { type: "known", username: "copilot", userKey: "ff8080", displayName: user };
}
