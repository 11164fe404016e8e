import { type Catalog, type CatalogEntry, escapePattern, type Incident } from "@oncall-copilot/core";

/**
 * Which alerts are a component's own, where no label says so: `oncall/alerts: "alertname=shop-*; namespace=shop, app=web-*"`. Rules
 * stand between semicolons or on lines of their own; each is labels that must all fit, `*` standing for anything.
 */
export const RULE_ANNOTATION = "oncall/alerts";

interface Matcher {
  readonly label: string;
  readonly fits: RegExp;
}

const matcher = (text: string): Matcher | undefined => {
  const [label = "", ...rest] = text.split("=");
  const value = rest
    .join("=")
    .trim()
    .replace(/^"(.*)"$/, "$1");
  if (value === "") return undefined;
  return { label: label.trim(), fits: new RegExp(`^${value.split("*").map(escapePattern).join(".*")}$`, "s") };
};

/** The rule of the catalog that claims an alert, and whose it is; undefined when none does, or those of several entries do. */
export function ruleFor(incident: Incident, catalog: Catalog): { entry: CatalogEntry; rule: string } | undefined {
  const labels: Readonly<Record<string, string>> = { ...incident.labels, alertname: incident.alert };
  const found = catalog.entries().flatMap((entry) => {
    const rules = (entry.annotations[RULE_ANNOTATION] ?? "").split(/[;\n]/).map((rule) => rule.trim());
    const rule = rules.find((one) => {
      const matchers = one === "" ? [] : one.split(",").map(matcher);
      return (
        matchers.length > 0 &&
        matchers.every(
          (part) => part !== undefined && Object.hasOwn(labels, part.label) && part.fits.test(labels[part.label] ?? ""),
        )
      );
    });
    return rule === undefined ? [] : [{ entry, rule }];
  });
  return found.length === 1 ? found[0] : undefined;
}
