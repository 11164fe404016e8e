import {
  type Answer,
  type Catalog,
  instant,
  MAX_HOPS,
  resolveWindow,
  type WalkStep,
  type Window,
  walkDependencies,
} from "@oncall-copilot/core";
import { type AnyTool, defineTool, type ToolContext } from "@oncall-copilot/core/server";
import { z } from "zod";
import { ChangesOutput, changesText } from "./changes/answer.ts";
import { type Change, type Collected, collectChanges } from "./changes/collect.ts";
import { readCursor, writeCursor } from "./changes/cursor.ts";
import { MAX_NAMED, plural, when } from "./changes/describe.ts";
import { type Draft, gapsOf, loadSources } from "./changes/drafts.ts";
import { readSymptom } from "./changes/effect/shared.ts";
import { fitChanges } from "./changes/fit.ts";
import { readOneCommit } from "./changes/one-commit.ts";
import { rankChanges } from "./changes/rank.ts";
import { isNoteworthy, stateWords } from "./changes/state.ts";
import type { Store } from "./store.ts";

const HOUR_MS = 3_600_000;
const WINDOW_LIMITS = { defaultMs: 24 * HOUR_MS, maxMs: 30 * 24 * HOUR_MS };

/** What a default call may have, and one that asks for more. */
const DEFAULT_BUDGET = { told: 1_250, all: 1_420 };
const LARGE_BUDGET = { told: 7_200, all: 7_500 };
const DEFAULT_LIMIT = 8;

export const ChangesInput = z.strictObject({
  service: z.string().describe("catalog name"),
  from: z.string().optional().describe("RFC 3339 or relative, e.g. -30m"),
  to: z.string().optional().describe("default now"),
  hops: z.number().int().min(0).max(MAX_HOPS).default(MAX_HOPS).describe("how far down its dependencies"),
  commit: z.string().optional().describe("commit id: that one commit with its whole diff"),
  path: z.string().optional().describe("only this file or folder"),
  symptom: z
    .string()
    .min(1)
    .max(8_000)
    .optional()
    .describe("log lines, stack frames: tells what each shares with them"),
  limit: z.number().int().min(1).max(40).optional().describe("most changes; a longer answer"),
  cursor: z.string().optional().describe("next page"),
});
export type ChangesInput = z.infer<typeof ChangesInput>;

/** The `read_changes` tool. */
export function readChanges(store: Store, catalog: Catalog): AnyTool {
  return defineTool({
    name: "read_changes",
    title: "Read changes",
    description:
      "What changed: commits, merges, deployments and drift of a service and its dependencies in a window (default the last 24 h), likeliest cause first, with author, time, files and diff. With commit: one commit in full.",
    scope: "git:read",
    readOnly: true,
    input: ChangesInput,
    output: ChangesOutput,
    maxTokens: 9_000,
    text: changesText,
    run: (input, context) =>
      input.commit === undefined
        ? listChanges({ store, catalog }, input, context)
        : readOneCommit({ store, catalog }, { ...input, commit: input.commit }, context),
  });
}

async function listChanges(
  { store, catalog }: { store: Store; catalog: Catalog },
  input: ChangesInput,
  context: ToolContext,
): Promise<Answer<ChangesOutput>> {
  const { now, signal } = context;
  const entry = catalog.get(input.service);
  const cursor = input.cursor === undefined ? undefined : readCursor(input.cursor, now);
  const { notes, ...asked } = resolveWindow(input, now, WINDOW_LIMITS);
  const window = cursor?.window ?? asked;
  const steps = walkDependencies(catalog, entry, input.hops);
  context.progress(`reading commits and deployments of ${steps.length} services`);
  // A page goes on some time after the first; a window that ended long ago is not asked about the present.
  const withState = input.path === undefined && now - window.to < HOUR_MS;
  const collected = await collectChanges({ store, catalog, steps, window, now, withState, signal });
  const wanted = collected.changes.filter((change) => input.path === undefined || touchesPath(change, input.path));
  const ranked = rankChanges(wanted, window.to);
  const offset = cursor?.offset ?? 0;
  const span = `${instant(window.from)} to ${instant(window.to)}`;
  const scope = `${entry.name} and ${plural(steps.length - 1, "dependency", "dependencies")} up to ${plural(input.hops, "hop")} down`;
  const page = ranked.slice(offset);
  if (page.length === 0) {
    return nothing(collected, { scope, span, notes, service: entry.name, path: input.path, steps, window });
  }

  const most = input.limit ?? DEFAULT_LIMIT;
  const told = { start: entry.name, to: window.to };
  const symptom = input.symptom === undefined ? undefined : readSymptom(input.symptom, catalog.names);
  const sources = await loadSources(page.slice(0, most), { contextLines: 1, symptom }, signal);
  const fitted = fitChanges(sources, page.slice(most), told, input.limit === undefined ? DEFAULT_BUDGET : LARGE_BUDGET);
  const next = offset + fitted.drafts.length;
  const left = ranked.length - next;
  return {
    outcome: "found",
    summary: summarize(ranked.length, fitted.drafts, {
      offset,
      left,
      listed: fitted.also.length,
      scope,
      span,
      notes,
      collected,
    }),
    gaps: [...collected.gaps, ...gapsOf(sources)],
    data: {
      changes: await Promise.all(
        fitted.drafts.map(async ({ diff: _, ...draft }) => ({
          ...draft,
          evidence: await context.evidence(draft.evidence),
        })),
      ),
      also: [...fitted.also],
      next_cursor: left > 0 ? writeCursor({ window, offset: next }) : null,
    },
  };
}

function touchesPath(change: Change, path: string): boolean {
  const wanted = path.replace(/\/+$/, "");
  return change.commit?.files.some((file) => file.path === wanted || file.path.startsWith(`${wanted}/`)) ?? false;
}

interface Told {
  readonly offset: number;
  readonly left: number;
  readonly listed: number;
  readonly scope: string;
  readonly span: string;
  readonly notes: readonly string[];
  readonly collected: Collected;
}

function summarize(all: number, drafts: readonly Draft[], told: Told): string {
  const { offset, left, listed, scope, span, notes, collected } = told;
  const which =
    drafts.length === all ? plural(all, "change") : `Changes ${offset + 1} to ${offset + drafts.length} of ${all}`;
  const rest =
    left > 0
      ? ` ${left} left out, ${listed} of them in one line each: ask with cursor, limit, path, a service or fewer hops.`
      : "";
  const cut = drafts.filter(({ diff }) => diff && diff.shownLines < diff.allLines).length;
  const diffs = cut > 0 ? ` Diffs are shortened in ${cut}: commit=ID gives one in full.` : "";
  const others = elsewhereText(collected) + statesText(collected);
  const order = all > 1 ? ", latest deployed and deepest first" : "";
  const said = notes.length > 0 ? ` Note: ${notes.join("; ")}.` : "";
  return `${which}${order}; ${scope}, ${span}.${rest}${diffs}${others}${said}`;
}

const elsewhereText = ({ elsewhere }: Collected) =>
  elsewhere > 0 ? ` Only other services: ${plural(elsewhere, "commit")}.` : "";

const MAX_STATES = 4;

/** Which applications are not as they should be, also when the page does not reach them; or that all are. */
function statesText({ states }: Collected): string {
  if (states === undefined || states.length === 0) return "";
  const bad = states.filter(isNoteworthy);
  if (bad.length === 0) return ` ${plural(states.length, "application")} in sync and healthy now.`;
  const told = bad.slice(0, MAX_STATES).map((state) => `${state.service} (${stateWords(state)})`);
  const rest = bad.length > told.length ? [`${bad.length - told.length} more`] : [];
  return ` Not as they should be now: ${[...told, ...rest].join(", ")}.`;
}

function nothing(
  collected: Collected,
  asked: {
    readonly scope: string;
    readonly span: string;
    readonly notes: readonly string[];
    readonly service: string;
    readonly path: string | undefined;
    readonly steps: readonly WalkStep[];
    readonly window: Window;
  },
): Answer<ChangesOutput> {
  const { lastBefore, rolloutsKnown } = collected;
  const last = lastBefore ? ` The last deployment before was ${lastBefore.service} at ${when(lastBefore.at)}.` : "";
  const others = elsewhereText(collected) + statesText(collected);
  const what = rolloutsKnown ? "commits and deployments" : "commits";
  const within = asked.path === undefined ? "" : ` within ${JSON.stringify(asked.path)}`;
  const said = asked.notes.length > 0 ? ` Note: ${asked.notes.join("; ")}.` : "";
  return {
    outcome: "nothing_found",
    summary: `Nothing changed: ${asked.scope}, ${asked.span}.${last}${others}${said}`,
    searched: `${what} of ${asked.scope}${within}, ${asked.span}`,
    tryNext: [
      ...(asked.path === undefined ? [] : ["the same without path"]),
      `a longer window, such as from=-7d`,
      "read_metrics or read_logs: not every incident comes from a change",
    ],
    absence: {
      about: asked.steps.map(({ entry }) => entry.name).slice(0, MAX_NAMED),
      over: collected.elsewhere,
      ...asked.window,
      url: `changes:${asked.service}`,
    },
    gaps: collected.gaps,
    data: { changes: [], also: [], next_cursor: null },
  };
}
