/** What strict mode refuses in a JSON schema, as its documentation lists it. */

const UNSUPPORTED = [
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
];
const MAX_OPTIONAL = 24;
const MAX_UNIONS = 16;
export const MAX_STRICT_TOOLS = 20;

interface Found {
  optional: number;
  unions: number;
  problem?: string;
}

/** The first thing that is wrong with a request's strict schemas taken together, or undefined. */
export function strictProblem(schemas: ReadonlyMap<string, unknown>): string | undefined {
  const found: Found = { optional: 0, unions: 0 };
  for (const [where, schema] of schemas) {
    look(schema, where, found);
    if (found.problem) return found.problem;
  }
  if (found.optional > MAX_OPTIONAL)
    return `Schemas contain too many optional parameters (${found.optional}), which would make grammar compilation inefficient (limit: ${MAX_OPTIONAL})`;
  if (found.unions > MAX_UNIONS) return `Schemas contain too many parameters with union types (${found.unions})`;
  return undefined;
}

function look(schema: unknown, where: string, found: Found): void {
  if (found.problem !== undefined) return;
  if (Array.isArray(schema)) {
    for (const item of schema) look(item, where, found);
    return;
  }
  if (schema === null || typeof schema !== "object") return;
  const node = schema as Record<string, unknown>;
  const bad = UNSUPPORTED.find((keyword) => keyword in node && typeof node[keyword] === "number");
  if (bad) found.problem = `${where}: For '${String(node["type"])}' type, property '${bad}' is not supported`;
  if (node["type"] === "object" && node["additionalProperties"] !== false)
    found.problem = `${where}: For 'object' type, 'additionalProperties' must be explicitly set to false`;
  if (Array.isArray(node["anyOf"]) || Array.isArray(node["type"])) found.unions += 1;
  const properties = node["properties"];
  if (properties !== null && typeof properties === "object") {
    const required = Array.isArray(node["required"]) ? node["required"] : [];
    found.optional += Object.keys(properties).filter((name) => !required.includes(name)).length;
    for (const [name, inner] of Object.entries(properties)) look(inner, `${where}.${name}`, found);
  }
  for (const key of ["items", "anyOf", "allOf", "$defs"]) {
    const inner = node[key];
    look(key === "$defs" && inner ? Object.values(inner) : inner, where, found);
  }
}
