/**
 * Takes the routes that are asked out of Argo CD's own description, with all that they refer to and without words for people. Argo
 * CD is Apache-2.0; its description lies in the Go module of each release. To take in a newer one:
 *
 *     go mod download -json github.com/argoproj/argo-cd/v3@v3.5.1
 *     npx tsx test/support/argocd/openapi/extract.ts THE_DIR_IT_NAMES && npm run format
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

type Json = Readonly<Record<string, unknown>>;

const ROUTES = [
  "/api/version",
  "/api/v1/session/userinfo",
  "/api/v1/applications",
  "/api/v1/applications/{name}",
  "/api/v1/applications/{applicationName}/managed-resources",
  "/api/v1/applications/{applicationName}/resource-tree",
  "/api/v1/account/can-i/{resource}/{action}/{subresource}",
];
const WORDS = new Set(["title", "description", "summary", "tags", "operationId"]);

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Without what says nothing of a shape; a property may well be called `title`. */
function slim(value: unknown, isNames = false): unknown {
  if (Array.isArray(value)) return value.map((item) => slim(item));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([name]) => isNames || !WORDS.has(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, slim(inner, !isNames && name === "properties")]));
}

function refsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(refsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === "$ref" ? [String(inner).replace("#/definitions/", "")] : refsIn(inner),
  );
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("give the folder of the Go module github.com/argoproj/argo-cd/v3");
const whole = JSON.parse(readFileSync(join(folder, "assets", "swagger.json"), "utf8")) as {
  paths: Record<string, { get: Json }>;
  definitions: Record<string, Json>;
};
const version = readFileSync(join(folder, "VERSION"), "utf8").trim();
const paths = Object.fromEntries(ROUTES.map((route) => [route, { get: slim(whole.paths[route]?.get) }]));
const definitions: Record<string, unknown> = {};
const left = refsIn(paths);
for (let name = left.pop(); name !== undefined; name = left.pop()) {
  if (name in definitions) continue;
  definitions[name] = slim(whole.definitions[name]);
  left.push(...refsIn(definitions[name]));
}
const sorted = Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1)));
const info = {
  title: "Argo CD's API, the routes that are asked",
  version,
  license: { name: "Apache-2.0", url: "https://github.com/argoproj/argo-cd/blob/master/LICENSE" },
};
const text = JSON.stringify({ swagger: "2.0", info, paths, definitions: sorted });
writeFileSync(join(import.meta.dirname, "argocd.json"), `${text}\n`);
