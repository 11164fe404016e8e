/** Cases as their card shows them, made of reports that the rules engine made of recorded incidents. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { Report } from "@oncall-copilot/core";
import type { Case } from "../../../agent-host/src/cases/case.ts";
import type { CaseView } from "../../../agent-host/src/deliver/case-delivery.ts";
import { ROOT } from "../../support/mcp/servers.ts";

const run = promisify(execFile);
export const STARTED = Date.parse("2026-03-01T10:00:00Z");
export const REF = { sha256: "a".repeat(64), bytes: 1_000, parts: 1 };

const CANDIDATES: Report["candidates"] = [
  {
    sha: "1".repeat(40),
    verdict: "kept",
    reason: { code: "own_witness", text: "its own log names the call that it added" },
  },
  {
    sha: "2".repeat(40),
    verdict: "cleared",
    reason: { code: "live_after_turn", text: "it went live at 10:01, after the turn" },
  },
].map(
  (one) =>
    ({ service: "pricing", live_at: "2026-03-01T09:57:00Z", evidence: null, ...one }) as Report["candidates"][number],
);

export function caseOf(more: Partial<Case> = {}): Case {
  return {
    ...{ schema_version: 1, id: "case-1", state: "settled", mode: "live" },
    ...{ opened_at: STARTED, updated_at: STARTED, settled_at: STARTED + 60_000, ended_at: null, resolved_at: null },
    alert: {
      fingerprint: "f".repeat(16),
      name: "CheckoutErrors",
      started_at: STARTED,
      severity: "page",
      source: "alertmanager",
    },
    ...{
      service: "checkout",
      looks: [],
      next_look_at: null,
      carry: null,
      attempt: null,
      failure: null,
      proposed: true,
    },
    ...{
      pull_request: null,
      draft_looked_at: null,
      final_report: REF,
      message: null,
      decisions: [],
      outcome: null,
      events: [],
      back_of: null,
      widespread: false,
    },
    lease: null,
    ...more,
  };
}

/** A whole report, of which each test changes what it is about. */
export function reportOf(more: Partial<Report> & Readonly<Record<string, unknown>> = {}): Report {
  const evidence = [
    {
      id: "maaaaaaaaaaaaaaaa",
      text: "pricing error_ratio turned up 2026-03-01T09:58:00Z: 0.31",
      url: "https://grafana.example.test/d/1",
      at: "2026-03-01T09:58:00Z",
      about: ["pricing"],
      shows: "unusual",
    },
    {
      id: "gbbbbbbbbbbbbbbbb",
      text: "pricing: commit 1234567890 by Ada",
      url: "https://github.com/example/shop/commit/1234567890",
      at: "2026-03-01T09:57:00Z",
      about: ["pricing"],
      shows: "unusual",
    },
    {
      id: "rcccccccccccccccc",
      text: "## Roll back\n\n1. Find the commit.\n2. Revert it.",
      url: "https://wiki.example.test/pricing",
      at: "2026-01-01T00:00:00Z",
      about: ["pricing"],
      shows: "unusual",
    },
    {
      id: "hdddddddddddddddd",
      text: "INC-7 checkout CheckoutErrors (page)\nFix (worked): reverted",
      url: "https://tickets.example.test/INC-7",
      at: "2026-02-01T00:00:00Z",
      about: ["pricing"],
      shows: "unusual",
    },
  ];
  const claim = {
    text: "A deployment of pricing broke checkout: commit 1234567890 went live, then its error_ratio turned up.",
    supports: [
      { id: "gbbbbbbbbbbbbbbbb", quote: "pricing: commit 1234567890 by Ada" },
      { id: "maaaaaaaaaaaaaaaa", quote: "error_ratio turned up 2026-03-01T09:58:00Z: 0.31" },
    ],
    contradicts: [],
  };
  return Report.parse({
    schema_version: 3,
    incident: {
      ...{
        id: "ffff-1",
        fingerprint: "f".repeat(16),
        source: "alertmanager",
        status: "firing",
        alert: "CheckoutErrors",
      },
      ...{ service: "checkout", severity: "page", summary: "checkout fails", description: "checkout fails" },
      ...{ started_at: "2026-03-01T10:00:00Z", labels: { alertname: "CheckoutErrors", service: "checkout" } },
      ...{
        annotations: {},
        url: null,
        related: [],
        notes: [],
        subjects: [],
        service_found: null,
        severity_level: null,
        ended_at: null,
      },
    },
    ...{ service: "checkout", as_of: "2026-03-01T10:05:00Z" },
    engine: { name: "rules", model: null, note: null, complete: true, instead_of: null },
    outcome: "root_cause_identified",
    confidence: {
      level: "high",
      agreeing: ["metrics", "logs", "changes"],
      why: "metrics, logs, changes agree on pricing",
    },
    ...{
      family: "bad_deployment",
      culprit: { name: "pricing", kind: "service" },
      diagnosis: claim,
      claims: [],
      ruled_out: [],
    },
    ...{
      suspects: [],
      runbook: { evidence_id: "rcccccccccccccccc", notes: ["Pricing, version 3, updated 2026-01-01"] },
    },
    similar: ["hdddddddddddddddd"],
    fix: {
      ...{
        kind: "revert",
        service: "pricing",
        commit: "1".repeat(40),
        edits: [],
        title: "Revert 1234567890 in pricing",
      },
      ...{ why: "it turned right after", verify: "Watch error_ratio." },
    },
    pull_request: {
      ...{
        url: "https://github.com/example/shop/pull/7",
        branch: "oncall/ffff-1-000000000000",
        commit: "c".repeat(40),
      },
      ...{ state: "opened", diff: "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n" },
    },
    ...{ gaps: [], cut: [], vocabulary: [], evidence, also_found: [] },
    candidates: CANDIDATES,
    settled: { final: true, next_look_at: null, would_decide: [] },
    known: { owner: null, turned: [], deployed: [] },
    cost: { tool_calls: 9, input_tokens: 0, output_tokens: 0, cached_input_tokens: 0, seconds: 4.2 },
    ...more,
  });
}

export const DRAFT = {
  url: "https://github.com/example/shop/pull/7",
  branch: "oncall/ffff-1-000000000000",
  commit: "c".repeat(40),
};

export function viewOf(current: Partial<Case> = {}, report: Report | null = reportOf(), alerts = 1): CaseView {
  return {
    case: caseOf({ pull_request: report?.pull_request ? DRAFT : null, ...current }),
    alerts: { total: alerts, firing: alerts, services: [{ name: "checkout", alerts }], alerts: [] },
    report,
  };
}

/** What the rules engine says of a recording, by the command as it is built. Its draft lies in `out`. */
export async function reportOfRecording(name: string, out: string): Promise<Report> {
  const dir = join(ROOT, "test/recordings", name);
  const args = [
    "triage",
    join(dir, "alert.json"),
    "--recording",
    dir,
    "--engine",
    "rules",
    "--json",
    "--quiet",
    "--out",
    out,
  ];
  const env = { PATH: process.env.PATH, HOME: out, ONCALL_EVIDENCE_KEY: "0".repeat(64) };
  const { stdout } = await run(process.execPath, [join(ROOT, "agent-host/bin/oncall.cjs"), ...args], {
    env,
    maxBuffer: 1e8,
  });
  const {
    seal: _,
    signed: __,
    sealed_by: ___,
    ...report
  } = JSON.parse(stdout) as Report & Record<"seal" | "signed" | "sealed_by", unknown>;
  return report;
}
