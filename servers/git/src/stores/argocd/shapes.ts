import { z } from "zod";

/**
 * The parts of Argo CD's answers that are read, by its `assets/swagger.json` (2.4 to 3.5). What is empty there is left out of
 * an answer, and Go writes empty lists as null.
 */
const text = z.string().default("");
const time = z.string().nullish();
const listOf = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

const SourceShape = z.object({
  repoURL: text,
  chart: text,
  targetRevision: text,
  ref: text,
  kustomize: z.object({ images: listOf(z.string()) }).nullish(),
  helm: z.object({ parameters: listOf(z.object({ name: text, value: text })) }).nullish(),
});
export type Source = z.output<typeof SourceShape>;

const InitiatorShape = z.object({ automated: z.boolean().default(false), username: text });
export type Initiator = z.output<typeof InitiatorShape>;

const HistoryShape = z.object({
  id: z.number().default(0),
  revision: text,
  revisions: listOf(z.string()),
  source: SourceShape.nullish(),
  sources: listOf(SourceShape),
  deployStartedAt: time,
  deployedAt: time,
  initiatedBy: InitiatorShape.nullish(),
});
export type History = z.output<typeof HistoryShape>;

const HealthShape = z.object({ status: text, message: text, lastTransitionTime: time });

const ResourceShape = z.object({
  group: text,
  kind: text,
  namespace: text,
  name: text,
  status: text,
  hook: z.boolean().default(false),
  requiresPruning: z.boolean().default(false),
  health: HealthShape.nullish(),
});
export type Resource = z.output<typeof ResourceShape>;

const OperationShape = z.object({
  phase: text,
  message: text,
  startedAt: time,
  finishedAt: time,
  operation: z.object({ initiatedBy: InitiatorShape.nullish() }).nullish(),
  syncResult: z
    .object({
      revision: text,
      revisions: listOf(z.string()),
      resources: listOf(z.object({ images: listOf(z.string()) })),
    })
    .nullish(),
});

export const ApplicationShape = z.object({
  metadata: z.object({ name: z.string().min(1), namespace: text }),
  spec: z.object({
    project: text,
    syncPolicy: z.object({ automated: z.object({ selfHeal: z.boolean().default(false) }).nullish() }).nullish(),
  }),
  status: z.object({
    history: listOf(HistoryShape),
    sync: z.object({ status: text, revision: text, revisions: listOf(z.string()) }).nullish(),
    health: HealthShape.nullish(),
    reconciledAt: time,
    controllerNamespace: text,
    operationState: OperationShape.nullish(),
    resources: listOf(ResourceShape),
    /** `appTree` since 3.0: the health of resources is kept in the resource tree, and not here. */
    resourceHealthSource: text,
    summary: z.object({ images: listOf(z.string()) }).nullish(),
  }),
});
export type Application = z.output<typeof ApplicationShape>;

export const ApplicationListShape = z.object({
  items: listOf(
    z.object({
      metadata: z.object({ name: z.string().min(1), namespace: text }),
      spec: z.object({ project: text }).nullish(),
    }),
  ),
});

const ResourceDiffShape = z.object({
  group: text,
  kind: text,
  namespace: text,
  name: text,
  targetState: text,
  liveState: text,
  normalizedLiveState: text,
  predictedLiveState: text,
});
export type ResourceDiff = z.output<typeof ResourceDiffShape>;
export const ManagedResourcesShape = z.object({ items: listOf(ResourceDiffShape) });

const NodeShape = z.object({
  ...{ group: text, kind: text, namespace: text, name: text },
  health: HealthShape.nullish(),
});
export type Node = z.output<typeof NodeShape>;
export const ResourceTreeShape = z.object({ nodes: listOf(NodeShape) });

export const VersionShape = z.object({ Version: z.string().min(1) });
export const UserInfoShape = z.object({ loggedIn: z.boolean().default(false), username: text, iss: text });
export const CanIShape = z.object({ value: z.string().min(1) });

/** How Argo CD says that something failed: gRPC's code and words. */
export const FailureShape = z.object({ code: z.number(), error: text, message: text });

/** Epoch milliseconds; undefined when there is none. */
export function instantOf(value: string | null | undefined): number | undefined {
  const at = value ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
