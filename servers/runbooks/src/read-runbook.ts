import { BadRequest, type Catalog, type CatalogEntry } from "@oncall-copilot/core";
import { type AnyTool, defineTool, type ToolContext } from "@oncall-copilot/core/server";
import { z } from "zod";
import { type Candidate, render, shownSection } from "./answer.ts";
import { BUDGET, choose, estimated } from "./choose.ts";
import { type DecayLimits, decaySigns } from "./decay/signs.ts";
import { askedSections, findPage } from "./find-page.ts";
import { RunbookOutput } from "./output.ts";
import type { RunbookQuestion } from "./ranking/question.ts";
import { type RankedPage, rankPages } from "./ranking/rank-pages.ts";
import { rankSections } from "./ranking/rank-sections.ts";
import { type Shelf, shelves } from "./shelf.ts";
import type { RunbookStore, Sought } from "./store.ts";

const DEFAULT_LIMIT = 4;
const MAX_SECTIONS = 12;
/** Pages named when none fits. */
const NEAREST_PAGES = 3;

const input = z.strictObject({
  service: z.string().describe("catalog name"),
  alert: z.string().max(200).optional().describe("alert name"),
  query: z.string().max(2_000).optional().describe("symptom in words"),
  page: z.string().max(500).optional().describe("read this page, by its path or title"),
  section: z.string().max(500).optional().describe("of that page, as named in an answer"),
  limit: z.number().int().min(1).max(MAX_SECTIONS).default(DEFAULT_LIMIT).describe("most sections to show"),
});
type Input = z.output<typeof input>;

export interface RunbookParts {
  readonly catalog: Catalog;
  readonly store: RunbookStore;
  readonly limits: DecayLimits;
}

export function readRunbook(parts: RunbookParts): AnyTool {
  const { catalog, store } = parts;
  const open = shelves(store, catalog);
  return defineTool({
    name: "read_runbook",
    title: "Read a runbook",
    description:
      "Runbook sections that fit a service and alert, word for word, with version, age and signs of decay; or says that none fits. Give the alert and its summary. Read on with page and section.",
    scope: "runbooks:read",
    readOnly: true,
    input,
    output: RunbookOutput,
    maxTokens: 6_000,
    text: render,
    run: async (asked, context) => {
      const service = catalog.get(asked.service);
      if (asked.section !== undefined && asked.page === undefined) {
        throw new BadRequest("section needs a page", {
          tryNext: ["the page that the section is of, as named in an answer"],
        });
      }
      context.progress(`reading ${store.name}`);
      const shelf = await open(soughtBy(catalog, service, asked), context.signal);
      context.signal.throwIfAborted();
      return asked.page === undefined
        ? search(parts, shelf, service, asked, context)
        : readPage(parts, shelf, service, asked.page, asked, context);
    },
  });
}

/** What a store is told, so that one with very many pages can give those that may fit. */
function soughtBy(catalog: Catalog, { name, title, annotations }: CatalogEntry, { alert, query, page }: Input): Sought {
  const others = [title ?? name, ...Object.values(annotations)].filter((other) => catalog.find(other)?.name === name);
  return { service: [...new Set([name, ...others])], alert, words: query, page };
}

/** Adds what is known of the page to a section of it. */
function candidateOf(parts: RunbookParts, shelf: Shelf, service: CatalogEntry, now: number) {
  const facts = {
    catalog: parts.catalog,
    library: shelf.library,
    now,
  };
  const signs = new Map<string, string[]>();
  return (id: string, rest: Pick<Candidate, "section" | "fit" | "score">): Candidate[] => {
    const found = shelf.pages.get(id);
    if (!found) return [];
    const decay = signs.get(id) ?? decaySigns(found.page, found.parsed, service.name, facts, parts.limits);
    signs.set(id, decay);
    return [{ page: found.page, ...rest, decay }];
  };
}

async function search(parts: RunbookParts, shelf: Shelf, service: CatalogEntry, asked: Input, context: ToolContext) {
  const { catalog, store } = parts;
  const question: RunbookQuestion = {
    service: service.name,
    alert: asked.alert,
    query: asked.query,
    otherServices: new Set(
      catalog.names.map((name) => name.toLowerCase()).filter((name) => name !== service.name.toLowerCase()),
    ),
  };
  const pages = rankPages(shelf.index, question);
  const fitting = pages.filter((page) => page.fit !== undefined);
  const about = asked.alert === undefined ? service.name : `${service.name} ${asked.alert}`;
  const { gaps } = shelf.library;
  if (fitting.length === 0) {
    const near = pages.slice(0, NEAREST_PAGES).flatMap(({ page }) => shelf.pages.get(page.id)?.page ?? []);
    const words = asked.query === undefined ? "" : `, the words "${asked.query.slice(0, 200)}"`;
    return {
      outcome: "nothing_found" as const,
      summary: `${about}: no runbook fits`,
      searched: `${shelf.library.whole ? "" : "the "}${shelf.pages.size} ${shelf.library.whole ? "" : "likeliest "}pages of ${store.name}, by ${asked.alert === undefined ? "" : `alert ${asked.alert}, `}service ${service.name}${words}`,
      tryNext: [
        ...(near.length > 0 ? ["the nearest pages, which do not fit: read one with page"] : []),
        ...(asked.query === undefined ? ["a query with the symptom's words"] : []),
        ...(service.dependsOn.length > 0
          ? [`the services it depends on: ${service.dependsOn.slice(0, 5).join(", ")}`]
          : []),
      ],
      absence: { about: [service.name], over: shelf.pages.size, to: context.now, url: near[0]?.url ?? store.link },
      gaps,
      data: { sections: [], others: near.map((page) => ({ page: page.id, title: page.title, section: page.title })) },
    };
  }
  const candidate = candidateOf(parts, shelf, service, context.now);
  const candidates = rankSections(shelf.index, fitting, question).flatMap(({ ranked, section, score }) =>
    candidate(ranked.page.id, { section, score, fit: ranked.fit ?? "words" }),
  );
  const budget = asked.limit > DEFAULT_LIMIT ? BUDGET.largest : BUDGET.usual;
  const { data, left } = await choose(candidates, asked.limit, budget, (chosen) =>
    shownSection(chosen, service.name, context),
  );
  const pagesShown = new Set(data.sections.map((section) => section.page)).size;
  return {
    outcome: "found" as const,
    summary: `${about}: ${unspoken(fitting, asked)}${counted(data.sections.length, "section")} of ${counted(pagesShown, "page")}, of ${fitting.length} that fit and ${shelf.library.whole ? "" : "the likeliest "}${shelf.pages.size} searched${leftOut(left, data.others.length)}`,
    gaps: [...gaps, ...tooLong(candidates, data)],
    data,
  };
}

/** Pages that are just the service's are offered, but not passed off as an answer. */
function unspoken(fitting: readonly RankedPage[], { alert, query }: Input): string {
  if (fitting.some(({ fit }) => fit !== "service") || (alert === undefined && query === undefined)) return "";
  const what = [...(alert === undefined ? [] : ["the alert"]), ...(query === undefined ? [] : ["these words"])];
  return `no runbook speaks of ${what.join(" or ")}; the service's own page, which does not either: `;
}

async function readPage(
  parts: RunbookParts,
  shelf: Shelf,
  service: CatalogEntry,
  page: string,
  asked: Input,
  context: ToolContext,
) {
  const id = findPage(shelf, page);
  const candidate = candidateOf(parts, shelf, service, context.now);
  const sections = askedSections(shelf, id, asked.section, (text) => estimated(text) <= BUDGET.largest);
  const candidates = sections.flatMap((section) => candidate(id, { section, score: 1, fit: "asked" }));
  const { data, left } = await choose(candidates, MAX_SECTIONS, BUDGET.largest, (chosen) =>
    shownSection(chosen, service.name, context),
  );
  const what = asked.section === undefined ? `page ${id}` : `page ${id}, section ${asked.section}`;
  return {
    outcome: "found" as const,
    summary: `${what}: ${data.sections.length === 1 ? "whole" : `${data.sections.length} sections`}${leftOut(left, data.others.length)}`,
    gaps: [...shelf.library.gaps, ...tooLong(candidates, data)],
    data,
  };
}

/** A section is never cut, so one that no answer can hold is only pointed to. */
function tooLong([best]: readonly Candidate[], { sections }: RunbookOutput): string[] {
  if (sections.length > 0 || best === undefined) return [];
  const { page, section } = best;
  return [
    `the section that fits best is too long to be given (${section.text.length} characters): ${section.name}, ${page.url}`,
  ];
}

const counted = (count: number, one: string) => `${count} ${one}${count === 1 ? "" : "s"}`;

function leftOut(left: number, named: number): string {
  if (left === 0) return "";
  const some = named < left ? `, ${named} of them` : "";
  return `; ${left} more left out${some} named at the end: read one with page and section`;
}
