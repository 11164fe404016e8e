/**
 * Takes the routes of `routes.ts` out of GitHub's own OpenAPI description, with all that they refer to and without words for
 * people. The npm package that carries the description is 400 MB unpacked and so no dependency of this project. To take in a newer
 * one, in a folder of your own:
 *
 *     npm pack @octokit/openapi@23.0.2
 *     tar xzf octokit-openapi-*.tgz package/generated/api.github.com.json package/package.json
 *     npx tsx test/support/github/openapi/extract.ts FOLDER/package && npm run format
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROUTES } from "./routes.ts";

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What says nothing of a shape. */
const WORDS = new Set([
  "headers",
  "description",
  "example",
  "examples",
  "externalDocs",
  "tags",
  "operationId",
  "summary",
  "title",
]);

/** OpenAPI 3.0's `nullable` means nothing beside `$ref` and combinations; JSON Schema says the same with another branch. */
function slim(value: unknown, inProperties = false): unknown {
  if (Array.isArray(value)) return value.map((item) => slim(item));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(
    ([name]) => inProperties || !(WORDS.has(name) || name.startsWith("x-") || name === "deprecated"),
  );
  const slimmed = Object.fromEntries(
    kept.map(([name, inner]) => [name, slim(inner, !inProperties && name === "properties")]),
  );
  if (inProperties || slimmed["nullable"] !== true || "type" in slimmed) return slimmed;
  const { nullable: _, ...rest } = slimmed;
  return { anyOf: [rest, { type: "null" }] };
}

function jsonOnly(operation: Json): Json {
  const responses = Object.entries(operation["responses"] as Record<string, Json>);
  const { parameters, requestBody } = operation;
  return {
    ...(parameters ? { parameters } : {}),
    ...(requestBody ? { requestBody } : {}),
    responses: Object.fromEntries(responses),
  };
}

function refsIn(value: unknown, found: Set<string>): Set<string> {
  if (Array.isArray(value)) for (const item of value) refsIn(item, found);
  else if (isObject(value)) {
    for (const [name, inner] of Object.entries(value)) {
      if (name === "$ref" && typeof inner === "string") found.add(inner);
      else refsIn(inner, found);
    }
  }
  return found;
}

function main(folder: string): void {
  const whole = JSON.parse(readFileSync(join(folder, "generated/api.github.com.json"), "utf8")) as {
    readonly openapi: string;
    readonly info: { readonly version: string };
    readonly paths: Record<string, Record<string, Json>>;
    readonly components: Record<string, Record<string, unknown>>;
  };
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of ROUTES) {
    const [method = "", path = ""] = route.split(" ");
    const operation = whole.paths[path]?.[method.toLowerCase()];
    if (!operation) throw new Error(`the description has no ${route}`);
    paths[path] = { ...paths[path], [method.toLowerCase()]: slim(jsonOnly(operation)) };
  }
  const components: Record<string, Record<string, unknown>> = {};
  const queue = [...refsIn(paths, new Set())];
  const seen = new Set(queue);
  for (let ref = queue.pop(); ref !== undefined; ref = queue.pop()) {
    const [, , kind = "", name = ""] = ref.split("/");
    const part = slim(whole.components[kind]?.[name]);
    components[kind] = { ...components[kind], [name]: part };
    for (const next of refsIn(part, new Set())) {
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(next);
    }
  }
  for (const kind of ["examples", "headers"]) delete components[kind];
  const from = {
    what: "routes taken out of GitHub's OpenAPI description by extract.ts; without descriptions and examples",
    package: `@octokit/openapi@${version}`,
    description: `api.github.com ${whole.info.version}`,
    licence: "MIT, Copyright (c) 2020 Octokit contributors; https://github.com/octokit/openapi",
  };
  const target = join(import.meta.dirname, "github.json");
  writeFileSync(target, `${JSON.stringify({ from, openapi: whole.openapi, paths, components })}\n`);
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("give the folder of the unpacked package");
main(folder);
