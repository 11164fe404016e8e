import type { AnchorStyle } from "./pages/anchors.ts";

/** One runbook page as its backend keeps it. */
export interface Page {
  /** Its stable name within the backend: a path such as `pricing/latency.md`, or a number. Unique. */
  readonly id: string;
  readonly title: string;
  readonly labels: readonly string[];
  /** As the backend counts versions; null when it does not say. */
  readonly version: string | null;
  /** Epoch milliseconds of its last update; null when the backend does not say. */
  readonly updatedAt: number | null;
  /** Who made that update; null when the backend does not say. */
  readonly editor: string | null;
  /** Markdown without its front matter, byte for byte. */
  readonly text: string;
  /** Where a person sees it; a section's anchor is appended as `#anchor`. */
  readonly url: string;
  /** How whatever shows it there makes anchors of headings. */
  readonly anchors: AnchorStyle;
}

/** One deployment of a service, as the deployer recorded it. */
export interface Deployment {
  readonly service: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What is looked for. A store that has all its pages at hand gives them all, whatever is sought. */
export interface Sought {
  /** The names that the service goes by, the catalog's own first. */
  readonly service: readonly string[];
  readonly alert?: string | undefined;
  /** The symptom in words. */
  readonly words?: string | undefined;
  /** The id or title of a page that is asked for. */
  readonly page?: string | undefined;
}

/** What can be read at one moment. The same object is returned as long as nothing has changed. */
export interface Library {
  readonly pages: readonly Page[];
  /** Whether these are all pages there are, and not only those that may fit. */
  readonly whole: boolean;
  /** Undefined when the backend does not know of deployments: then no page is judged by them. */
  readonly deployments: readonly Deployment[] | undefined;
  /** What could not be read, and why, for the answer's gaps. */
  readonly gaps: readonly string[];
  /** The page that a link on one of these leads to, when there is none such; undefined when there is, or nothing is known of it. */
  goneTarget(page: Page, link: string): string | undefined;
}

/** The port: what the tool needs from wherever runbooks are kept. */
export interface RunbookStore {
  /** What it is, for a message. */
  readonly name: string;
  /** Where people see all of it: what a search that found nothing is cited by. */
  readonly link: string;
  /** Pages that may fit, enough of them to rank. Throws CouldNotLook when there is nothing to read from. */
  find(sought: Sought, signal: AbortSignal): Promise<Library>;
}
