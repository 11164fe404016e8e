import type { Catalog, CatalogEntry } from "@oncall-copilot/core";

/** Annotations that say what a component is called in the systems that alerts come from. */
const NAME_ANNOTATIONS = [
  "oncall/service-name", "oncall/prometheus-service", "oncall/logs-service", "oncall/cloudwatch-service",
  "backstage.io/kubernetes-id", "argocd/app-name", "pagerduty.com/service-id", "aws.com/lambda-function-name",
]; // biome-ignore format: a word list

/** `oncall/cloudwatch.lambda: resize`, or its ARN. */
const AWS_RESOURCE = "oncall/cloudwatch.";
/** Where Backstage's AWS plugins put an ARN. */
const PLUGIN_ARN = /^(?:amazonaws|aws\.amazon|amazon|aws)\.com\/(?:[\w-]+-)?arn$/;

/** `app/shop/50dc6c` of an ALB's ARN, `resize` of a function's, `cluster/service` of an ECS service's; the whole thing too. */
function namesOfResource(value: string): string[] {
  if (!value.startsWith("arn:")) return [value];
  const resource = value.split(":").slice(5).join(":");
  const [, rest = resource] = /^[a-z-]+[/:](.+)$/i.exec(resource) ?? [];
  return [value, resource, rest];
}

/** The last part of `cluster/service` and `shop/inventory`. */
const lastPart = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

/** Who in the catalog goes by a name that an alert says: one of its own, or one that an annotation declares. */
export interface CatalogNames {
  /** Undefined when nobody does, or several do. */
  find(name: string): CatalogEntry | undefined;
}

const indexed = new WeakMap<Catalog, CatalogNames>();

/** Read once for each catalog: in a storm this is asked for every alert. */
export function catalogNames(catalog: Catalog): CatalogNames {
  const known = indexed.get(catalog) ?? readNames(catalog);
  indexed.set(catalog, known);
  return known;
}

function readNames(catalog: Catalog): CatalogNames {
  const declared = new Map<string, Set<CatalogEntry>>();
  const parts = new Map<string, Set<CatalogEntry>>();
  const claim = (to: Map<string, Set<CatalogEntry>>, name: string, entry: CatalogEntry) => {
    const key = name.trim().toLowerCase();
    if (key === "") return;
    const those = to.get(key);
    if (those) those.add(entry);
    else to.set(key, new Set([entry]));
  };
  for (const entry of catalog.entries()) {
    for (const [annotation, value] of Object.entries(entry.annotations)) {
      const names = NAME_ANNOTATIONS.includes(annotation)
        ? value.split(",")
        : annotation.startsWith(AWS_RESOURCE) || PLUGIN_ARN.test(annotation)
          ? value.split(/[\s,]+/).flatMap(namesOfResource)
          : [];
      for (const name of names) {
        claim(declared, name, entry);
        if (name.includes("/")) claim(parts, lastPart(name), entry);
      }
    }
  }
  const alone = (those: ReadonlySet<CatalogEntry> | undefined) => (those?.size === 1 ? [...those][0] : undefined);
  const find = (name: string): CatalogEntry | undefined => {
    const key = name.trim().toLowerCase();
    if (key === "") return undefined;
    return catalog.find(key) ?? alone(declared.get(key)) ?? alone(parts.get(key));
  };
  return { find: (name) => find(name) ?? (name.includes("/") ? find(lastPart(name)) : undefined) };
}
