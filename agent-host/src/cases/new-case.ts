import type { Incident } from "@oncall-copilot/core";
import type { Case } from "./case.ts";

interface Opening {
  readonly id: string;
  readonly incident: Incident;
  /** Catalog name. */
  readonly service: string | null;
  /** Epoch milliseconds. */
  readonly start: number;
  readonly now: number;
  readonly mode: Case["mode"];
  readonly backOf: string | null;
  readonly widespread: boolean;
}

/** A case as its first alert opens it: due at once. */
export function newCase({ id, incident, service, start, now, mode, backOf, widespread }: Opening): Case {
  return {
    schema_version: 1,
    id,
    state: "open",
    mode,
    opened_at: now,
    updated_at: now,
    settled_at: null,
    ended_at: null,
    resolved_at: null,
    alert: {
      fingerprint: incident.fingerprint,
      name: incident.alert,
      started_at: start,
      severity: incident.severity,
      source: incident.source,
    },
    service,
    looks: [],
    next_look_at: now,
    carry: null,
    attempt: null,
    failure: null,
    proposed: false,
    pull_request: null,
    draft_looked_at: null,
    final_report: null,
    message: null,
    decisions: [],
    outcome: null,
    events: [],
    back_of: backOf,
    widespread,
    lease: null,
  };
}
