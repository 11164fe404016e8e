import type { Mapping } from "./mapping.ts";
import type { LogFields } from "./presets.ts";
import type { Searcher } from "./search.ts";

/** What one call has in hand to ask with. */
export interface Reach {
  readonly search: Searcher;
  readonly fields: LogFields;
  readonly mapping: Mapping;
  /** Holds the index still; undefined where this OpenSearch cannot, or its role may not. */
  pit(): Promise<string | undefined>;
  /** Where a person sees one document. */
  documentUrl(index: string, id: string): string;
}
