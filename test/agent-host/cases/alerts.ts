import { type Catalog, catalogFromDocuments, type Incident } from "@oncall-copilot/core";

/** A small estate: a web of services over one database and, apart from it, a batch job of its own. */
export const ESTATE = catalogOf({
  storefront: ["checkout", "search"],
  checkout: ["payments", "orders-db"],
  payments: ["ledger"],
  ledger: ["ledger-db"],
  search: [],
  "orders-db": [],
  "ledger-db": [],
  reports: ["warehouse"],
  warehouse: [],
});

/** A catalog of services that depend on one another. */
export function catalogOf(dependencies: Readonly<Record<string, readonly string[]>>): Catalog {
  const documents = Object.entries(dependencies).map(([name, dependsOn]) => ({
    ...{ apiVersion: "backstage.io/v1alpha1", kind: "Component", metadata: { name } },
    spec: {
      type: "service",
      lifecycle: "production",
      owner: "team",
      dependsOn: dependsOn.map((to) => `component:${to}`),
    },
  }));
  return catalogFromDocuments(documents, "the test's catalog");
}

export const START = Date.parse("2026-11-30T10:00:00Z");

/** An alert as intake hands it over. */
export function alertOf(service: string | null, change: Partial<Incident> & { readonly at?: number } = {}): Incident {
  const { at = START, ...rest } = change;
  const alert = rest.alert ?? "ErrorRatioHigh";
  const fingerprint = rest.fingerprint ?? `${alert}-${service ?? "nobody"}`;
  return {
    id: `${fingerprint}-${Math.floor(at / 1000)}`,
    fingerprint,
    source: "alertmanager",
    status: "firing",
    alert,
    service,
    subjects: [],
    service_found: null,
    severity: "page",
    severity_level: "critical",
    summary: `${service ?? "something"} fails`,
    description: "",
    started_at: new Date(at).toISOString(),
    ended_at: null,
    labels: { alertname: alert, ...(service === null ? {} : { service }) },
    annotations: {},
    url: null,
    related: [],
    notes: [],
    ...rest,
  };
}

export const resolved = (incident: Incident): Incident => ({ ...incident, status: "resolved" });
