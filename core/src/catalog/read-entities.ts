import { CatalogError } from "../errors.ts";
import type { CatalogContents, CatalogEntry, CatalogProblem } from "./contents.ts";
import { type Entity, Entity as EntitySchema, GRAPH_KEYS, isRead, READ_KINDS } from "./entities.ts";
import { editDistance } from "./nearest.ts";
import { identity, type Reference, readReference } from "./reference.ts";

const DEFAULT_NAMESPACE = "default";

/** An entity that a service or resource can be asked about, or an API that leads from one to another. */
interface Node {
  readonly id: string;
  readonly kind: string;
  readonly namespace: string;
  readonly entity: Entity;
}

/**
 * Turns parsed documents into entries. A document may be an entity, or a list of them as Backstage's API gives it. `lenient`: an entity that
 * cannot be read is a problem of the catalog, and no error: others keep it, and cannot be asked to mend it at once.
 */
export function readEntities(
  documents: readonly unknown[],
  source: string,
  { lenient = false }: { readonly lenient?: boolean } = {},
): CatalogContents {
  const problems: CatalogProblem[] = [];
  const nodes = new Map<string, Node>();
  for (const { entity, where } of parsed(documents, source, problems, lenient)) {
    const namespace = (entity.metadata.namespace ?? DEFAULT_NAMESPACE).toLowerCase();
    const id = identity(entity.kind, namespace, entity.metadata.name);
    if (nodes.has(id))
      problems.push({ code: "declared_twice", from: id, message: `${id} is declared twice; ${where} is passed over` });
    else nodes.set(id, { id, kind: entity.kind, namespace, entity });
  }
  const handles = handlesOf([...nodes.values()]);
  const edges = edgesOf(nodes, handles, problems);
  const entries = [...nodes.values()].flatMap(({ id, kind, entity }): CatalogEntry[] => {
    const name = handles.get(id);
    if (name === undefined) return [];
    const { metadata, spec } = entity;
    return [
      {
        name,
        id,
        metadataName: metadata.name,
        kind: kind === "resource" ? "resource" : "service",
        type: spec.type ?? (kind === "resource" ? "resource" : "service"),
        ...(metadata.title === undefined ? {} : { title: metadata.title }),
        ...(spec.owner === undefined ? {} : { owner: spec.owner }),
        dependsOn: [...(edges.get(id) ?? [])].flatMap((to) => handles.get(to) ?? []),
        annotations: metadata.annotations,
      },
    ];
  });
  return { entries, problems };
}

function* parsed(documents: readonly unknown[], source: string, problems: CatalogProblem[], lenient: boolean) {
  for (const [index, document] of documents.entries()) {
    const items = Array.isArray(document) ? document : [document];
    for (const [place, item] of items.entries()) {
      if (item === null || item === undefined) continue;
      const where = `${source}, document ${index + 1}${Array.isArray(document) ? `, item ${place + 1}` : ""}`;
      const { kind } = item as { kind?: unknown };
      if (kind === undefined) throw new CatalogError(`${where}: kind is missing; one of ${READ_KINDS.join(", ")}`);
      if (!isRead(kind)) continue;
      const read = EntitySchema.safeParse(item);
      if (!read.success) {
        const [issue] = read.error.issues;
        const message = `${where}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not valid"}`;
        if (!lenient) throw new CatalogError(message);
        problems.push({ code: "unreadable", from: where, message });
        continue;
      }
      problems.push(...misspelt(item as { spec?: unknown }, read.data));
      yield { entity: read.data, where };
    }
  }
}

/** Keys of `spec` that are nearly one that carries an edge: `dependOn`, `depends_on`. Backstage itself passes them over. */
function misspelt({ spec }: { readonly spec?: unknown }, { metadata }: Entity): CatalogProblem[] {
  if (spec === null || typeof spec !== "object") return [];
  const plain = (key: string) => key.replace(/[^a-z]/gi, "").toLowerCase();
  return Object.keys(spec).flatMap((key): CatalogProblem[] => {
    if ((GRAPH_KEYS as readonly string[]).includes(key)) return [];
    const meant = GRAPH_KEYS.find((known) => editDistance(plain(key), plain(known)) <= 1);
    if (meant === undefined) return [];
    const message = `${metadata.name}: spec.${key} is not read; ${meant} was meant`;
    return [{ code: "misspelt_key", from: metadata.name, message }];
  });
}

/**
 * What each entity is called here. A name that several share is the service's in the namespace `default`; the others are told
 * apart by what differs, as in `resource:payments` or `team-b/api`. Where none comes first, each is told apart.
 */
function handlesOf(nodes: readonly Node[]): ReadonlyMap<string, string> {
  const byName = new Map<string, Node[]>();
  for (const node of nodes) {
    if (node.kind === "api") continue;
    const key = node.entity.metadata.name.toLowerCase();
    byName.set(key, [...(byName.get(key) ?? []), node]);
  }
  const handles = new Map<string, string>();
  for (const same of byName.values()) {
    const components = same.filter(({ kind }) => kind === "component");
    const services = components.length > 0 ? components : same;
    const first =
      services.length === 1 ? services[0] : services.find(({ namespace }) => namespace === DEFAULT_NAMESPACE);
    for (const node of same) {
      const { name } = node.entity.metadata;
      const alike = same.filter(({ namespace }) => namespace === node.namespace);
      const kind = alike.length > 1 ? `${node.kind}:` : "";
      const namespace = same.length > alike.length ? `${node.namespace}/` : "";
      handles.set(node.id, node === first ? name : `${kind}${namespace}${name}`);
    }
  }
  return handles;
}

/** Ids that each id depends on: by every form in which Backstage takes an edge, from either of its ends. */
function edgesOf(
  nodes: ReadonlyMap<string, Node>,
  handles: ReadonlyMap<string, string>,
  problems: CatalogProblem[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const edges = new Map<string, Set<string>>();
  const byName = new Map<string, Node[]>();
  for (const node of nodes.values()) {
    const name = node.entity.metadata.name.toLowerCase();
    byName.set(name, [...(byName.get(name) ?? []), node]);
  }
  const add = (from: string, to: string) => {
    if (from !== to) edges.set(from, (edges.get(from) ?? new Set()).add(to));
  };
  /** The node meant by a reference that stands in `node`, told when there is none or more than one. */
  const resolve = (node: Node, text: string, kinds: readonly string[], quiet = false): Node | undefined => {
    const found = candidates(byName, readReference(text), node.namespace, kinds);
    if (found.length === 1) return found[0];
    const from = handles.get(node.id) ?? node.id;
    if (found.length > 1) {
      const choices = found.map(({ id }) => id).join(" or ");
      problems.push({ code: "ambiguous", from, message: `${from} -> ${text} may be ${choices}: write which` });
    } else if (!quiet)
      problems.push({
        code: "leads_nowhere",
        from,
        message: `${from} -> ${text} leads nowhere; add the entity or drop the reference`,
      });
    return undefined;
  };
  const THINGS = ["component", "resource"];
  const providers = new Map<string, Set<string>>();
  const provide = (api: Node | undefined, by: string) => {
    if (api) providers.set(api.id, (providers.get(api.id) ?? new Set()).add(by));
  };
  for (const node of nodes.values()) {
    for (const ref of node.entity.spec.providesApis) {
      // An API that only its provider's file names is as good as one that has a document of its own.
      const api = resolve(node, ref, ["api"], true);
      if (api) provide(api, node.id);
      else providers.set(unlisted(node, ref), (providers.get(unlisted(node, ref)) ?? new Set()).add(node.id));
    }
    for (const { type, ref } of relationsOf(node.entity)) {
      if (type === "providesapi") provide(resolve(node, ref, ["api"], true), node.id);
      if (type === "apiprovidedby") {
        const by = resolve(node, ref, THINGS, true);
        if (by) provide(node, by.id);
      }
    }
  }
  for (const node of nodes.values()) {
    const { spec } = node.entity;
    for (const ref of spec.dependsOn) {
      const to = resolve(node, ref, [...THINGS, "api"]);
      if (to?.kind === "api") for (const by of providers.get(to.id) ?? []) add(node.id, by);
      else if (to) add(node.id, to.id);
    }
    for (const ref of spec.dependencyOf) {
      const of = resolve(node, ref, THINGS);
      if (of) add(of.id, node.id);
    }
    for (const ref of spec.consumesApis) {
      const api = resolve(node, ref, ["api"], true);
      const by = providers.get(api?.id ?? unlisted(node, ref));
      for (const provider of by ?? []) add(node.id, provider);
      if (by === undefined) {
        // People write a component's name where the name of its API belongs.
        const meant = api ? undefined : resolve(node, ref, THINGS, true);
        const from = handles.get(node.id) ?? node.id;
        if (meant) add(node.id, meant.id);
        else problems.push({ code: "leads_nowhere", from, message: `${from} -> ${ref}: nothing provides this API` });
      }
    }
    // A part's trouble is the whole's.
    const whole = spec.subcomponentOf === undefined ? undefined : resolve(node, spec.subcomponentOf, ["component"]);
    if (whole) add(whole.id, node.id);
    for (const { type, ref } of relationsOf(node.entity)) addRelation(type, ref, node, resolve, providers, add);
  }
  return edges;
}

/** Relations repeat from both ends what the files say; one whose other end is not read here is no fault of the catalog's. */
function addRelation(
  type: string,
  ref: string,
  node: Node,
  resolve: (node: Node, text: string, kinds: readonly string[], quiet: boolean) => Node | undefined,
  providers: ReadonlyMap<string, ReadonlySet<string>>,
  add: (from: string, to: string) => void,
): void {
  if (type === "consumesapi") {
    const api = resolve(node, ref, ["api"], true);
    for (const by of (api && providers.get(api.id)) ?? []) add(node.id, by);
    return;
  }
  const other = resolve(node, ref, ["component", "resource"], true);
  if (!other || node.kind === "api") return;
  if (type === "dependson" || type === "haspart") add(node.id, other.id);
  if (type === "dependencyof" || type === "partof") add(other.id, node.id);
}

const relationsOf = ({ relations }: Entity) =>
  relations.map(({ type, targetRef, target }) => ({
    type: type.toLowerCase(),
    ref: targetRef ?? identity(target?.kind ?? "", target?.namespace ?? DEFAULT_NAMESPACE, target?.name ?? ""),
  }));

/** The id of an API that has no document: by its full reference, seen from the namespace of who names it. */
function unlisted({ namespace }: Node, ref: string): string {
  const { namespace: named, name } = readReference(ref);
  return identity("api", named ?? namespace, name);
}

/**
 * What a reference may mean. Its own kind and namespace decide; where it has no namespace, that of who names it comes first, then
 * `default`, then any that has the name once.
 */
function candidates(
  byName: ReadonlyMap<string, readonly Node[]>,
  { kind, namespace, name }: Reference,
  own: string,
  kinds: readonly string[],
): Node[] {
  const wanted = kind === undefined ? kinds : [kind];
  const all = (byName.get(name) ?? []).filter((node) => wanted.includes(node.kind));
  if (namespace !== undefined) return all.filter((node) => node.namespace === namespace);
  for (const place of [own, DEFAULT_NAMESPACE]) {
    const here = all.filter((node) => node.namespace === place);
    if (here.length > 0) return here;
  }
  return all;
}
