/** A double of Backstage's catalog over a real socket, held to the catalog's own OpenAPI description. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { type Received, sendJson, startServer, type TestServer } from "../http/server.ts";

type Json = Readonly<Record<string, unknown>>;
interface Description {
  readonly paths: Readonly<Record<string, { get: { parameters: readonly { $ref?: string; name?: string }[] } }>>;
  readonly components: { readonly schemas: Json; readonly parameters: Readonly<Record<string, { name: string }>> };
}

const description = JSON.parse(readFileSync(join(import.meta.dirname, "openapi/catalog.json"), "utf8")) as Description;
const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addSchema({ $id: "catalog", components: description.components });
const validatorOf = (name: string) => ajv.compile({ $ref: `catalog#/components/schemas/${name}` });
const isPage = validatorOf("EntitiesQueryResponse");
const isEntity = validatorOf("Entity");
const isError = validatorOf("Error");

export interface BackstageOptions {
  readonly entities: readonly object[];
  readonly token?: string;
  /** Entities of one page, whatever is asked for. */
  readonly pageSize?: number;
  /** A Backstage from before pages were there. */
  readonly old?: boolean;
}

export interface BackstageDouble extends TestServer {
  /** What differs from the description; must be empty. */
  readonly violations: readonly string[];
}

export const entity = (kind: string, name: string, spec: object = {}, more: object = {}) => ({
  apiVersion: "backstage.io/v1alpha1",
  kind,
  metadata: { name, namespace: "default", uid: `uid-${name}`, etag: "e", ...more },
  spec: { type: "service", owner: "web", lifecycle: "production", ...spec },
  relations: [],
});

export async function startBackstage(options: BackstageOptions): Promise<BackstageDouble> {
  const violations: string[] = [];
  const hold = (holds: boolean, what: string, errors: unknown) => {
    if (!holds) violations.push(`${what}: ${JSON.stringify(errors)}`);
  };
  const server = await startServer((request, response) => {
    const [status, body] = answer(options, request, violations);
    if (status !== 200) hold(isError(body), `answer ${status}`, isError.errors);
    else if (!Array.isArray(body)) hold(isPage(pageWithWhole(body as Json)), "page", isPage.errors);
    sendJson(response, status, body);
  });
  for (const one of options.entities) hold(isEntity(one), "entity", isEntity.errors);
  return { ...server, received: server.received, violations };
}

/** With `fields`, Backstage leaves out what its description requires of an entity. */
const pageWithWhole = (page: Json): Json => ({
  ...page,
  items: (page["items"] as object[]).map((item) => ({
    ...{ apiVersion: "v", kind: "k", ...item },
    metadata: { name: "n", ...(item as { metadata?: object }).metadata },
  })),
});

const refused = (status: number, name: string, message: string): [number, unknown] => [
  status,
  { error: { name, message }, request: { method: "GET", url: "/" }, response: { statusCode: status } },
];

function answer(options: BackstageOptions, { url, headers }: Received, violations: string[]): [number, unknown] {
  const { entities, token, pageSize = 500, old = false } = options;
  if (token !== undefined && headers.authorization === undefined)
    return refused(401, "AuthenticationError", "Missing credentials");
  if (token !== undefined && headers.authorization !== `Bearer ${token}`)
    return refused(401, "AuthenticationError", "Illegal token");
  const route = url.pathname.replace(/^\/api\/catalog/, "");
  const described = description.paths[route];
  if (!url.pathname.startsWith("/api/catalog/") || !described || (old && route === "/entities/by-query"))
    return refused(404, "NotFoundError", "No handler");
  const known = described.get.parameters.map(
    ({ $ref, name }) => name ?? description.components.parameters[$ref?.split("/").at(-1) ?? ""]?.name,
  );
  for (const name of url.searchParams.keys()) if (!known.includes(name)) violations.push(`${route} knows no ${name}`);
  if (route === "/entities") return [200, shown(entities, url.searchParams.getAll("filter"), url)];
  const cursor = url.searchParams.get("cursor");
  const { filters, offset } = cursor
    ? (JSON.parse(Buffer.from(cursor, "base64url").toString()) as { filters: string[]; offset: number })
    : { filters: url.searchParams.getAll("filter"), offset: 0 };
  const all = shown(entities, filters, url);
  const limit = Math.min(pageSize, Number(url.searchParams.get("limit") ?? 20));
  const next = offset + limit;
  const nextCursor = Buffer.from(JSON.stringify({ filters, offset: next })).toString("base64url");
  const pageInfo = next < all.length ? { nextCursor } : {};
  return [200, { items: all.slice(offset, next), totalItems: all.length, pageInfo }];
}

/** Filters are alternatives; fields are the paths that are kept. */
function shown(entities: readonly object[], filters: readonly string[], url: URL): object[] {
  const kinds = filters.map((filter) => filter.replace(/^kind=/, "").toLowerCase());
  const fields = url.searchParams.get("fields")?.split(",");
  return entities
    .filter((one) => kinds.length === 0 || kinds.includes((one as { kind: string }).kind.toLowerCase()))
    .map((one) => (fields ? (kept(one, "", fields) as object) : one));
}

function kept(value: unknown, path: string, fields: readonly string[]): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const members = Object.entries(value).flatMap(([key, inner]) => {
    const place = path === "" ? key : `${path}.${key}`;
    if (fields.includes(place)) return [[key, inner]];
    return fields.some((field) => field.startsWith(`${place}.`)) ? [[key, kept(inner, place, fields)]] : [];
  });
  return Object.fromEntries(members);
}
