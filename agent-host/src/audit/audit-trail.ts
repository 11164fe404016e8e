/** What happened, in the order of a triage. Decisions of people come later and go to the same trail. */
export type AuditType =
  | "alert_received"
  | "tool_called"
  | "tool_refused"
  | "write_begun"
  | "model_used"
  | "report_made"
  | "pull_request"
  | "delivered"
  | "decision"
  | "draft_seen"
  | "recovered"
  | "failed";

/** The port for audit entries: append-only, each entry chained to the one before, wherever it is kept. */
export interface AuditTrail {
  /** Redacts, appends and makes durable before it resolves. Calls are written in the order they are made. */
  append(type: AuditType, data: Readonly<Record<string, unknown>>): Promise<void>;
  /** The hash of the newest entry: whoever keeps it elsewhere can tell that the trail was not cut short. */
  head(): string;
}
