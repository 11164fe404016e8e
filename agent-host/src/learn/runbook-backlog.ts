import { instant } from "@oncall-copilot/core";
import type { Case } from "../cases/case.ts";
import { oneLine } from "../deliver/style.ts";

/** A page that cases met and that looked out of date. */
export interface PageToMend {
  readonly page: string;
  readonly url: string;
  /** Cases that were shown it while it looked so. */
  readonly cases: number;
  /** When the last of them began, RFC 3339. */
  readonly last_met: string;
  /** Each sign, and how many cases met it; most met first. */
  readonly signs: readonly { readonly sign: string; readonly cases: number }[];
}

/** The pages to mend, most met first. Signs that differ in figures alone (days since an update) are one, as the newest case tells it. */
export function runbookBacklog(cases: readonly Case[]): readonly PageToMend[] {
  const pages = new Map<string, Case[]>();
  const newestFirst = cases.toSorted((a, b) => b.alert.started_at - a.alert.started_at);
  for (const one of newestFirst) {
    const met = one.outcome?.runbook;
    if (met && met.signs.length > 0) pages.set(keyOf(met), [...(pages.get(keyOf(met)) ?? []), one]);
  }
  return [...pages.values()]
    .flatMap((met) => pageOf(met))
    .sort((a, b) => b.cases - a.cases || (a.last_met < b.last_met ? 1 : -1));
}

type Met = NonNullable<NonNullable<Case["outcome"]>["runbook"]>;

/** A section's address tells its page; where there is none, its name does. */
const keyOf = ({ url, page }: Met): string => (url === "" ? page : (url.split("#")[0] ?? url));

function pageOf(met: readonly Case[]): PageToMend[] {
  const newest = met[0]?.outcome?.runbook;
  if (!newest) return [];
  const signs = new Map<string, { sign: string; cases: number }>();
  for (const sign of met.flatMap(({ outcome }) => outcome?.runbook?.signs ?? [])) {
    const kind = sign.replace(/\d+/g, "0");
    const known = signs.get(kind);
    signs.set(kind, { sign: known?.sign ?? sign, cases: (known?.cases ?? 0) + 1 });
  }
  return [
    {
      ...{ page: newest.page, url: keyOf(newest), cases: met.length },
      last_met: instant(met[0]?.alert.started_at ?? 0),
      signs: [...signs.values()].sort((a, b) => b.cases - a.cases),
    },
  ];
}

export function backlogMarkdown(pages: readonly PageToMend[]): string {
  if (pages.length === 0) return "No case has met a page that looked out of date.\n";
  const rows = pages.map(({ page, url, cases, last_met: last, signs }) => {
    const told = signs.map(({ sign, cases: many }) => `${cell(sign)} (${many})`).join("<br>");
    const name = /^https?:\/\//.test(url)
      ? `[${cell(page)}](<${url.replace(/[<>\s|]/g, encodeURIComponent)}>)`
      : cell(page);
    return `| ${name} | ${cases} | ${last.slice(0, 10)} | ${told} |`;
  });
  return ["| page | cases | last met | signs, and how many cases met each |", "|---|---|---|---|", ...rows, ""].join(
    "\n",
  );
}

/** Pages' names are strangers' text: nothing in them may end a cell, make a link or show a picture. */
const cell = (text: string): string => oneLine(text).replace(/[\\`*_[\]<>|!]/g, "\\$&");

/** RFC 4180, a line for each sign of each page. */
export function backlogCsv(pages: readonly PageToMend[]): string {
  const rows = pages.flatMap(({ page, url, cases, last_met: last, signs }) =>
    signs.map(({ sign, cases: many }) => [page, url, String(cases), last, sign, String(many)]),
  );
  return [["page", "url", "cases", "last_met", "sign", "cases_with_sign"], ...rows]
    .map((row) => `${row.map(field).join(",")}\r\n`)
    .join("");
}

/** A sheet takes what begins with one of these for a formula. */
const field = (text: string): string => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
