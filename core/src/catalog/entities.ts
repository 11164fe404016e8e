import { z } from "zod";

/**
 * The part of Backstage's descriptor format that is read here, from files and from its API; unknown fields are kept out of the
 * way, not refused. https://backstage.io/docs/features/software-catalog/descriptor-format
 */
const name = z.string().min(1).max(253);
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);
/** YAML reads `key:` without anything as null, and people write one reference without the list around it. */
const refs = z
  .union([
    z.array(z.string().min(1)),
    z
      .string()
      .min(1)
      .transform((one) => [one]),
  ])
  .nullish()
  .transform((value) => value ?? []);
/** Backstage wants texts; YAML reads `"5"` without its quotes as a number. */
const texts = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
  .nullish()
  .transform((value) => value ?? {});

const Metadata = z.object({
  name,
  namespace: text,
  title: text,
  annotations: texts,
});

/** As `GET /api/catalog/entities` gives them: what other entities' files say of this one stands here as well. */
const Relation = z.object({
  type: z.string(),
  targetRef: z.string().optional(),
  target: z.object({ kind: z.string(), namespace: z.string().optional(), name: z.string() }).optional(),
});

export const Entity = z.object({
  kind: z.string().transform((kind) => kind.toLowerCase()),
  metadata: Metadata,
  spec: z
    .object({
      type: text,
      owner: text,
      dependsOn: refs,
      dependencyOf: refs,
      consumesApis: refs,
      providesApis: refs,
      subcomponentOf: text,
    })
    .nullish()
    .transform((spec) => spec ?? NO_SPEC),
  relations: z
    .array(Relation)
    .nullish()
    .transform((value) => value ?? []),
});
export type Entity = z.infer<typeof Entity>;

const NO_SPEC = {
  ...{ type: undefined, owner: undefined, subcomponentOf: undefined },
  ...{ dependsOn: [], dependencyOf: [], consumesApis: [], providesApis: [] },
};

/** Entities of other kinds (System, Group, Location, ...) are common in the same files and are passed over. */
export const READ_KINDS = ["Component", "Resource", "API"] as const;
export const isRead = (kind: unknown): boolean =>
  typeof kind === "string" && READ_KINDS.some((known) => known.toLowerCase() === kind.toLowerCase());

/** What `spec` may hold of the graph, as Backstage spells it. */
export const GRAPH_KEYS = ["dependsOn", "dependencyOf", "consumesApis", "providesApis", "subcomponentOf"] as const;
