import { alertFingerprint, type Catalog, estimateTokens, mostThatFit } from "@oncall-copilot/core";
import { type AnyTool, defineTool } from "@oncall-copilot/core/server";
import { z } from "zod";
import { incidentOutput, render, statisticsOutput } from "./answer.ts";
import { second } from "./instants.ts";
import { HistoryOutput } from "./output.ts";
import { safePast } from "./safe-past.ts";
import type { HistoryQuestion, HistoryStore, Past } from "./store.ts";
import { tellingWords } from "./words.ts";

const DEFAULT_LIMIT = 5;
const MAX_INCIDENTS = 20;
/** Tokens of the default answer, by the estimate, which errs high; a caller that asks for more rows gets more. */
const DEFAULT_BUDGET = 1_660;
const LARGEST_BUDGET = 4_500;

const input = z.strictObject({
  service: z.string().describe("catalog name"),
  alert: z.string().max(200).optional().describe("alert name"),
  fingerprint: z
    .string()
    .regex(/^[0-9a-fA-F]{16}$/, "16 hex digits")
    .optional()
    .describe("the alert's fingerprint, 16 hex digits"),
  summary: z.string().max(2_000).optional().describe("symptom in words"),
  limit: z.number().int().min(1).max(MAX_INCIDENTS).default(DEFAULT_LIMIT).describe("most incidents to show"),
});
type Input = z.output<typeof input>;

export interface HistoryParts {
  readonly catalog: Catalog;
  readonly store: HistoryStore;
}

export function queryHistory({ catalog, store }: HistoryParts): AnyTool {
  return defineTool({
    name: "query_history",
    title: "Query past incidents",
    description:
      "Past incidents with this alert's fingerprint, then ones much like it: how often, how long to resolve, root causes, and which fixes worked or failed. Give the alert and its summary.",
    scope: "history:read",
    readOnly: true,
    input,
    output: HistoryOutput,
    // The first call loads the history; a million incidents take some seconds.
    deadlineMs: 30_000,
    maxTokens: 6_000,
    text: render,
    run: async (asked, context) => {
      const service = catalog.get(asked.service).name;
      const question = questionOf(asked, service, context.now);
      const about = question.alert === null ? service : `${service} ${question.alert}`;
      const kinds = kindsOf(question);
      context.progress(`searching ${store.name}`);
      const past = await safePast(await store.past(question, { signal: context.signal, progress: context.progress }));
      const gaps = [...past.unread, ...unreadable(past, store)];
      const { matches, statistics } = past;
      if (statistics === null) {
        return {
          outcome: "nothing_found",
          summary: `${about}: no past incident ${kinds.fingerprint}, and none ${kinds.alike}, before ${second(context.now)}`,
          searched: searched(past, question, store),
          absence: { about: [service], over: past.searched, to: context.now, url: store.url },
          tryNext: tryNext(question, catalog),
          gaps,
          data: { matches, stats: null, incidents: [] },
        };
      }
      const kind = kinds[statistics.basis];
      const stats = await statisticsOutput(about, service, kind, statistics, store, context);
      const rows = await Promise.all(past.incidents.map((incident) => incidentOutput(incident, catalog, context)));
      const budget = asked.limit > DEFAULT_LIMIT ? LARGEST_BUDGET : DEFAULT_BUDGET;
      const shown = mostThatFit(rows, budget, (chosen) => cost({ matches, stats, incidents: [...chosen] }));
      return {
        outcome: "found",
        summary: summary(`${about} before ${second(context.now)}`, past, kinds, shown),
        gaps,
        data: { matches, stats, incidents: rows.slice(0, shown) },
      };
    },
  });
}

function questionOf(asked: Input, service: string, now: number): HistoryQuestion {
  const alert = asked.alert ?? null;
  const computed = alert === null ? null : alertFingerprint({ alert, service });
  return {
    fingerprint: asked.fingerprint?.toLowerCase() ?? computed,
    exact: asked.fingerprint !== undefined,
    alert,
    service,
    words: tellingWords(asked.summary ?? alert ?? "", service),
    now,
    most: asked.limit,
  };
}

type Kinds = Readonly<Record<"fingerprint" | "alike", string>>;

/** What the two kinds of match mean for this question, in words. */
function kindsOf(question: HistoryQuestion): Kinds {
  const same = question.exact || question.alert === null ? "with this fingerprint" : "of this alert and service";
  const onlyService = question.alert === null && question.words.length === 0;
  return { fingerprint: same, alike: onlyService ? "of this service" : "much like this" };
}

/** The larger of the two forms an answer has, in tokens by the estimate. */
const cost = (data: HistoryOutput) => Math.max(estimateTokens(render(data)), estimateTokens(JSON.stringify(data)));

function summary(about: string, past: Past, kinds: Kinds, shown: number): string {
  const { fingerprint, alike } = past.matches;
  const found = `${about}: ${fingerprint} incidents ${kinds.fingerprint}, ${alike} ${kinds.alike}, of ${past.searched}`;
  const left = fingerprint + alike - shown;
  if (left === 0) return `${found}; all are shown`;
  const figures = fingerprint > 0 ? kinds.fingerprint : kinds.alike;
  const more = shown < MAX_INCIDENTS ? "a higher limit shows more" : "another alert or summary shows others";
  return `${found}; figures over all ${figures}, then ${shown} ${shown === 1 ? "incident" : "incidents"}; ${left} left out (${more})`;
}

function unreadable(past: Past, store: HistoryStore): string[] {
  return [
    [past.unreadable, `rows of ${store.name} have no id or no readable started_at and were left out`],
    [past.repeated, `rows of ${store.name} repeat the id of another and were not counted again`],
    [
      past.endsUnreadable,
      `incidents of ${store.name} have a resolved_at that cannot be read or lies before their start: they count as over, and how long they took is not known`,
    ],
  ].flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]));
}

function searched(past: Past, question: HistoryQuestion, store: HistoryStore): string {
  const by = [
    ...(question.fingerprint === null ? [] : [`fingerprint ${question.fingerprint}`]),
    ...(question.alert === null ? [] : [`alert ${question.alert}`]),
    `service ${question.service}`,
    ...(question.words.length === 0 ? [] : [`the words ${question.words.join(", ")}`]),
  ];
  return `${past.searched} incidents before ${second(question.now)} in ${store.name}, by ${by.join(", ")}`;
}

function tryNext({ alert, service, fingerprint, words }: HistoryQuestion, catalog: Catalog): string[] {
  const narrow = alert !== null || fingerprint !== null || words.length > 0;
  const neighbours = catalog.get(service).dependsOn.slice(0, 5);
  return [
    ...(narrow ? [`service ${service} without other arguments: every past incident of it`] : []),
    ...(neighbours.length > 0 ? [`the services it depends on: ${neighbours.join(", ")}`] : []),
  ];
}
