import { z } from "zod";

/**
 * The part of Backstage's descriptor format that is read here; unknown fields are kept out of the way, not refused.
 * https://backstage.io/docs/features/software-catalog/descriptor-format
 */
const name = z.string().min(1).max(253);
const refs = z.array(z.string().min(1)).default([]);

const Metadata = z.object({
  name,
  namespace: z.string().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  annotations: z.record(z.string(), z.string()).default({}),
  labels: z.record(z.string(), z.string()).default({}),
  tags: z.array(z.string()).default([]),
  links: z.array(z.object({ url: z.string(), title: z.string().optional() })).default([]),
});

const Component = z.object({
  kind: z.literal("Component"),
  metadata: Metadata,
  spec: z.object({
    type: z.string().default("service"),
    lifecycle: z.string().optional(),
    owner: z.string().optional(),
    system: z.string().optional(),
    dependsOn: refs,
    consumesApis: refs,
    providesApis: refs,
  }),
});

const Resource = z.object({
  kind: z.literal("Resource"),
  metadata: Metadata,
  spec: z.object({ type: z.string().default("resource"), owner: z.string().optional(), dependsOn: refs }),
});

const Api = z.object({
  kind: z.literal("API"),
  metadata: Metadata,
  spec: z.object({ type: z.string().optional(), owner: z.string().optional() }),
});

/** Entities of other kinds (System, Group, Location, ...) are common in the same files and are passed over. */
export const READ_KINDS = ["Component", "Resource", "API"] as const;
export const Entity = z.discriminatedUnion("kind", [Component, Resource, Api]);
export type Entity = z.infer<typeof Entity>;
