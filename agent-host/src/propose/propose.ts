import { type Claim, type Cut, type Evidence, groundsOf, Report, unsupportedFigures } from "@oncall-copilot/core";
import { z } from "zod";
import { asked, type Toolbox } from "../tools/toolbox.ts";
import { wholeDiff } from "./whole-diff.ts";

const Opened = z.object({
  url: z.string(),
  branch: z.string(),
  commit: z.string(),
  state: z.enum(["opened", "exists"]),
  status: z.enum(["draft", "open", "merged", "closed"]).default("draft"),
  diff: z.string(),
  /** Where a server on this machine keeps the whole diff, of which `diff` may be the beginning. */
  diff_path: z.string().nullish(),
});

/**
 * Turns the report's fix into a draft pull request by the one tool that writes. Its refusal is no failure of the triage:
 * the report then says why there is no pull request.
 */
export async function propose(report: Report, toolbox: Toolbox, signal: AbortSignal): Promise<Report> {
  const { fix } = report;
  if (fix.kind === "none" || fix.service === null) return report;
  const call = await toolbox.call("open_pr", proposalOf(report), { signal });
  const opened = call.outcome === "found" ? Opened.safeParse(call.structured) : undefined;
  if (opened?.success) {
    const { diff_path: path, status, ...pullRequest } = opened.data;
    const diff = path == null ? pullRequest.diff : await wholeDiff(pullRequest.diff, path);
    const gaps = [...report.gaps, ...pastOf(status)];
    return Report.parse({ ...report, pull_request: { ...pullRequest, diff }, gaps, cost: counted(report, toolbox) });
  }
  const { message, patch } = call.structured;
  const why = typeof message === "string" ? message : call.text.split("\n", 1)[0] || "open_pr gave no pull request";
  const cut: Cut = { what: "pull request", text: fix.title, why };
  return Report.parse({
    ...report,
    ...(typeof patch === "string" ? { patch } : {}),
    cut: [...report.cut, cut],
    gaps: withCallGaps(report, toolbox),
    cost: counted(report, toolbox),
  });
}

/** The report's fix as the git server takes it, with the reasons that hold and what they cite. */
export function proposalOf(report: Report): Readonly<Record<string, unknown>> {
  const { fix } = report;
  const claims = [...(report.diagnosis ? [report.diagnosis] : []), ...report.claims].filter((claim) =>
    holdsBySupport(claim, report),
  );
  const cited = new Set(claims.flatMap((claim) => claim.supports.map(({ id }) => id)));
  return {
    service: fix.service,
    incident: report.incident.id,
    title: fix.title,
    claims: claims.map(reasoning),
    evidence: report.evidence.filter(({ id }) => cited.has(id)).map((item): Evidence => ({ ...item })),
    ...(fix.kind === "revert" ? { revert: fix.commit } : { edits: fix.edits }),
    ...(fix.verify === "" ? {} : { verify: fix.verify }),
  };
}

/** People decided on this fix for this incident before: what is shown waits for nobody's review any more. */
function pastOf(status: z.output<typeof Opened>["status"]): Report["gaps"] {
  if (status !== "closed" && status !== "merged") return [];
  const why = `this fix of this incident had one before, which people have ${status}; no other is opened`;
  return [{ server: "git", tool: "open_pr", code: "decided", about: [], what: "a new pull request", why }];
}

/** The pull request is given what supports a claim, so a figure that only a contradicting quote holds stays in the report. */
const holdsBySupport = ({ text, supports }: Claim, { evidence, vocabulary }: Report): boolean => {
  const known = new Map(evidence.map((item) => [item.id, item]));
  return unsupportedFigures(text, groundsOf(supports, known), vocabulary).length === 0;
};

const reasoning = ({ text, supports }: Claim) => ({ text, citations: supports });

const counted = (report: Report, toolbox: Toolbox): Report["cost"] => ({
  ...report.cost,
  tool_calls: asked(toolbox.calls),
});

/** What open_pr could not see has been noted by the toolbox since the report was made. */
function withCallGaps(report: Report, toolbox: Toolbox): Report["gaps"] {
  const known = new Set(report.gaps.map((gap) => JSON.stringify(gap)));
  return [...report.gaps, ...toolbox.gaps.filter((gap) => gap.tool === "open_pr" && !known.has(JSON.stringify(gap)))];
}
