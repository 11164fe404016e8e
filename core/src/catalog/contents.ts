/** A service (Component) or a resource (Resource), with what it calls and everything known about where it lives. */
export interface CatalogEntry {
  /** What it is called here: its own name, or, where several share that, what tells it apart: `team-b/api`. Unique. */
  readonly name: string;
  /** Backstage's identity, `kind:namespace/name` in lower case. */
  readonly id: string;
  /** `metadata.name`: what other systems are likely to call it. */
  readonly metadataName: string;
  readonly kind: "service" | "resource";
  readonly title?: string;
  readonly type: string;
  readonly owner?: string;
  /** Names it depends on: `dependsOn`, whatever says it is a `dependencyOf` it, its parts, and the providers of the APIs it consumes. */
  readonly dependsOn: readonly string[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** What of the catalog does not count, although the rest does. */
export interface CatalogProblem {
  readonly code: "leads_nowhere" | "ambiguous" | "declared_twice" | "misspelt_key" | "unreadable";
  /** Whose entity it stands in. */
  readonly from: string;
  /** What is wrong, and what would be right. */
  readonly message: string;
}

/** What a catalog says, read and checked. */
export interface CatalogContents {
  readonly entries: readonly CatalogEntry[];
  readonly problems: readonly CatalogProblem[];
  /** Why it is older than it should be, where its source could not be read again. */
  readonly stale?: string;
}
