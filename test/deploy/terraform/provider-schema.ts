import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Block {
  readonly attributes: Readonly<Record<string, { readonly type: string; readonly required: boolean }>>;
  readonly blocks: Readonly<Record<string, Block & { readonly many: boolean; readonly required: boolean }>>;
  /** What can be read of a resource and not set. */
  readonly computed?: Readonly<Record<string, string>>;
}

const { resources } = JSON.parse(readFileSync(join(import.meta.dirname, "provider-schema.json"), "utf8")) as {
  readonly resources: Readonly<Record<string, Block>>;
};
/** What the AWS provider publishes of the resources in use (extract-schema.mjs). */
export const RESOURCES = resources;

/** Of every resource, whoever makes it. */
const META = new Set(["for_each", "count", "depends_on", "lifecycle", "provider"]);

/** What the provider would refuse in the arguments of a resource or block, with where it stands. */
export function refusals(block: Block, given: Readonly<Record<string, unknown>>, place: string): string[] {
  const own = Object.entries(given).flatMap(([name, value]): string[] => {
    if (META.has(name) || name in block.attributes) return [];
    const inner = block.blocks[name];
    if (!inner) return [`${place}.${name} is unknown`];
    const bodies = Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
    const tooMany = !inner.many && bodies.length > 1 ? [`${place}.${name} stands more than once`] : [];
    return [...tooMany, ...bodies.flatMap((body) => refusals(inner, body, `${place}.${name}`))];
  });
  const required = [...Object.entries(block.attributes), ...Object.entries(block.blocks)].flatMap(([name, one]) =>
    one.required && !(name in given) ? [`${place}.${name} is missing`] : [],
  );
  return [...own, ...required];
}
