import { type Draft, type Evidence, EvidenceKey, type Mark, mintEvidence, parseCatalog } from "@oncall-copilot/core";
import { compose } from "../../../agent-host/src/engines/rules/compose.ts";
import { tellFamily } from "../../../agent-host/src/engines/rules/families.ts";
import { findFix } from "../../../agent-host/src/engines/rules/fixes/find-fix.ts";
import { heedBlame } from "../../../agent-host/src/engines/rules/heed-blame.ts";
import { Inquiry } from "../../../agent-host/src/engines/rules/inquiry.ts";
import { noFault } from "../../../agent-host/src/engines/rules/no-fault.ts";
import { rankSuspects } from "../../../agent-host/src/engines/rules/rank.ts";
import type { Seen } from "../../../agent-host/src/engines/rules/seen.ts";
import { lookAgain, type Reading, settle } from "../../../agent-host/src/engines/rules/settle.ts";
import type { Change, LogPattern, MetricSignal, MetricSuspect } from "../../../agent-host/src/tools/answers.ts";
import type { ToolCall } from "../../../agent-host/src/tools/toolbox.ts";
import { weigh } from "../../../agent-host/src/trial/trial.ts";
import { turnOf } from "../../../agent-host/src/trial/trouble.ts";
import { kindOfFile } from "../../../servers/git/src/changes/effect/kind-of-file.ts";
import { saysNoFault } from "../../../servers/history/src/meaning.ts";
import { refusedRight } from "../../../servers/logs/src/meaning/refused-right.ts";
import { isAtMostReplicas } from "../../../servers/logs/src/meaning/scaling.ts";

const key = new EvidenceKey(Buffer.alloc(32, 9));
export const at = (clock: string) => `2026-03-01T${clock}Z`;
export const ALERT = Date.parse(at("10:00:00"));
export const item = (letter: string, text: string, when: string, shows: readonly Mark[] = []): Evidence =>
  mintEvidence(key, letter, { text, url: "u", at: when, about: [], shows });

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
  const marks = signals.map(
    ({ signal: of, change }, index): Mark => ({
      ...{ shows: change === "usual" ? "usual" : "unusual", of, lines: { first: index + 2, last: index + 2 } },
    }),
  );
  return {
    service,
    kind: "service",
    hops: 1,
    score,
    onset,
    signals: [...signals],
    evidence: item("m", [service, ...lines].join("\n"), onset ?? at("10:00:00"), marks),
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
    live_at: [{ service, at: when }],
    rollouts_known: true,
    touches: [...new Set(paths.map(kindOfFile))],
    shares: [],
    evidence: item("g", text, when),
    ...more,
  };
}
export function pattern(service: string, first: string, label: LogPattern["label"] = "new", said = "boom"): LogPattern {
  const text = `${service} error log, pattern ${label}: 40 lines\n${said}`;
  const [right, limited] = [refusedRight(said), isAtMostReplicas(said)];
  return {
    ...{ label, level: "error", count: 40, before: 0, first, evidence: item("l", text, first) },
    ...(right ? { right } : {}),
    ...(limited ? { scaling_limited: true } : {}),
  };
}

export const seen = (more: Partial<Seen> = {}): Seen => ({
  service: "storefront",
  dependsOn: (name) => (name === "storefront" ? ["pricing"] : []),
  metrics: { suspects: [pricing, storefront], more: null, usual: [], missing: [] },
  closer: new Map(),
  inFull: new Set(),
  began: null,
  blames: [],
  ground: null,
  page: ALERT,
  logs: new Map(),
  changes: [],
  history: null,
  runbook: null,
  ...more,
});
export const logsOf = (service: string, ...patterns: LogPattern[]) => new Map([[service, { service, patterns }]]);

/** A root cause among the history's figures, and where their text says it. */
export function causeOf(text: string, root_cause: string, count: number) {
  const from = text.indexOf(`"${root_cause}"`);
  const [said = ""] = /^"[^"]*" \d+ of \d+/.exec(text.slice(from)) ?? [];
  return { root_cause, count, quote: [from, from + said.length], no_fault: saysNoFault(root_cause) };
}

/** What a tool answers to some arguments; undefined when it could not look. */
export type Answers = Readonly<Record<string, (args: Readonly<Record<string, unknown>>) => unknown>>;

const catalog = await parseCatalog(
  ["storefront: [pricing]", "pricing: [pricing-db]", "search: [pricing]"]
    .map((line) => {
      const [name = "", below = ""] = line.split(": ");
      return `kind: Component\nmetadata: {name: ${name}}\nspec: {dependsOn: ${below}}`;
    })
    .concat("kind: Resource\nmetadata: {name: pricing-db}\nspec: {}")
    .join("\n---\n"),
  "catalog",
);

/** An inquiry whose tools answer as told, and which calls were made. */
export function inquiryOf(answers: Answers = {}) {
  const calls: { tool: string; args: Readonly<Record<string, unknown>> }[] = [];
  const call = async (tool: string, args: Readonly<Record<string, unknown>>): Promise<ToolCall> => {
    calls.push({ tool, args });
    const structured = answers[tool]?.(args);
    const outcome = structured === undefined ? "could_not_look" : "found";
    return {
      ...{ sequence: calls.length, server: "s", tool, arguments: args, reason: null, text: "", seconds: 0 },
      ...{ outcome, structured: (structured ?? {}) as Record<string, unknown> },
    };
  };
  const inquiry = new Inquiry({
    alert: item("a", "alert", at("10:00:00")),
    incident: { started_at: at("10:00:00"), alert: "StorefrontErrorsHigh", summary: "", fingerprint: "f" } as never,
    ...{ service: "storefront", asOf: ALERT + 300_000, catalog, signal: new AbortController().signal },
    ...{ toolbox: { tools: [], call, calls: [], evidence: new Map(), gaps: [] } as never, check: () => [] },
    ...{ progress: () => {}, trial: async () => undefined },
  });
  return { inquiry, calls };
}

/** The trial of what the changes of `seen` carried, as the host holds it once it has read them. */
function tried(named: ReturnType<typeof settle>, all: Seen): Reading {
  if (named.kind !== "culprit") return named;
  const { suspect: culprit } = named;
  const accused = (all.changes ?? [])
    .filter(({ kind }) => kind === "commit" || kind === "merge")
    .flatMap((one) => {
      const reached = one.services.length > 0 ? one.services : one.deployed;
      const service = reached.includes(culprit.name) ? culprit.name : reached[0];
      const live = one.live_at.find((first) => reached.includes(first.service));
      const near = service === culprit.name;
      return service === undefined ? [] : [{ change: one, service, near, at: live ? Date.parse(live.at) : null }];
    });
  const turn = turnOf(
    culprit.name,
    {
      logs: new Map([...all.logs].map(([name, { patterns }]) => [name, patterns])),
      metrics: new Map((all.metrics?.suspects ?? []).map((one) => [one.service, one])),
    },
    ALERT,
  );
  const trial =
    all.changes && weigh(accused, { culprit: culprit.name, turn, climbsSince: null, alertAt: ALERT, outside: null });
  return { kind: "culprit", suspect: culprit, trial, told: tellFamily(culprit, all, trial) };
}

/** What the rules take it to be, and the draft that they make of it. */
export async function drafted(more: Partial<Seen> = {}, answers: Answers = {}): Promise<Draft & { reading: Reading }> {
  const all = seen(more);
  const { inquiry } = inquiryOf(answers);
  const suspects = heedBlame(rankSuspects(all, ALERT), all);
  const reading = noFault(all, ALERT) ?? (await lookAgain(inquiry, all, tried(settle(all, suspects), all)));
  const conclusion =
    reading.kind === "culprit" ? { ...reading, remedy: await findFix(inquiry, reading, all) } : reading;
  return { ...compose(conclusion, all, suspects), reading };
}

/** A file as `read_file` answers it. */
export const fileOf = (path: string, text: string) => ({
  ...{ path, next_start_line: null, files: [] },
  evidence: item("g", `pricing file ${path} at ${SHA} (deployed):\n${text}`, at("09:00:00")),
});
/** Answers `read_file` for these files, and lists them. */
export const filesOf = (files: Readonly<Record<string, string>>): Answers => ({
  read_file: ({ path }) =>
    path === "/"
      ? {
          ...{ path, next_start_line: null, evidence: item("g", "files", at("09:00:00")) },
          files: Object.keys(files).map((one) => ({ path: one, own: true })),
        }
      : typeof path === "string" && files[path] !== undefined
        ? fileOf(path, files[path])
        : undefined,
});
