import {
  type Cut,
  type Evidence,
  type Family,
  type ProposedFix,
  type Report,
  unsupportedFigures,
} from "@oncall-copilot/core";
import { kindOf } from "./settle-outcome.ts";

export interface FixGrounds {
  readonly outcome: Report["outcome"];
  readonly family: Family;
  /** Evidence that a claim which holds cites. */
  readonly cited: readonly Evidence[];
  /** Everything the tools returned. */
  readonly all: Iterable<Evidence>;
  readonly quotes: readonly string[];
  readonly vocabulary: readonly string[];
}

/** No fix, and why none. */
export function noFix(why: string): ProposedFix {
  return { kind: "none", service: null, commit: null, edits: [], title: "", why, verify: "" };
}

function refusal(fix: ProposedFix, grounds: FixGrounds): string | undefined {
  if (grounds.outcome !== "root_cause_identified" && grounds.outcome !== "likely_cause")
    return "no cause was shown well enough to act on";
  if (grounds.family === "other" || grounds.family === "no_fault")
    return `nothing is changed for an incident of family ${grounds.family}`;
  if (!fix.service) return "it names no service";
  const changes = grounds.cited.filter(({ id }) => kindOf(id) === "changes");
  if (fix.kind === "revert") {
    const { commit } = fix;
    if (!commit || !/^[0-9a-f]{40}$/.test(commit)) return "a revert names the commit by its full SHA";
    return changes.some(({ text }) => text.includes(commit))
      ? undefined
      : "no claim that holds cites the commit it reverts";
  }
  if (fix.edits.length === 0) return "it has no edits";
  const files = [...grounds.all].filter(({ id }) => kindOf(id) === "changes");
  const unseen = fix.edits.find(({ old_text }) => !files.some(({ text }) => text.includes(old_text)));
  return unseen ? `the text it replaces in ${unseen.path} was never read` : undefined;
}

/** Lets a fix through only when what it changes was seen and cited; else there is none, and the reason is told. */
export function checkFix(fix: ProposedFix, grounds: FixGrounds): { fix: ProposedFix; cut: Cut[] } {
  const cut: Cut[] = [];
  const clean = (field: "title" | "why" | "verify", without: string): string => {
    const missing = unsupportedFigures(
      fix[field],
      [...grounds.quotes, ...(fix.commit ? [fix.commit] : [])],
      grounds.vocabulary,
    );
    if (missing.length === 0) return fix[field];
    cut.push({ what: `fix ${field}`, text: fix[field], why: `these figures stand in no quote: ${missing.join(", ")}` });
    return without;
  };
  if (fix.kind === "none") return { fix: noFix(clean("why", "the engine proposes none")), cut };
  const refused = refusal(fix, grounds);
  if (refused) {
    cut.push({ what: "fix", text: fix.title, why: refused });
    return { fix: noFix(refused), cut };
  }
  const title = clean("title", fix.kind === "revert" ? `Revert a change of ${fix.service}` : `Change ${fix.service}`);
  return { fix: { ...fix, title, why: clean("why", ""), verify: clean("verify", "") }, cut };
}
