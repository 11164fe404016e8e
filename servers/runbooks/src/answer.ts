import { type Evidence, fence, instant } from "@oncall-copilot/core";
import type { ToolContext } from "@oncall-copilot/core/server";
import { ageDays } from "./decay/signs.ts";
import type { OtherSection, RunbookOutput, ShownSection } from "./output.ts";
import type { Section } from "./pages/sections.ts";
import type { Page } from "./store.ts";

/** A section that may be shown, with what is known of its page. */
export interface Candidate {
  readonly page: Page;
  readonly section: Section;
  readonly fit: ShownSection["fit"];
  readonly score: number;
  readonly decay: readonly string[];
}

/** `service`: who was asked about, which the section fits. */
export async function shownSection(candidate: Candidate, service: string, context: ToolContext): Promise<ShownSection> {
  const { page, section } = candidate;
  const { anchor } = section;
  const evidence: Evidence = await context.evidence({
    text: section.text,
    url: anchor === "" ? page.url : `${page.url}#${encodeURIComponent(anchor)}`,
    at: instant(page.updatedAt ?? context.now),
    about: [service],
    shows: [{ shows: "words" }],
  });
  return {
    page: page.id,
    title: page.title,
    section: section.name,
    version: page.version,
    updated: page.updatedAt === null ? null : instant(page.updatedAt).slice(0, 10),
    age_days: ageDays(page, context.now),
    editor: page.editor,
    fit: candidate.fit,
    score: Math.round(candidate.score * 100) / 100,
    decay: [...candidate.decay],
    evidence,
  };
}

export const otherSection = ({ page, section }: Pick<Candidate, "page" | "section">): OtherSection => ({
  page: page.id,
  title: page.title,
  section: section.name,
});

/** The text form: the header says whose words follow, the fence holds nothing but them. */
export function render({ sections, others }: RunbookOutput): string {
  const blocks = sections.map((section, index) => {
    const before = sections.slice(0, index).find((shown) => shown.page === section.page);
    return [header(section), ...signs(section, before !== undefined), fence(section.evidence)].join("\n");
  });
  if (others.length > 0) blocks.push(["Not shown:", ...others.map(otherLine)].join("\n"));
  return blocks.join("\n\n");
}

function header(section: ShownSection): string {
  const version = section.version === null ? "version unknown" : `version ${section.version}`;
  const updated =
    section.updated === null
      ? "update unknown"
      : `updated ${section.updated}, ${section.age_days} days ago${section.editor === null ? "" : ` by ${section.editor}`}`;
  return onOneLine(
    `Runbook "${section.title}", section "${section.section}" (page ${section.page}, ${version}, ${updated}; fit ${section.fit}, score ${section.score})`,
  );
}

/** Signs are the page's, so they are told once for all of its sections. */
function signs(section: ShownSection, told: boolean): string[] {
  if (section.decay.length === 0) return [];
  return told ? ["Decay: the page's, as above"] : section.decay.map((sign) => `Decay: ${sign}`);
}

const otherLine = ({ page, title, section }: OtherSection) =>
  onOneLine(`- page ${page} ("${title}"), section ${section}`);

/** Names come from the page's writers and stand outside of the fence, so they must not begin a line there. */
const onOneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
