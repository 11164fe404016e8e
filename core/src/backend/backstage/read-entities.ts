import { z } from "zod";
import { CouldNotLook } from "../../outcome.ts";
import type { HttpClient } from "../http/client.ts";
import { HttpRefusal } from "../http/failure.ts";

/** Entities a page; Backstage's own limit is higher. */
const PAGE = 500;
/** Most pages of one reading: a catalog of 100,000 entities. */
const MAX_PAGES = 200;

const Page = z.object({
  items: z.array(z.unknown()),
  pageInfo: z.object({ nextCursor: z.string().min(1).optional() }),
});
const All = z.array(z.unknown());

/** What is read of each entity: specifications of APIs alone can be megabytes. */
const FIELDS = [
  ...["kind", "metadata.name", "metadata.namespace", "metadata.title", "metadata.annotations"],
  ...["type", "owner", "dependsOn", "dependencyOf", "consumesApis", "providesApis", "subcomponentOf"].map(
    (key) => `spec.${key}`,
  ),
  "relations",
].join(",");

/** Each a filter of its own: they are alternatives to each other. */
const KINDS = ["component", "resource", "api"];

/**
 * Every Component, Resource and API of a Backstage, page by page. A Backstage from before 1.17 has no pages; it gives all at once.
 * https://backstage.io/docs/features/software-catalog/software-catalog-api
 *
 * @throws CouldNotLook when it cannot be read whole
 */
export async function readBackstage(http: HttpClient, name: string, abort: AbortSignal): Promise<readonly unknown[]> {
  const first = new URLSearchParams({ fields: FIELDS, limit: String(PAGE) });
  for (const kind of KINDS) first.append("filter", `kind=${kind}`);
  const entities: unknown[] = [];
  const seen = new Set<string>();
  let query = first;
  for (let count = 0; count < MAX_PAGES; count++) {
    const page = await pageOf(http, name, query, abort);
    if (page === undefined && count === 0) return allAtOnce(http, name, abort);
    if (page === undefined) throw otherShape(name, "it lost its pages on the way");
    entities.push(...page.items);
    const { nextCursor } = page.pageInfo;
    if (nextCursor === undefined) return entities;
    if (seen.has(nextCursor)) throw otherShape(name, "its pages go round in a circle");
    seen.add(nextCursor);
    query = new URLSearchParams({ fields: FIELDS, limit: String(PAGE), cursor: nextCursor });
  }
  throw new CouldNotLook("too_large", `${name} has more than ${MAX_PAGES * PAGE} entities, which is not read`);
}

/** Undefined where this Backstage has no such route. */
async function pageOf(
  http: HttpClient,
  name: string,
  query: URLSearchParams,
  abort: AbortSignal,
): Promise<z.output<typeof Page> | undefined> {
  try {
    const { json } = await http.ask({ path: "/entities/by-query", query, abort });
    return shaped(Page, json, name);
  } catch (error) {
    if (error instanceof HttpRefusal && error.status === 404) return undefined;
    throw error;
  }
}

async function allAtOnce(http: HttpClient, name: string, abort: AbortSignal): Promise<readonly unknown[]> {
  const query = new URLSearchParams({ fields: FIELDS });
  for (const kind of KINDS) query.append("filter", `kind=${kind}`);
  const { json } = await http.ask({ path: "/entities", query, abort });
  return shaped(All, json, name);
}

function shaped<T extends z.ZodType>(shape: T, json: unknown, name: string): z.output<T> {
  const parsed = shape.safeParse(json);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join(".") || "the whole answer";
  throw otherShape(name, `${where} is not as it should be`);
}

function otherShape(name: string, what: string): CouldNotLook {
  const cure = "check that ONCALL_CATALOG is the address of Backstage's backend (backend.baseUrl)";
  return new CouldNotLook("bad_response", `${name} answered in another shape than Backstage: ${what}`, {
    cure,
  });
}
