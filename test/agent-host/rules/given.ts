import { type Evidence, EvidenceKey, mintEvidence } from "@oncall-copilot/core";
import type { Change, LogPattern, MetricSignal, MetricSuspect } from "../../../agent-host/src/engines/rules/answers.ts";
import type { Seen } from "../../../agent-host/src/engines/rules/seen.ts";

const key = new EvidenceKey(Buffer.alloc(32, 9));
export const at = (clock: string) => `2026-03-01T${clock}Z`;
export const ALERT = Date.parse(at("10:00:00"));
export const item = (letter: string, text: string, when: string): Evidence =>
  mintEvidence(key, letter, { text, url: "u", at: when });

export const signal = (
  name: string,
  role: MetricSignal["role"],
  change: MetricSignal["change"],
  score: number,
  onset: string | null,
): MetricSignal => ({ signal: name, role, change, score, onset });

export function suspect(
  service: string,
  score: number,
  onset: string | null,
  signals: readonly MetricSignal[],
): MetricSuspect {
  const lines = signals.map(({ signal: name, change }) => `${name} turned ${change}`);
  return {
    service,
    kind: "service",
    hops: 1,
    score,
    onset,
    signals: [...signals],
    evidence: item("m", [service, ...lines].join("\n"), onset ?? at("10:00:00")),
  };
}

export const pricing = suspect("pricing", 0.8, at("09:57:00"), [
  signal("error_ratio", "symptom", "up", 0.9, at("09:57:00")),
]);
export const storefront = suspect("storefront", 0.4, at("09:58:30"), [
  signal("latency_p99_seconds", "symptom", "up", 0.8, at("09:58:30")),
]);

export const SHA = "a".repeat(40);
/** A commit of a service that went live at a moment, with the paths that it changes. */
export function change(service: string, when: string, more: Partial<Change> = {}, paths = ["src/main.js"]): Change {
  const files = paths.map((path) => `M ${path} +1 -1`);
  const text = [`${service}: commit ${SHA}, deployed ${when}`, "    what it says", ...files].join("\n");
  return {
    kind: "commit",
    sha: SHA,
    services: [service],
    deployed: [],
    live: true,
    evidence: item("g", text, when),
    ...more,
  };
}
export function pattern(service: string, first: string, label: LogPattern["label"] = "new", said = "boom"): LogPattern {
  const text = `${service} error log, pattern ${label}: 40 lines\n${said}`;
  return { label, level: "error", count: 40, before: 0, first, evidence: item("l", text, first) };
}

export const seen = (more: Partial<Seen> = {}): Seen => ({
  service: "storefront",
  dependsOn: (name) => (name === "storefront" ? ["pricing"] : []),
  metrics: { suspects: [pricing, storefront], more: null, usual: [], missing: [] },
  closer: new Map(),
  began: null,
  blames: [],
  logs: new Map(),
  changes: [],
  history: null,
  runbook: null,
  ...more,
});
export const logsOf = (service: string, ...patterns: LogPattern[]) => new Map([[service, { service, patterns }]]);
