/** Applications as Argo CD answers with them. Instants have whole seconds, as Kubernetes writes them. */
export const second = (at: string | number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

export interface Source {
  readonly repoURL: string;
  readonly path?: string;
  readonly chart?: string;
  readonly targetRevision?: string;
  readonly ref?: string;
  readonly kustomize?: { readonly images: readonly string[] };
  readonly helm?: { readonly parameters: readonly { name: string; value: string }[] };
}

export interface HistoryOptions {
  readonly revision?: string;
  readonly revisions?: readonly string[];
  readonly at: string;
  readonly by?: string;
  readonly automated?: boolean;
  readonly source?: Source;
  readonly sources?: readonly Source[];
}

export interface ResourceOptions {
  readonly group?: string;
  readonly kind: string;
  readonly name: string;
  readonly status?: "Synced" | "OutOfSync" | "Unknown";
  readonly health?: { readonly status: string; readonly message?: string };
  readonly hook?: boolean;
  readonly requiresPruning?: boolean;
}

export interface ApplicationOptions {
  readonly name: string;
  readonly namespace?: string;
  readonly project?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly source?: Source;
  readonly sources?: readonly Source[];
  readonly history?: readonly HistoryOptions[];
  /** The id of the first roll-out in `history`: beyond 0 when older ones are forgotten. */
  readonly firstId?: number;
  readonly revisionHistoryLimit?: number;
  readonly sync?: {
    readonly status: "Synced" | "OutOfSync" | "Unknown";
    readonly revision?: string;
    readonly revisions?: readonly string[];
  };
  readonly health?: { readonly status: string; readonly message?: string; readonly lastTransitionTime?: string };
  readonly reconciledAt?: string;
  readonly operationState?: object;
  readonly resources?: readonly ResourceOptions[];
  /** `appTree` since 3.0, where resources carry no health of their own. */
  readonly resourceHealthSource?: string;
  readonly images?: readonly string[];
  readonly selfHeal?: boolean;
}

export type Application = ReturnType<typeof application>;

const SHOP: Source = { repoURL: "https://github.com/example/shop.git", path: "deploy", targetRevision: "main" };

export function application(options: ApplicationOptions) {
  const { name, namespace = "argocd", project = "shop", history = [], firstId = 0 } = options;
  const { resources = [], images, selfHeal, revisionHistoryLimit } = options;
  const source = options.source ?? SHOP;
  const last = history.at(-1);
  const sync = options.sync ?? {
    status: "Synced" as const,
    ...(last?.revisions ? { revisions: last.revisions } : { revision: last?.revision ?? "" }),
  };
  return {
    metadata: { name, namespace, uid: `uid-${name}`, ...(options.labels ? { labels: options.labels } : {}) },
    spec: {
      ...(options.sources ? { sources: options.sources } : { source }),
      destination: { server: "https://kubernetes.default.svc", namespace: project },
      project,
      ...(revisionHistoryLimit === undefined ? {} : { revisionHistoryLimit }),
      ...(selfHeal === undefined ? {} : { syncPolicy: { automated: { prune: true, selfHeal } } }),
    },
    status: {
      sync: { ...sync, comparedTo: { destination: {}, source } },
      health: options.health ?? { status: "Healthy" },
      history: history.map((one, index) => ({
        id: firstId + index,
        deployStartedAt: second(one.at),
        deployedAt: second(one.at),
        initiatedBy: one.by === undefined ? { automated: one.automated ?? true } : { username: one.by },
        ...(one.sources
          ? { sources: one.sources, revisions: one.revisions ?? [] }
          : { source: one.source ?? source, revision: one.revision ?? "" }),
      })),
      controllerNamespace: "argocd",
      ...(options.reconciledAt ? { reconciledAt: second(options.reconciledAt) } : {}),
      ...(options.operationState ? { operationState: options.operationState } : {}),
      ...(resources.length > 0
        ? { resources: resources.map((one) => ({ version: "v1", namespace: project, status: "Synced", ...one })) }
        : {}),
      ...(options.resourceHealthSource ? { resourceHealthSource: options.resourceHealthSource } : {}),
      ...(images ? { summary: { images } } : {}),
    },
  };
}

/** A resource as managed-resources tells it: each state is a JSON text, `null` where there is none. */
export function managed(
  resource: { group?: string; kind: string; name: string; namespace?: string },
  states: { target: unknown; live: unknown; predicted?: unknown; normalized?: unknown },
) {
  return {
    ...{ namespace: "shop", ...resource },
    targetState: JSON.stringify(states.target),
    liveState: JSON.stringify(states.live),
    ...(states.predicted === undefined ? {} : { predictedLiveState: JSON.stringify(states.predicted) }),
    ...(states.normalized === undefined ? {} : { normalizedLiveState: JSON.stringify(states.normalized) }),
    modified: true,
  };
}
export type Managed = ReturnType<typeof managed>;
