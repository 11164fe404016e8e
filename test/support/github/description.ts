/** GitHub's own OpenAPI description: finds the operation of a request, and holds requests and answers to it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";

export type Json = Readonly<Record<string, unknown>>;

interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly schema: Json;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Json }>>;
}

interface Described {
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: Content & { readonly required?: boolean };
  readonly responses: Readonly<Record<string, Content | { readonly $ref: string }>>;
}

export interface Operation {
  /** `GET /repos/{owner}/{repo}` */
  readonly route: string;
  /** Decoded, each by itself: a slash in a branch's name stays within its part. */
  readonly params: Readonly<Record<string, string>>;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: Json;
}

const description = JSON.parse(readFileSync(join(import.meta.dirname, "openapi/github.json"), "utf8")) as Description;

const ajv = new Ajv({ strict: false, coerceTypes: false, allErrors: false, validateFormats: true });
addFormats.default(ajv);
const coercing = new Ajv({ strict: false, coerceTypes: true, validateFormats: true });
addFormats.default(coercing);
// A format of GitHub's own: `owner/name`.
for (const each of [ajv, coercing]) each.addFormat("repo.nwo", /^[^/]+\/[^/]+$/);
ajv.addSchema({ $id: "github", components: description.components });
coercing.addSchema({ $id: "github", components: description.components });

const compiled = new Map<string, ValidateFunction>();

function validator(key: string, schema: unknown, within: Ajv = ajv): ValidateFunction {
  const known = compiled.get(key);
  if (known) return known;
  const made = within.compile(absolute(schema) as Json);
  compiled.set(key, made);
  return made;
}

/** References to components, from wherever they stand. */
function absolute(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(absolute);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === "$ref" && typeof inner === "string" ? inner.replace(/^#/, "github#") : absolute(inner),
    ]),
  );
}

function resolved<T>(value: T | { readonly $ref: string }): T {
  if (typeof value !== "object" || value === null || !("$ref" in value)) return value as T;
  const parts = value.$ref.replace(/^(?:github)?#\//, "").split("/");
  const found = parts.reduce<unknown>((at, part) => (at as Json)[part], description);
  return resolved(found as T);
}

/** The operation that a request asks for. `path` is as sent: `%2F` does not part a path. */
export function operationOf(method: string, path: string): Operation | undefined {
  const parts = path.split("/");
  for (const [template, operations] of Object.entries(description.paths)) {
    const names = template.split("/");
    if (names.length !== parts.length || !operations[method.toLowerCase()]) continue;
    const params: Record<string, string> = {};
    const fits = names.every((name, index) => {
      const part = parts[index] ?? "";
      if (!name.startsWith("{")) return name === part;
      params[name.slice(1, -1)] = decodeURIComponent(part);
      return part !== "";
    });
    if (fits) return { route: `${method} ${template}`, params };
  }
  return undefined;
}

function described(route: string): Described {
  const [method = "", template = ""] = route.split(" ");
  const operation = description.paths[template]?.[method.toLowerCase()];
  if (!operation) throw new Error(`GitHub describes no ${route}`);
  return operation;
}

/** What is wrong with a request by the description; undefined when nothing is. */
export function requestProblem(
  { route, params }: Operation,
  { query, body }: { query: URLSearchParams; body: string },
): string | undefined {
  const operation = described(route);
  const parameters = (operation.parameters ?? []).map((parameter) => resolved<Parameter>(parameter));
  const inQuery = parameters.filter((parameter) => parameter.in === "query");
  for (const name of query.keys()) {
    if (!inQuery.some((parameter) => parameter.name === name)) return `${route} takes no ${name} in the query`;
  }
  for (const { name, in: place, required, schema } of parameters) {
    const value = place === "path" ? params[name] : place === "query" ? (query.get(name) ?? undefined) : undefined;
    if (value === undefined) {
      if (required && place !== "header") return `${route} wants ${name}`;
      continue;
    }
    const check = validator(`${route} ${place} ${name}`, { properties: { value: schema } }, coercing);
    if (!check({ value })) return `${route}: ${name} ${coercing.errorsText(check.errors)}`;
  }
  const schema = operation.requestBody?.content?.["application/json"]?.schema;
  if (!schema) return body === "" ? undefined : `${route} takes no body`;
  if (body === "") return operation.requestBody?.required ? `${route} wants a body` : undefined;
  const check = validator(`${route} body`, schema);
  return check(JSON.parse(body)) ? undefined : `${route}: ${ajv.errorsText(check.errors)}`;
}

/** The schema of an answer's JSON; undefined when the description has none for this status. */
function answerSchema(route: string, status: number): Json | undefined {
  const answer = described(route).responses[String(status)];
  return answer && resolved<Content>(answer).content?.["application/json"]?.schema;
}

/** What is wrong with an answer. A status that the description does not name is no answer of this route. */
export function answerProblem(route: string, status: number, json: unknown): string | undefined {
  const { responses } = described(route);
  // Any route answers these, and not every description says so.
  if (!(String(status) in responses))
    return [401, 403, 404, 429].includes(status) ? undefined : `${route} has no ${status}`;
  const schema = answerSchema(route, status);
  if (!schema) return undefined;
  const check = validator(`${route} ${status}`, schema);
  return check(json) ? undefined : `${route} ${status}: ${ajv.errorsText(check.errors)}`;
}

/** What is given, with whatever else the schema requires made up: so that a double writes down only what matters. */
export function filled(route: string, status: number, given: unknown): unknown {
  const schema = answerSchema(route, status);
  return schema ? fill(schema, given) : given;
}

const MADE_UP: Readonly<Record<string, unknown>> = { string: "", integer: 0, number: 0, boolean: false, array: [] };
const FORMATS: Readonly<Record<string, string>> = {
  uri: "https://github.test/made-up",
  "date-time": "2026-01-01T00:00:00Z",
  email: "made-up@example.test",
};

function fill(unresolved: Json, given: unknown): unknown {
  const schema = resolved<Json>(unresolved as Json & { $ref: string });
  const branches = (schema["anyOf"] ?? schema["oneOf"] ?? schema["allOf"]) as readonly Json[] | undefined;
  if (given === undefined && schema["nullable"] === true) return null;
  if (branches && !schema["properties"]) {
    if (given === undefined && branches.some(({ type }) => type === "null")) return null;
    if (given === null) return null;
    const [first] = branches.filter(({ type }) => type !== "null");
    return first ? fill(first, given) : given;
  }
  if (schema["type"] === "array" && Array.isArray(given)) {
    return given.map((item: unknown) => fill(schema["items"] as Json, item));
  }
  if (schema["type"] === "object" || schema["properties"]) {
    if (given !== undefined && (typeof given !== "object" || given === null)) return given;
    const properties = (schema["properties"] ?? {}) as Readonly<Record<string, Json>>;
    const required = (schema["required"] ?? []) as readonly string[];
    const all: Record<string, unknown> = { ...(given as Json | undefined) };
    for (const [name, inner] of Object.entries(properties)) {
      if (all[name] === undefined && !required.includes(name)) delete all[name];
      else all[name] = fill(inner, all[name]);
    }
    return all;
  }
  if (given !== undefined) return given;
  const [first] = (schema["enum"] ?? []) as readonly unknown[];
  if (first !== undefined) return first;
  return FORMATS[String(schema["format"])] ?? MADE_UP[String(schema["type"])] ?? {};
}
