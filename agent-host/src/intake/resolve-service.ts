import {
  type Catalog,
  type CatalogEntry,
  type Incident,
  isExporter,
  type ServiceFound,
  type Subject,
  workloadsOfPod,
} from "@oncall-copilot/core";
import { RULE_ANNOTATION, ruleFor } from "./alert-rules.ts";
import { type CatalogNames, catalogNames } from "./catalog-names.ts";

export interface ResolvedService {
  /** The catalog name, or null when nothing fits. */
  readonly service: string | null;
  /** Where in the alert, for the message's second line; null when nothing fits. */
  readonly found: ServiceFound | null;
  /** What a reader should doubt: that the alert does not name it by itself, or names nobody. */
  readonly note: string | null;
}

/**
 * The catalog name an alert is about: by a rule of the catalog, else by the alert's subjects in their order, by exact name before
 * any other, else a name inside a subject's (`shop-inventory`), another label's value, or the alert's own name (`petsite-latency-high`).
 */
export function resolveService(incident: Incident, catalog: Catalog): ResolvedService {
  const rule = ruleFor(incident, catalog);
  if (rule) {
    const found: ServiceFound = { by: "rule", from: RULE_ANNOTATION, value: rule.rule };
    return { service: rule.entry.name, found, note: null };
  }
  const names = catalogNames(catalog);
  const subjects = subjectsOf(incident).filter((subject) => isMeant(subject, incident));
  const exact = unanimous(subjects, (subject) => exactly(subject, names));
  if (exact) return { service: exact.entry.name, found: foundBy(exact.subject), note: null };
  const says = incident.service
    ? `the alert names the service "${incident.service}", which is not in the catalog`
    : "the alert names no service";
  const taken = (entry: CatalogEntry, found: ServiceFound, where: string): ResolvedService => ({
    service: entry.name,
    found,
    note: `${says}; ${entry.name} was taken from ${where}`,
  });
  const within = unanimous(
    subjects.filter(({ means }) => means !== "target"),
    ({ name }) => nameIn(name, catalog),
  );
  if (within) {
    const { from, name } = within.subject;
    return taken(within.entry, foundBy(within.subject), `a part of its ${from} ${name}`);
  }
  const label = otherLabel(incident, names);
  if (label)
    return taken(label.entry, { by: "label", from: label.name, value: label.value }, `its label ${label.name}`);
  const inName = nameIn(incident.alert, catalog);
  if (inName)
    return taken(inName, { by: "alert_name", from: "alertname", value: incident.alert }, "the alert's own name");
  return {
    service: null,
    found: null,
    note: `${says}, and nothing else in it is a name of the catalog: no tool can look. Label the alert with "service", or say whose it is by the catalog's annotation ${RULE_ANNOTATION}`,
  };
}

/** One that was made by hand, or kept before subjects were, has only what it calls its service. */
function subjectsOf({ subjects, service }: Incident): readonly Subject[] {
  return subjects.length === 0 && service !== null ? [{ name: service, from: "service", means: "service" }] : subjects;
}

const BY: Readonly<Record<Subject["means"], ServiceFound["by"]>> = {
  tag: "tag",
  service: "label",
  workload: "label",
  pod: "label",
  container: "label",
  target: "label",
  other: "label",
  resource: "dimension",
  alarm: "triggering_alarm",
  alarm_rule: "triggering_alarm",
};
const foundBy = ({ means, from, name }: Subject): ServiceFound => ({ by: BY[means], from, value: name });

/**
 * Whether a subject may stand for the alert at all. What was scraped may not once the alert speaks of an object of Kubernetes that
 * the catalog does not know; and an exporter only when the alert is about itself (`TargetDown`, `KubeStateMetricsListErrors`).
 */
function isMeant({ means, name }: Subject, incident: Incident): boolean {
  const targets = incident.subjects.filter((one) => one.means === "target" && isExporter(one.name));
  const ownPod = means === "pod" && targets.some((target) => name.startsWith(target.name));
  if (means !== "target" && !ownPod) return true;
  if (isExporter(name)) {
    const alert = letters(incident.alert);
    return /target|scrape|exporter|instancedown|servicedown/.test(alert) || alert.includes(letters(name));
  }
  const objects = incident.subjects.some((one) => one.means === "workload");
  // Only what tells of Kubernetes' objects carries their uid.
  return !objects && !("uid" in incident.labels && "pod" in incident.labels);
}

const letters = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, "");

function exactly({ name, means }: Subject, names: CatalogNames): CatalogEntry | undefined {
  const candidates = means === "pod" || means === "workload" ? [name, ...workloadsOfPod(name)] : [name];
  return candidates.map((one) => names.find(one)).find((entry) => entry !== undefined);
}

/**
 * The first subject that leads to an entry. The parts of a composite alarm's rule have no order: they count only when all that lead
 * anywhere lead to one.
 */
function unanimous(
  subjects: readonly Subject[],
  entryOf: (subject: Subject) => CatalogEntry | undefined,
): { subject: Subject; entry: CatalogEntry } | undefined {
  const led = subjects.flatMap((subject) => {
    const entry = entryOf(subject);
    return entry ? [{ subject, entry }] : [];
  });
  const [first] = led;
  if (!first) return undefined;
  const loose = first.subject.means === "alarm" || first.subject.means === "alarm_rule";
  const alike = led.filter(({ subject }) => subject.means === first.subject.means);
  return loose && alike.some(({ entry }) => entry !== first.entry) ? undefined : first;
}

const words = (text: string) =>
  `-${text
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")}-`;

/** The longest name of the catalog whose words stand in a text, in their order. */
function nameIn(text: string, catalog: Catalog): CatalogEntry | undefined {
  const all = words(text);
  const [name] = catalog.names.filter((one) => all.includes(words(one))).sort((a, b) => b.length - a.length);
  return name === undefined ? undefined : catalog.find(name);
}

/** Labels that say where, whose, how bad or who saw it: that one of them is a name of the catalog is chance. */
const PLACE =
  /(?:^|_)(?:namespace|cluster|team|owner|squad|tribe|group|region|zone|env|environment|stage|tenant|org|organization|project|account|severity|priority|level|urgency|prometheus|monitor|receiver|source|folder|datacenter|dc|node|host|hostname|instance|endpoint|tier|system|product|domain|department|channel|alertname|alertgroup|rulename|reason|phase|condition|status|image|version|metrics_path|job|service|container|uid|type|kind|mode|role|resource|scope|rule|metric|contact|slack|pagerduty|helm_sh_chart|chart|release)(?:_|$)/;

/** A label of the team's own (`shop_component`) whose value is a name of the catalog; none when several name several. */
function otherLabel(
  incident: Incident,
  names: CatalogNames,
): { name: string; value: string; entry: CatalogEntry } | undefined {
  const known = new Set(incident.subjects.map(({ from }) => from));
  const found = Object.entries(incident.labels).flatMap(([name, value]) => {
    if (known.has(name) || PLACE.test(name.toLowerCase().replace(/[^a-z0-9]+/g, "_"))) return [];
    const entry = names.find(value);
    return entry ? [{ name, value, entry }] : [];
  });
  const [first] = found;
  return first && found.every(({ entry }) => entry === first.entry) ? first : undefined;
}
