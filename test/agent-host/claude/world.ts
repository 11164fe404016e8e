/** One incident on a small estate, the engine with a scripted model, and a report that holds. */
import { type Catalog, catalogFromDocuments, type Draft, incidentFromPayload } from "@oncall-copilot/core";
import { onTestFinished } from "vitest";
import { createClaudeEngine, readClaudeConfig } from "../../../agent-host/src/engines/claude/claude-engine.ts";
import type { EngineResult, Investigation } from "../../../agent-host/src/engines/engine.ts";
import { alertEvidence } from "../../../agent-host/src/intake/alert-evidence.ts";
import type { Toolbox } from "../../../agent-host/src/tools/toolbox.ts";
import { checkDraft } from "../../../agent-host/src/verify/check-draft.ts";
import { type MessagesApi, type Script, startMessagesApi } from "../../support/messages-api/server.ts";
import type { RequestView } from "../../support/messages-api/view.ts";
import { alertmanagerBody, DEFAULT_CATALOG } from "../../support/recording.ts";
import { KEY, toolboxOf } from "./toolbox.ts";
import { changes, logs, metrics, SHA } from "./tools.ts";

export const API_KEY = "sk-ant-test-3b1f6c2e9a7d4580-not-a-real-key";

export const catalog: Catalog = catalogFromDocuments(DEFAULT_CATALOG, "test");

export const allTools = (): Toolbox =>
  toolboxOf([
    { name: "oncall-metrics", letter: "m", tools: [metrics()] },
    { name: "oncall-logs", letter: "l", tools: [logs()] },
    { name: "oncall-git", letter: "g", tools: [changes()] },
  ]);

export interface World {
  readonly api: MessagesApi;
  readonly toolbox: Toolbox;
  readonly progress: readonly string[];
  readonly investigation: Investigation;
  run(): Promise<EngineResult>;
}

export interface WorldOptions {
  readonly script: Script;
  readonly toolbox?: Toolbox;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** The key that the API wants and the engine has. */
  readonly key?: string;
  readonly alert?: Parameters<typeof alertmanagerBody>[0];
}

export async function world(options: WorldOptions): Promise<World> {
  const { key = API_KEY } = options;
  const api = await startMessagesApi({ script: options.script, key });
  onTestFinished(() => api.close());
  const toolbox = options.toolbox ?? allTools();
  const progress: string[] = [];
  const env = { ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: api.url, ONCALL_CLAUDE_RETRY_SECONDS: "2", ...options.env };
  const incident = incidentFromPayload(alertmanagerBody(options.alert));
  const investigation: Investigation = {
    incident,
    alert: alertEvidence(incident, "storefront", KEY),
    trial: async () => undefined,
    service: "storefront",
    asOf: Date.parse("2026-03-01T10:05:00Z"),
    catalog,
    toolbox,
    signal: options.signal ?? new AbortController().signal,
    check: (draft) => checkDraft(draft, { evidence: toolbox.evidence, key: KEY, catalog, vocabulary: [] }).failures,
    progress: (message) => progress.push(message),
  };
  const run = () => createClaudeEngine(readClaudeConfig(env)).investigate(investigation);
  return { api, toolbox, progress, investigation, run };
}

/** A report that holds, out of what the request shows: metrics and logs of pricing, and the commit. */
export function goodDraft(view: RequestView): Draft {
  const shown = (part: string) => {
    const item = view.evidence.find(({ text }) => text.includes(part));
    if (!item) throw new Error(`the model was not shown ${part}`);
    return { id: item.id, quote: part };
  };
  const ratio = shown("error_ratio 0.231, usually 0.004 (57x)");
  return {
    family: "bad_deployment",
    culprit: "pricing",
    diagnosis: {
      text: "pricing fails 23 % of its requests because of a change.",
      supports: [ratio, shown(`pricing commit ${SHA}`)],
      contradicts: [],
    },
    claims: [{ text: "Errors at pricing rose 57x.", supports: [ratio], contradicts: [] }],
    ruled_out: [],
    suspects: [
      { name: "pricing", score: 0.9, why: { text: "pricing moved first.", supports: [ratio], contradicts: [] } },
    ],
    runbook: null,
    fix: {
      kind: "revert",
      service: "pricing",
      commit: SHA,
      edits: [],
      title: "Revert reading prices from the new field",
      why: "It came right before the errors.",
      verify: "error_ratio falls back.",
    },
  };
}

export const readAll = [
  { name: "read_metrics", input: { service: "storefront" } },
  { name: "read_logs", input: { service: "pricing", from: "-30m" } },
  { name: "read_changes", input: { service: "pricing" } },
];
