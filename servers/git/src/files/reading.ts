import type { CatalogEntry } from "@oncall-copilot/core";
import type { ToolContext } from "@oncall-copilot/core/server";
import type { Ownership } from "../paths/ownership.ts";
import type { Repository } from "../store.ts";
import type { ListedFile } from "./answer.ts";
import type { Chosen } from "./choose-revision.ts";

/** What is asked for, of whom, and where it is looked up. */
export interface Reading {
  readonly path: string;
  readonly startLine: number;
  /** Most lines; the caller may leave it to us. */
  readonly lines: number | undefined;
  readonly entry: CatalogEntry;
  readonly repository: Repository;
  readonly ownership: Ownership;
  readonly chosen: Chosen;
  /** `https://github.com/ORG/REPO`, when the catalog says so. */
  readonly webUrl: string | undefined;
  /** With the root: what there is in the service's other repository. */
  readonly also: readonly ListedFile[];
  /** When the revision came onto the branch, epoch milliseconds. */
  readonly at: number;
  readonly context: ToolContext;
}
