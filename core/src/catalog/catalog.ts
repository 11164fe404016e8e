import { CatalogError } from "../errors.ts";
import { BadRequest } from "../outcome.ts";
import { Entity, READ_KINDS } from "./entities.ts";
import { nearest } from "./nearest.ts";

/** A service (Component) or a resource (Resource), with what it calls and everything known about where it lives. */
export interface CatalogEntry {
  readonly name: string;
  readonly kind: "service" | "resource";
  readonly title?: string;
  readonly type: string;
  readonly owner?: string;
  /** Names it depends on: `dependsOn`, and the providers of the APIs it consumes. */
  readonly dependsOn: readonly string[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** `component:default/payments`, `resource:orders-db`, `default/payments` or `payments`: the name is what is left. */
export function nameOfRef(ref: string): string {
  const afterKind = ref.includes(":") && !ref.includes("://") ? ref.slice(ref.indexOf(":") + 1) : ref;
  return afterKind.includes("/") ? afterKind.slice(afterKind.lastIndexOf("/") + 1) : afterKind;
}

/** Annotations under which other systems know a component by another name. */
const ALIAS_ANNOTATIONS = ["backstage.io/kubernetes-id", "argocd/app-name", "oncall/service-name"] as const;

/** What a catalog file says, read and checked. */
export interface CatalogContents {
  readonly entries: readonly CatalogEntry[];
  /** References that lead nowhere: `from -> to`. */
  readonly dangling: readonly string[];
}

interface Known extends CatalogContents {
  readonly byName: ReadonlyMap<string, CatalogEntry>;
  /** Every name, title and alias, in lower case, to the name. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * The service catalog: what a name may be, what depends on what, and where each service's things are. Its file is read
 * on first use, since that takes longer than the rest of a server's start: whatever asks it first may throw.
 */
export class Catalog {
  readonly #read: () => CatalogContents;
  #contents: Known | undefined;

  constructor(read: () => CatalogContents) {
    this.#read = read;
  }

  get #known(): Known {
    this.#contents ??= index(this.#read());
    return this.#contents;
  }

  /** Reads it now unless that is done. Throws what is wrong with it. */
  check(): void {
    void this.#known;
  }

  /** References that lead nowhere, for `oncall recording check` and the operator's log. */
  get dangling(): readonly string[] {
    return this.#known.dangling;
  }

  get names(): readonly string[] {
    return [...this.#known.byName.keys()];
  }

  entries(): readonly CatalogEntry[] {
    return [...this.#known.byName.values()];
  }

  /** By name, else by title or the name another system uses for it; case does not matter. */
  find(name: string): CatalogEntry | undefined {
    const canonical = this.#known.names.get(name.trim().toLowerCase());
    return canonical === undefined ? undefined : this.#known.byName.get(canonical);
  }

  /** The entry, or a {@link BadRequest} that offers the nearest names. */
  get(name: string): CatalogEntry {
    const entry = this.find(name);
    if (entry) return entry;
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
  for (const entry of contents.entries) {
    for (const alias of [entry.title, ...ALIAS_ANNOTATIONS.map((annotation) => entry.annotations[annotation])]) {
      if (alias && !names.has(alias.toLowerCase())) names.set(alias.toLowerCase(), entry.name);
    }
  }
  return { ...contents, names, byName: new Map(contents.entries.map((entry) => [entry.name, entry])) };
}

/** Builds the catalog from parsed YAML or JSON documents. `source` names the file in errors. */
export function catalogFromDocuments(documents: readonly unknown[], source: string): Catalog {
  const contents = readDocuments(documents, source);
  return new Catalog(() => contents);
}

function readDocuments(documents: readonly unknown[], source: string): CatalogContents {
  const entities = documents.flatMap((document, index): Entity[] => {
    if (document === null || document === undefined) return [];
    const { kind } = document as { kind?: unknown };
    if (kind === undefined)
      throw new CatalogError(`${source}, document ${index + 1}: kind is missing; one of ${READ_KINDS.join(", ")}`);
    if (!READ_KINDS.some((known) => known === kind)) return [];
    const parsed = Entity.safeParse(document);
    if (parsed.success) return [parsed.data];
    const [issue] = parsed.error.issues;
    throw new CatalogError(
      `${source}, document ${index + 1}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not valid"}`,
    );
  });
  const nodes = entities.filter((entity) => entity.kind !== "API");
  const known = new Set<string>();
  for (const { metadata } of nodes) {
    if (known.has(metadata.name)) throw new CatalogError(`${source}: two entities are named ${metadata.name}`);
    known.add(metadata.name);
  }
  const providers = new Map<string, string[]>();
  for (const node of nodes) {
    if (node.kind !== "Component") continue;
    for (const api of node.spec.providesApis.map(nameOfRef))
      providers.set(api, [...(providers.get(api) ?? []), node.metadata.name]);
  }
  const dangling: string[] = [];
  const entries = nodes.map((node): CatalogEntry => {
    const direct = node.spec.dependsOn.map(nameOfRef);
    const byApi =
      node.kind === "Component"
        ? node.spec.consumesApis.map(nameOfRef).flatMap((api) => providers.get(api) ?? [api])
        : [];
    const all = [...new Set([...direct, ...byApi])].filter((name) => name !== node.metadata.name);
    dangling.push(...all.filter((name) => !known.has(name)).map((name) => `${node.metadata.name} -> ${name}`));
    return {
      name: node.metadata.name,
      kind: node.kind === "Resource" ? "resource" : "service",
      type: node.spec.type,
      ...(node.metadata.title === undefined ? {} : { title: node.metadata.title }),
      ...(node.spec.owner === undefined ? {} : { owner: node.spec.owner }),
      dependsOn: all.filter((name) => known.has(name)),
      annotations: node.metadata.annotations,
    };
  });
  return { entries, dangling };
}

/** Parses a multi-document YAML (or JSON) catalog. Loads the YAML parser on first use. */
export async function parseCatalog(text: string, source: string): Promise<Catalog> {
  const read = await catalogReader(text, source);
  const contents = read();
  return new Catalog(() => contents);
}

/** Gets ready to parse a catalog: what is returned does it, at once and without waiting for anything. */
export async function catalogReader(text: string, source: string): Promise<() => CatalogContents> {
  const { parseAllDocuments } = await import("yaml");
  return () => {
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
    return readDocuments(values, source);
  };
}
