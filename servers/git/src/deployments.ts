import type { CatalogEntry } from "@oncall-copilot/core";
import type { ExamineOptions, Finding } from "@oncall-copilot/core/server";

/** A roll-out as the deployer tells it. */
export interface Rollout {
  /** Catalog name. */
  readonly service: string;
  /** As recorded: a full or abbreviated commit id. */
  readonly revision: string;
  /** When it began, epoch milliseconds. */
  readonly at: number;
  readonly by: string;
  /** What the deployer calls that which it rolled out, where it has a name for it: one service may have several. */
  readonly application?: string;
  /** Where the revision is from when that is not the service's repository: `chart redis of https://charts.example`. */
  readonly origin?: string;
  /** The repository that the revision is of as OWNER/NAME, where there are several. */
  readonly repository?: string;
  /** What else was rolled out with it, from other sources: `revision 4f1c of https://git.example/config`. */
  readonly others?: readonly string[];
  /** Container images, as far as the deployer tells them. */
  readonly images?: readonly string[];
  /** Where a person sees it in the deployer. */
  readonly url?: string;
}

/** Which deployments are asked for. */
export interface DeployedQuery {
  readonly services: readonly CatalogEntry[];
  /** Epoch milliseconds: roll-outs since then, and for each service at least the one before. */
  readonly since: number;
}

/** What the deployer tells of the services asked about. */
export interface Deployed {
  /** Up to now, oldest first. */
  readonly rollouts: readonly Rollout[];
  /** Names of services whose roll-outs could not be seen; their commits may be live or not. */
  readonly unknown: ReadonlySet<string>;
  /** What could not be seen, and why. */
  readonly gaps: readonly string[];
  /** How things stand at this moment, of the same look. Not there when the deployer does not tell, such as a recording. */
  readonly state?: (signal: AbortSignal) => Promise<StateFound>;
}

export interface StateFound {
  readonly states: readonly LiveState[];
  readonly gaps: readonly string[];
}

/** What runs against what should run, of one application of a service. Its words were written by strangers. */
export interface LiveState {
  /** Catalog name. */
  readonly service: string;
  readonly application: string;
  /** Where a person sees it. */
  readonly url: string;
  /** Argo CD's word: `Synced`, `OutOfSync`, `Unknown`. */
  readonly sync: string;
  /** Argo CD's word: `Healthy`, `Progressing`, `Degraded`, `Suspended`, `Missing`, `Unknown`. */
  readonly health: string;
  readonly healthMessage: string | undefined;
  /** Since when it has had that health, epoch milliseconds. */
  readonly healthSince: number | undefined;
  /** The revision that what runs is compared with. */
  readonly revision: string;
  /** When that very revision was rolled out last; undefined when another one was, so that this one waits for it. */
  readonly rolledOutAt: number | undefined;
  /** When it was compared, epoch milliseconds. */
  readonly comparedAt: number | undefined;
  /** The last synchronization that did not succeed, when nothing came after it. */
  readonly failedSync: FailedSync | undefined;
  /** Whether the deployer puts differences right by itself. */
  readonly selfHeals: boolean;
  /** Resources that are not as they should be, those with fields first. */
  readonly drifted: readonly Drifted[];
  /** `Deployment/pricing Degraded: ...` */
  readonly unhealthy: readonly string[];
}

export interface FailedSync {
  /** Argo CD's word: `Failed`, `Error`, `Running`, `Terminating`. */
  readonly phase: string;
  readonly at: number;
  readonly by: string;
  readonly revision: string;
  readonly message: string;
}

/** One resource that is not as it should be. */
export interface Drifted {
  /** `Deployment/pricing` */
  readonly resource: string;
  /** `hidden`: it differs, and what it holds is not shown. `unread`: it differs, and in what could not be read. */
  readonly how: "differs" | "missing" | "extra" | "hidden" | "unread";
  readonly fields: readonly DifferingField[];
}

export interface DifferingField {
  readonly path: string;
  /** Only what is redacted differs, so neither value is given. */
  readonly hidden: boolean;
  /** As JSON, shortened; undefined when the field is not there. */
  readonly desired: string | undefined;
  readonly live: string | undefined;
  /** Who set what is live and when (epoch milliseconds), where the cluster tells. */
  readonly by: string | undefined;
  readonly at: number | undefined;
}

/** What was rolled out when, and how it stands. */
export interface Deployments {
  /** Undefined when nothing tells of deployments. Throws `CouldNotLook` when not even one service could be looked at. */
  deployed(query: DeployedQuery, signal: AbortSignal): Promise<Deployed | undefined>;
}

/** Deployments of a backend that is connected to. */
export interface OpenDeployments extends Deployments {
  /** Looks at the deployer. Not there when deployments come from a file, or from nowhere. */
  examine?(options: ExamineOptions): Promise<readonly Finding[]>;
  close?(): Promise<void>;
}
