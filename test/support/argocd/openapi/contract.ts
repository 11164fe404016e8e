import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";

type Json = Readonly<Record<string, unknown>>;
interface Description {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, { get: Json }>>;
  readonly definitions: Readonly<Record<string, Json>>;
}

const description = JSON.parse(readFileSync(join(import.meta.dirname, "argocd.json"), "utf8")) as Description;

/** The version of Argo CD whose description it is. */
export const ARGOCD_VERSION = description.info.version;

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addFormat("int64", true);
ajv.addFormat("int32", true);

/** The description allows fields that it does not know; a double that makes one up is wrong. */
const closed = (schema: Json): Json =>
  schema["properties"] && schema["additionalProperties"] === undefined
    ? { ...schema, additionalProperties: false }
    : schema;
/** What a definition takes over from others stands beside its own, so that closing one does not shut the other out. */
const whole = (schema: Json): Json => {
  const { allOf = [], ...own } = schema as { allOf?: readonly { $ref: string }[] };
  const taken = allOf.map(({ $ref }) => description.definitions[$ref.replace("#/definitions/", "")]?.["properties"]);
  return allOf.length === 0 ? schema : { ...own, properties: Object.assign({}, ...taken, (own as Json)["properties"]) };
};
const definitions = Object.fromEntries(
  Object.entries(description.definitions).map(([name, schema]) => [name, closed(whole(schema))]),
);
ajv.addSchema({ $id: "argocd", definitions });

export type Route = keyof Description["paths"] & string;

/** What is wrong with an answer, by the description; empty when nothing is. */
export function wrongWithAnswer(route: Route, status: number, body: unknown): string[] {
  const responses = description.paths[route]?.get["responses"] as Readonly<Record<string, { schema: Json }>>;
  const schema = (responses[String(status)] ?? responses["default"])?.schema;
  const ref = `argocd${String(schema?.["$ref"])}`;
  const validate = ajv.getSchema(ref) ?? ajv.compile({ $ref: ref });
  if (validate(body)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    return `${route} ${status}: ${instancePath || "/"} ${message} ${JSON.stringify(params)}`;
  });
}

/** `fields` is read by Argo CD's gateway before the API itself, so that the description does not have it. */
const GATEWAY = new Set(["fields"]);

export function wrongWithQuery(route: Route, query: URLSearchParams): string[] {
  const parameters = (description.paths[route]?.get["parameters"] ?? []) as readonly { name: string; in: string }[];
  const known = new Set(parameters.filter(({ in: place }) => place === "query").map(({ name }) => name));
  return [...query.keys()]
    .filter((name) => !known.has(name) && !GATEWAY.has(name))
    .map((name) => `${route}: it knows no query parameter ${name}`);
}
