import type { ParsedPage } from "../pages/outline.ts";
import { type Section, sectionsOf, topOf } from "../pages/sections.ts";
import type { PageIndex } from "./page-index.ts";
import type { RunbookQuestion } from "./question.ts";
import type { RankedPage } from "./rank-pages.ts";
import { joined, wordsAndPairs, wordsOf } from "./words.ts";

export interface RankedSection {
  readonly ranked: RankedPage;
  readonly section: Section;
  /** Above 0, at most 1. */
  readonly score: number;
}

/** What a section is for, by its heading, and how soon an engineer who was just paged needs it. */
const ROLES: readonly (readonly [heading: RegExp, weight: number])[] = [
  [
    /\b(mitigat|remed|resol|fix|roll ?back|recover|repair|restor|work ?around|actions?\b|procedure|steps?\b|what to do|response|how to)/i,
    1,
  ],
  [/\b(diagnos|investigat|debug|troubleshoot|verif|triage|find|locat|identif|checks?\b|confirm|causes?\b)/i, 0.9],
  [/\b(meaning|impact|overview|symptom|context|background|description|summary|about)/i, 0.65],
  [
    /\b(escalat|contacts?\b|owners?\b|references?\b|links?\b|see also|history|change ?log|appendix|dashboards?\b)/i,
    0.5,
  ],
];
const PLAIN = 0.75;
/** What stands before a page's first heading tells what the page is about. */
const INTRODUCTION = 0.65;
/** A section under another alert's heading, on a page that has one for ours. */
const ANOTHER_ALERTS = 0.4;

/** How the role and the words of a section share in its weight. */
const ROLE_SHARE = 0.8;

/**
 * The sections of pages that fit, the most useful first. A page's best section stands for the page with its whole score;
 * the others follow by how much less they are worth.
 */
export function rankSections(
  index: PageIndex,
  pages: readonly RankedPage[],
  question: RunbookQuestion,
): RankedSection[] {
  const asked = [...index.asked([question.alert ?? "", question.query ?? ""].join("\n")).keys()];
  const ranked = pages.flatMap((page): RankedSection[] => {
    const sections = sectionsOf(page.page.parsed);
    const ours = sections.filter((section) => namesAlert(section, question.alert));
    const weights = sections.map((section) => {
      const words = index.coverage(asked, new Set(wordsAndPairs(section.text)));
      const aside = ours.length > 0 && !ours.includes(section) ? ANOTHER_ALERTS : 1;
      return (ROLE_SHARE * roleOf(section, page.page.parsed) + (1 - ROLE_SHARE) * words) * aside;
    });
    const best = Math.max(...weights);
    return sections.map((section, at) => ({ ranked: page, section, score: (page.score * (weights[at] ?? 0)) / best }));
  });
  return ranked.sort((a, b) => b.score - a.score);
}

/** Whether a heading that leads to the section names the alert. */
function namesAlert(section: Section, alert: string | undefined): boolean {
  return alert !== undefined && section.path.some((heading) => wordsOf(heading).includes(joined(alert)));
}

/** A whole page is for everything; otherwise the innermost heading that tells decides. */
function roleOf(section: Section, page: ParsedPage): number {
  if (section.text.length >= page.text.trim().length) return 1;
  if (section.name === topOf(page).title) return INTRODUCTION;
  for (const heading of [...section.path].reverse()) {
    const role = ROLES.find(([pattern]) => pattern.test(heading));
    if (role) return role[1];
  }
  return PLAIN;
}
