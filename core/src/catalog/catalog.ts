import { CatalogError } from "../errors.ts";
import { BadRequest } from "../outcome.ts";
import type { CatalogContents, CatalogEntry, CatalogProblem } from "./contents.ts";
import { nearest } from "./nearest.ts";
import { readEntities } from "./read-entities.ts";

/** Annotations under which other systems know a component by another name. */
const ALIAS_ANNOTATIONS = ["backstage.io/kubernetes-id", "argocd/app-name", "oncall/service-name"] as const;

interface Known extends CatalogContents {
  readonly byName: ReadonlyMap<string, CatalogEntry>;
  /** Every name, title and alias, in lower case, to the name. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * The service catalog: what a name may be, what depends on what, and where each service's things are. Its file is read
 * on first use, since that takes longer than the rest of a server's start: whatever asks it first may throw. A source that is read
 * again now and then gives other contents, and each use goes by the newest.
 */
export class Catalog {
  readonly #read: () => CatalogContents;
  #indexed: { readonly contents: CatalogContents; readonly known: Known } | undefined;

  /** `read` is called at each use: where nothing has changed it gives the very same contents. */
  constructor(read: () => CatalogContents) {
    this.#read = read;
  }

  get #known(): Known {
    const contents = this.#read();
    if (this.#indexed?.contents !== contents) this.#indexed = { contents, known: index(contents) };
    return this.#indexed.known;
  }

  /** Reads it now unless that is done. Throws what is wrong with it. */
  check(): void {
    void this.#known;
  }

  /** What of it does not count: for the doctor, for the gaps of reports, and for `oncall recording check`. */
  get problems(): readonly CatalogProblem[] {
    return this.#known.problems;
  }

  /** Why it is older than it should be; undefined when it is not. */
  get stale(): string | undefined {
    return this.#known.stale;
  }

  /** References that lead nowhere, or to more than one place, and other edges that are lost, of the entries named. */
  lostEdges(names: readonly string[]): readonly CatalogProblem[] {
    return this.problems.filter(({ from }) => names.includes(from));
  }

  /** The same catalog with dependencies that it lacks. */
  withEdges(edges: readonly { readonly from: string; readonly to: string }[]): Catalog {
    const { entries, ...rest } = this.#known;
    const more = entries.map((entry) => {
      const added = edges.flatMap(({ from, to }) => (from === entry.name ? [to] : []));
      return added.length === 0 ? entry : { ...entry, dependsOn: [...new Set([...entry.dependsOn, ...added])] };
    });
    const contents = { ...rest, entries: more };
    return new Catalog(() => contents);
  }

  get names(): readonly string[] {
    return [...this.#known.byName.keys()];
  }

  entries(): readonly CatalogEntry[] {
    return [...this.#known.byName.values()];
  }

  /** By name or reference, else by title or the name another system uses for it; case does not matter. */
  find(name: string): CatalogEntry | undefined {
    const canonical = this.#known.names.get(name.trim().toLowerCase());
    return canonical === undefined ? undefined : this.#known.byName.get(canonical);
  }

  /** The entry, or a {@link BadRequest} that offers the nearest names. */
  get(name: string): CatalogEntry {
    const entry = this.find(name);
    if (entry) return entry;
    const same = this.entries().filter(({ metadataName }) => metadataName.toLowerCase() === name.trim().toLowerCase());
    if (same.length > 1) {
      const choices = same.map((one) => one.name).join(", ");
      throw new BadRequest(`"${name}" is the name of several: say which of ${choices}`, { tryNext: [choices] });
    }
    const near = nearest(name, this.names, 3);
    const hint = near.length > 0 ? `did you mean ${near.join(", ")}?` : "";
    const all =
      this.names.length <= 20
        ? `the catalog has ${this.names.join(", ")}`
        : `the catalog has ${this.names.length} names`;
    throw new BadRequest(`unknown service "${name}"${hint ? `; ${hint}` : ""}`, { tryNext: [all] });
  }
}

function index(contents: CatalogContents): Known {
  // A name comes before whatever title or alias another has.
  const names = new Map<string, string>();
  for (const { name } of contents.entries) if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
  for (const { name, id } of contents.entries) if (!names.has(id)) names.set(id, name);
  for (const entry of contents.entries) {
    for (const alias of [entry.title, ...ALIAS_ANNOTATIONS.map((annotation) => entry.annotations[annotation])]) {
      if (alias && !names.has(alias.toLowerCase())) names.set(alias.toLowerCase(), entry.name);
    }
  }
  return { ...contents, names, byName: new Map(contents.entries.map((entry) => [entry.name, entry])) };
}

/** Builds the catalog from parsed YAML or JSON documents. `source` names the file in errors. */
export function catalogFromDocuments(documents: readonly unknown[], source: string): Catalog {
  const contents = readEntities(documents, source);
  return new Catalog(() => contents);
}

/** Parses a multi-document YAML (or JSON) catalog. Loads the YAML parser on first use. */
export async function parseCatalog(text: string, source: string): Promise<Catalog> {
  const read = await catalogReader(text, source);
  read();
  return new Catalog(read);
}

/** Gets ready to parse a catalog: what is returned does it when it is first called, at once and without waiting for anything. */
export async function catalogReader(text: string, source: string): Promise<() => CatalogContents> {
  const { parseAllDocuments } = await import("yaml");
  const parse = (): CatalogContents => {
    const documents = parseAllDocuments(text);
    const parsed = Array.isArray(documents) ? documents : [];
    for (const [index, document] of parsed.entries()) {
      const [error] = document.errors;
      if (error) throw new CatalogError(`${source}, document ${index + 1}: ${error.message}`);
    }
    const values = parsed.map((document, index): unknown => {
      try {
        return document.toJS();
      } catch (error) {
        // Aliases without an anchor, or so many that they are an attack.
        throw new CatalogError(
          `${source}, document ${index + 1}: ${error instanceof Error ? error.message : "not valid"}`,
        );
      }
    });
    return readEntities(values, source);
  };
  let contents: CatalogContents | undefined;
  return () => {
    contents ??= parse();
    return contents;
  };
}
