import type { Catalog } from "../../catalog/catalog.ts";
import { nearest } from "../../catalog/nearest.ts";
import type { FileProblems } from "./problems.ts";

/** What the check of one file has to know of the others. */
export interface CheckContext {
  /** The recording's folder, absolute. */
  readonly dir: string;
  /** Undefined when the catalog is itself wrong: then nothing is said about names. */
  readonly catalog: Catalog | undefined;
  /** Epoch milliseconds; undefined when the alert is itself wrong. */
  readonly asOf: number | undefined;
}

/** Counts names that the catalog does not have, and tells each once, with what it may have meant. */
export class UnknownNames {
  readonly #seen = new Map<string, { count: number; line: number }>();
  readonly #catalog: Catalog | undefined;

  constructor(catalog: Catalog | undefined) {
    this.#catalog = catalog;
  }

  add(name: string, line: number): void {
    if (!this.#catalog || this.#catalog.find(name)) return;
    const seen = this.#seen.get(name);
    if (seen) seen.count++;
    else this.#seen.set(name, { count: 1, line });
  }

  tell(problems: FileProblems, field: string): void {
    for (const [name, { count, line }] of this.#seen) {
      const [near] = nearest(name, this.#catalog?.names ?? [], 1);
      const hint = near ? `did you mean "${near}"?` : "add it, or nobody can ask for these rows";
      problems.warning(
        `${field} "${name}" is not in catalog.yaml (${count} ${count === 1 ? "row" : "rows"}); ${hint}`,
        line,
        `${field} not in catalog.yaml`,
      );
    }
  }
}
