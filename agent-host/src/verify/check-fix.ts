import {
  type Cut,
  type Evidence,
  type Family,
  type Ground,
  type ProposedFix,
  type Report,
  riskOfPath,
  unsupportedFigures,
} from "@oncall-copilot/core";
import { kindOf } from "./kinds.ts";

export interface FixGrounds {
  readonly outcome: Report["outcome"];
  readonly confidence: Report["confidence"];
  readonly family: Family;
  /** Evidence that a claim which holds cites. */
  readonly cited: readonly Evidence[];
  /** Everything the tools returned. */
  readonly all: Iterable<Evidence>;
  /** What the claims that hold quote. */
  readonly quotes: readonly Ground[];
  readonly vocabulary: readonly string[];
}

/** No fix, and why none. */
export function noFix(why: string): ProposedFix {
  return { kind: "none", service: null, commit: null, edits: [], title: "", why, verify: "" };
}

/** Whether a text was shown: in a file, or by the lines of a diff without their signs. Files end in a newline that pages leave out. */
function holds(text: string, old: string): boolean {
  const wanted = old.replace(/\n$/, "");
  const withoutSigns = text
    .split("\n")
    .filter((line) => !line.startsWith("-"))
    .map((line) => line.replace(/^[+ ]/, ""))
    .join("\n");
  return wanted !== "" && (text.includes(wanted) || withoutSigns.includes(wanted));
}

function refusal(fix: ProposedFix, grounds: FixGrounds): string | undefined {
  if (grounds.outcome !== "root_cause_identified" && grounds.outcome !== "likely_cause")
    return "no cause was shown well enough to act on";
  if (grounds.confidence.level === "low") return `confidence is low: ${grounds.confidence.why}`;
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
  const risky = fix.edits.find(({ path }) => riskOfPath(path));
  if (risky)
    return `${risky.path} is no file that a fix may change: it runs, merges or decides something, or is no service's code or configuration`;
  const files = [...grounds.all].filter(({ id }) => kindOf(id) === "changes");
  const unseen = fix.edits.find(({ old_text }) => !files.some(({ text }) => holds(text, old_text)));
  return unseen ? `the text it replaces in ${unseen.path} was never read` : undefined;
}

/** Characters of how to see that it worked: what is expected then, which no quote can hold yet. */
const MAX_VERIFY = 2_000;

/** Lets a fix through only when what it changes was seen and cited; else there is none, and the reason is told. */
export function checkFix(fix: ProposedFix, grounds: FixGrounds): { fix: ProposedFix; cut: Cut[] } {
  const cut: Cut[] = [];
  const clean = (field: "title" | "why", without: string): string => {
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
  return { fix: { ...fix, title, why: clean("why", ""), verify: fix.verify.slice(0, MAX_VERIFY) }, cut };
}
