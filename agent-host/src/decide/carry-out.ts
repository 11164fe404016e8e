import type { EvidenceKey, Report } from "@oncall-copilot/core";
import { z } from "zod";
import type { Case, CaseDecision } from "../cases/case.ts";
import type { CarriedOut, DraftSeen } from "../cases/work/work-parts.ts";
import { proposalOf } from "../propose/propose.ts";
import { openToolbox } from "../tools/open-toolbox.ts";

export interface CarryOutParts {
  readonly key: EvidenceKey;
  /** For the git server, as the draft was opened with. It gets its own variables alone: no signing secret of Slack's is among them. */
  envOf(one: Case): NodeJS.ProcessEnv;
  readonly transport: "child" | "in-process";
  /** The final report of a case. @throws Error when it was changed */
  reportOf(one: Case): Promise<Report>;
}

/** The one scope that this part of the host uses, and no other part. */
const SCOPE = "git:decide";

const Told = z.object({
  result: z.enum(["looked", "done", "moved", "too_late", "by_hand"]),
  status: z.enum(["draft", "open", "merged", "closed"]),
  over_at: z.string().nullish(),
  head: z.string(),
  summary: z.string().default(""),
});
type DraftNow = z.output<typeof Told>;

/** The draft could not be reached; whoever works on the case tries again. */
export class DraftUnreachable extends Error {
  override readonly name = "DraftUnreachable";
}

/**
 * Carries out what a person decided, on the draft that they decided on. May be asked again for the same decision: it then finds its
 * own doing and does nothing more.
 *
 * @throws DraftUnreachable when it is worth another try
 */
export async function carryOut(
  parts: CarryOutParts,
  one: Case,
  { decision, edits, revert }: CaseDecision,
  signal: AbortSignal,
): Promise<CarriedOut> {
  const refused = (result: string): CarriedOut => ({ refused: true, result, head: null, byHand: false });
  if (!one.pull_request) return refused("there is no draft");
  const report = await parts.reportOf(one);
  const { fix } = report;
  if (fix.kind === "none" || fix.service === null) return refused("the report proposes no fix");
  const common = {
    ...{ service: fix.service, branch: one.pull_request.branch, incident: report.incident.id },
    ...{ by: decision.by, why: whyOf(decision), ...(decision.head === null ? {} : { head: decision.head }) },
  };
  const answer = await ask(parts, one, asked(decision.verb, common, { report, edits, revert }), signal);
  if (answer.kind === "refused") return refused(answer.why);
  const { result, head, summary } = answer.told;
  if (result === "moved" || result === "too_late") return { refused: true, result: summary, head, byHand: false };
  return { refused: false, result: summary, head, byHand: result === "by_hand" };
}

interface Change {
  readonly report: Report;
  readonly edits: CaseDecision["edits"];
  readonly revert: string | null;
}

function asked(verb: CaseDecision["decision"]["verb"], common: object, { report, edits, revert }: Change): object {
  if (verb === "approve") return { ...common, action: "ready" };
  if (verb === "reject") return { ...common, action: "close" };
  const { revert: _, edits: __, ...reasons } = proposalOf(report);
  const change = edits ? { edits } : { revert: revert ?? report.fix.commit };
  return { ...common, ...reasons, ...change, action: "edit" };
}

/** A person's reason and words, as one text. */
function whyOf({ reason, words }: CaseDecision["decision"]): string {
  const named = reason === null ? "" : reason.replaceAll("_", " ");
  return [named, words ?? ""]
    .filter((part) => part !== "")
    .join(": ")
    .slice(0, 2_000);
}

/** What the draft is now: merged and closed drafts are told in the message. */
export async function lookAtDraft(parts: CarryOutParts, one: Case, signal: AbortSignal): Promise<DraftSeen | null> {
  const report = one.pull_request ? await parts.reportOf(one) : null;
  if (!one.pull_request || report?.fix.service == null) return null;
  const look = { service: report.fix.service, branch: one.pull_request.branch, action: "look" };
  const answer = await ask(parts, one, look, signal);
  if (answer.kind !== "told") return null;
  const { status, head, over_at: over } = answer.told;
  return { status, head, overAt: over == null ? null : Date.parse(over) };
}

type Answer = { readonly kind: "told"; readonly told: DraftNow } | { readonly kind: "refused"; readonly why: string };

async function ask(parts: CarryOutParts, one: Case, args: object, signal: AbortSignal): Promise<Answer> {
  const { key, transport } = parts;
  const toolbox = await openToolbox({ key, env: { ...parts.envOf(one), ONCALL_SCOPES: SCOPE }, transport });
  try {
    const call = await toolbox.call("decide_pr", { ...args }, { signal });
    if (call.outcome === "found") {
      const told = Told.safeParse(call.structured);
      if (told.success) return { kind: "told", told: told.data };
      throw new DraftUnreachable("the git server answered decide_pr with another shape");
    }
    const { message } = call.structured;
    const why = typeof message === "string" ? message : "the git server gave no reason";
    // What is wrong with the request stays wrong; what could not be reached may be there in a minute.
    if (call.outcome === "bad_request" || call.reason === "forbidden" || call.reason === "not_configured") {
      return { kind: "refused", why };
    }
    throw new DraftUnreachable(why);
  } finally {
    await toolbox.close();
  }
}
