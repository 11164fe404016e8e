/**
 * A model that triages by rote: it asks every reading tool it is offered about the alert's service, looks closer at
 * whom the answers name, and writes a report that quotes only what it was shown. Tests tamper with that report.
 */
import {
  type Citation,
  type Claim,
  type Draft,
  escapePattern,
  type Family,
  unsupportedFigures,
} from "@oncall-copilot/core";
import type { Script } from "./server.ts";
import { answer, type Call, callTools, type Turn } from "./turns.ts";
import type { RequestView, ShownEvidence } from "./view.ts";

export interface TriageOptions {
  /** Who is blamed. Default: the deepest in the graph of those that both metrics and changes speak of. */
  readonly culprit?: string;
  /** Default: `bad_deployment` when a commit is among the evidence about the culprit, else `other`. */
  readonly family?: Family;
  /** Whether the commit that evidence names is proposed for a revert. Default: true. */
  readonly revert?: boolean;
  /** Asked in the first turn as well, such as a tool that was not offered. */
  readonly alsoAsk?: readonly Call[];
  /** Changes the report before it is answered; `attempt` is 1, and 2 for the repaired one. */
  readonly tamper?: (draft: Draft, view: RequestView, attempt: number) => unknown;
}

/** Which tools are asked about whom, by name: whichever of them are offered. */
const FIRST_LOOK = ["read_metrics", "read_logs", "read_changes", "read_runbook", "query_history"];
const CLOSER_LOOK = ["read_logs", "read_changes"];

export function scriptedTriage(options: TriageOptions = {}): Script {
  return (view): Turn => {
    const asked = view.results.length;
    if (view.mayCall && asked === 0) {
      const calls = [...lookAt(view, FIRST_LOOK, startOf(view)), ...(options.alsoAsk ?? [])];
      if (calls.length > 0) return callTools(calls);
    }
    const culprit = options.culprit ?? suspected(view)[0];
    if (
      view.mayCall &&
      culprit &&
      culprit !== startOf(view) &&
      !view.results.some((r) => r.input["service"] === culprit)
    ) {
      const calls = lookAt(view, CLOSER_LOOK, culprit);
      if (calls.length > 0) return callTools(calls);
    }
    const draft = draftOf(view, culprit, options);
    const attempt = view.said.includes("corrected report") || view.said.includes("fit the report's schema") ? 2 : 1;
    return answer(options.tamper?.(draft, view, attempt) ?? draft);
  };
}

/** The alert's service, as the opening message gives it. */
function startOf({ opening }: RequestView): string {
  return /service is (.+?)\. What it depends on/.exec(opening)?.[1] ?? namesIn(opening)[0] ?? "unknown";
}

/** The neighbourhood's names, nearest first. */
const namesIn = (opening: string): string[] =>
  [...opening.matchAll(/^- hop \d: (\S+)/gm)].map((match) => match[1] ?? "");

function lookAt({ body, opening }: RequestView, names: readonly string[], service: string): Call[] {
  const alert = (key: string) => new RegExp(`^ "${key}": "([^"]*)"`, "m").exec(opening)?.[1];
  return names.flatMap((name): Call[] => {
    const tool = body.tools?.find((offered) => offered.name === name);
    if (!tool) return [];
    const properties = Object.keys((tool.input_schema["properties"] as object | undefined) ?? {});
    const known = { service, alert: alert("alert"), fingerprint: alert("fingerprint") };
    const given = Object.entries(known).filter(([key, value]) => properties.includes(key) && value !== undefined);
    return [{ name, input: Object.fromEntries(given) }];
  });
}

const firstLine = (item: ShownEvidence): string => item.text.split("\n", 1)[0] ?? "";

/** Whom an item speaks about: the first name in its first line, as every server writes it. */
function isAbout(item: ShownEvidence, name: string, names: readonly string[]): boolean {
  const place = (each: string) =>
    firstLine(item).search(new RegExp(`(?<![\\w-])${escapePattern(each)}(?![\\w-])`, "i"));
  const own = place(name);
  return own >= 0 && names.every((other) => other === name || place(other) < 0 || place(other) > own);
}

/**
 * Names by whether metrics and changes speak of them, which answer about a whole neighbourhood at once; of equals, the
 * deepest dependency goes first.
 */
function suspected({ opening, evidence }: RequestView): string[] {
  const names = namesIn(opening);
  const kinds = (name: string) => {
    const about = evidence.filter((item) => /^[mg]/.test(item.id) && isAbout(item, name, names));
    return new Set(about.map(({ id }) => id.slice(0, 1))).size;
  };
  return [...names].reverse().sort((a, b) => kinds(b) - kinds(a));
}

function draftOf(view: RequestView, culprit: string | undefined, options: TriageOptions): Draft {
  const name = culprit ?? startOf(view);
  const names = namesIn(view.opening);
  const about = view.evidence.filter((item) => isAbout(item, name, names));
  const shown = about.length > 0 ? about : view.evidence;
  const ofKinds = [...new Map([...shown].reverse().map((item) => [item.id.slice(0, 1), item])).values()].reverse();
  const [commit] = about.flatMap((item) => /\b[0-9a-f]{40}\b/.exec(item.text) ?? []);
  const family = options.family ?? (commit ? "bad_deployment" : "other");
  const blamed = family === "no_fault" ? null : name;
  const revert = commit !== undefined && blamed !== null && options.revert !== false;
  const diagnosis = family === "no_fault" ? `Nothing at ${name} is broken.` : `${name} is where this began.`;
  return {
    family,
    culprit: blamed,
    diagnosis: claim(diagnosis, ofKinds),
    claims: [...ofKinds.map((item) => claim(`The evidence speaks of ${name}.`, [item])), ...withFigure(shown)],
    ruled_out: [],
    suspects: suspected(view).flatMap((suspect, index) => {
      const why = view.evidence.find((item) => isAbout(item, suspect, names));
      return why ? [{ name: suspect, score: 1 / (index + 1), why: claim(`${suspect} is named.`, [why]) }] : [];
    }),
    runbook: view.results.find((result) => result.name === "read_runbook")?.evidence[0]?.id ?? null,
    fix: {
      kind: revert ? "revert" : "none",
      service: revert ? name : null,
      commit: revert ? commit : null,
      edits: [],
      title: revert ? `Revert the change of ${name}` : "",
      why: revert ? "It came just before the trouble began." : "No change is shown to be at fault.",
      verify: revert ? "Errors fall back to what is usual." : "",
    },
  };
}

/** The whole item's text when it holds a commit, so that the revert is shown; else the line that a person would quote. */
function cite(item: ShownEvidence): Citation {
  const telling = /\b(?:unusual|failing)\b[^;]* line=(\d+)/.exec(item.shows)?.[1];
  const line = telling === undefined ? undefined : item.text.split("\n")[Number(telling) - 1];
  const quote = /\b[0-9a-f]{40}\b/.test(item.text) ? item.text : (line ?? firstLine(item));
  return { id: item.id, quote };
}

const claim = (text: string, items: readonly ShownEvidence[]): Claim => ({
  text,
  supports: items.map(cite),
  contradicts: [],
});

/** A claim with a figure that stands in its quote, for tests that alter it. */
function withFigure(items: readonly ShownEvidence[]): Claim[] {
  for (const item of items) {
    const { quote } = cite(item);
    const figure = quote
      .match(/(?<![\w.:-])\d+(?:\.\d+)?(?![\w.:-])/g)
      ?.find((each) => unsupportedFigures(each, [quote]).length === 0);
    if (figure) return [claim(`It measured ${figure} there.`, [item])];
  }
  return [];
}

/** Ways to spoil a report; each leaves it fitting the schema. */
export const spoil = {
  /** A quote that no tool returned, in the diagnosis. */
  fabricateQuote: (draft: Draft): Draft => ({
    ...draft,
    diagnosis: {
      ...draft.diagnosis,
      supports: draft.diagnosis.supports.map(({ id }) => ({ id, quote: "FATAL: disk is full, all writes refused" })),
    },
  }),
  /** A figure in a claim that stands in no quote. */
  alterNumber: (draft: Draft): Draft => ({
    ...draft,
    claims: draft.claims.map((each) => ({ ...each, text: each.text.replace(/\d+(?:\.\d+)?/, "987654.321") })),
  }),
  /** A receipt that no server minted. */
  unknownId: (draft: Draft): Draft => ({
    ...draft,
    claims: draft.claims.map((each, index) =>
      index > 0 ? each : { ...each, supports: each.supports.map(({ quote }) => ({ id: "mAAAAAAAAAAAAAAAA", quote })) },
    ),
  }),
} as const;
