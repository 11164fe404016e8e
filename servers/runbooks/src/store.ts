/** One runbook page as its backend keeps it. */
export interface Page {
  /** Its stable name within the backend: a path such as `pricing/latency.md`. Unique. */
  readonly id: string;
  readonly title: string;
  readonly labels: readonly string[];
  /** As the backend counts versions; null when it does not say. */
  readonly version: string | null;
  /** Epoch milliseconds of its last update; null when the backend does not say. */
  readonly updatedAt: number | null;
  /** Markdown without its front matter, byte for byte. */
  readonly text: string;
  /** Where a person sees it; a section's anchor is appended as `#anchor`. */
  readonly url: string;
}

/** One deployment of a service, as the deployer recorded it. */
export interface Deployment {
  readonly service: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** All that can be read at one moment. The same object is returned as long as nothing has changed. */
export interface Library {
  readonly pages: readonly Page[];
  /** Undefined when the backend does not know of deployments: then no page is judged by them. */
  readonly deployments: readonly Deployment[] | undefined;
  /** What could not be read, and why, for the answer's gaps. */
  readonly gaps: readonly string[];
}

/** The port: what the tool needs from wherever runbooks are kept. */
export interface RunbookStore {
  /** What it is, for a message. */
  readonly name: string;
  /** Throws CouldNotLook when there is nothing to read from. */
  library(signal: AbortSignal): Promise<Library>;
}
