import type { Catalog, Incident } from "@oncall-copilot/core";
import type { CaseAlert } from "./case.ts";
import type { CaseAlerts } from "./case-store.ts";
import type { CaseTable } from "./case-table.ts";
import { at, endOf, readItem } from "./items.ts";
import { leadAlert } from "./lead-alert.ts";

/** Alerts that are listed one by one; all are counted. */
export const MAX_ALERTS_LISTED = 50;

const ALERTS = "alert#";

async function membersOf(table: CaseTable, id: string): Promise<CaseAlert[]> {
  const items = await table.range(at.case(id).partition, { from: ALERTS, below: endOf(ALERTS) });
  return items.map(({ value }) => readItem("member", value).alert);
}

/** Sort keys begin with the alert's start, so the earliest come first. */
export async function alertsOfCase(table: CaseTable, id: string): Promise<CaseAlerts> {
  const members = await membersOf(table, id);
  const services = new Map<string, number>();
  for (const { service } of members) {
    const name = service ?? "no service";
    services.set(name, (services.get(name) ?? 0) + 1);
  }
  return {
    total: members.length,
    firing: members.filter(({ resolved_at }) => resolved_at === null).length,
    services: [...services].map(([name, alerts]) => ({ name, alerts })).sort((a, b) => b.alerts - a.alerts),
    alerts: members.slice(0, MAX_ALERTS_LISTED),
  };
}

/** One incident out of all alerts of a case: the lead's, under the case's own id, which stays when another comes to lead. */
export async function incidentOfCase(table: CaseTable, catalog: Catalog, id: string): Promise<Incident | null> {
  const members = await membersOf(table, id);
  const lead = leadAlert(members, catalog);
  if (!lead) return null;
  const record = await table.read(at.alert(lead.fingerprint, lead.started_at));
  if (!record) return null;
  const { incident } = readItem("alert", record.value);
  const others = members.filter((member) => member !== lead);
  const listed = onePerAlert(others).slice(0, MAX_ALERTS_LISTED);
  const folded = listed.map(({ name, service, summary, started_at }) => ({
    ...{ alert: name, service, summary, started_at: new Date(started_at).toISOString() },
  }));
  const related = [...incident.related, ...folded].slice(0, MAX_ALERTS_LISTED);
  const services = new Set(members.map(({ service }) => service)).size;
  const note = `${members.length} alerts of ${services} services came within the same storm; this one is of the service that most of the others depend on`;
  return { ...incident, id, related, notes: others.length > 0 ? [...incident.notes, note] : incident.notes };
}

/** A storm says the same of one service many times: the first of each. */
function onePerAlert(alerts: readonly CaseAlert[]): CaseAlert[] {
  const first = new Map<string, CaseAlert>();
  for (const alert of alerts) {
    const key = JSON.stringify([alert.name, alert.service]);
    if (!first.has(key)) first.set(key, alert);
  }
  return [...first.values()];
}
