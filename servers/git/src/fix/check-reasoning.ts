import type { Evidence } from "@oncall-copilot/core";
import type { ToolContext } from "@oncall-copilot/core/server";
import { refusal } from "./refuse.ts";

interface Reasoning {
  readonly claims: readonly {
    readonly text: string;
    readonly citations: readonly { readonly id: string; readonly quote: string }[];
  }[];
  readonly evidence: readonly Evidence[];
}

/**
 * Refuses a proposal unless every item of evidence is this installation's own and every claim holds, with every one of
 * its citations. `vocabulary` are names with digits that are no figures.
 */
export function checkReasoning(
  { claims, evidence }: Reasoning,
  vocabulary: readonly string[],
  context: Pick<ToolContext, "verify" | "checkClaim">,
): void {
  if (evidence.length === 0) throw refusal("no_evidence", "evidence is empty; a change needs evidence for it");
  if (claims.length === 0) throw refusal("no_evidence", "claims is empty; a change needs its reasons told");
  const forged = evidence.filter((item) => !context.verify(item)).map(({ id }) => id);
  if (forged.length > 0) {
    throw refusal(
      "evidence_does_not_verify",
      `no tool of this installation returned ${forged.join(", ")} with these fields`,
      ["each item exactly as the tool returned it: id, text, url, at, about and shows"],
    );
  }
  const known = new Map(evidence.map((item) => [item.id, item]));
  const failures = claims.flatMap(({ text, citations }) => {
    return context.checkClaim({ text, supports: [...citations], contradicts: [] }, known, vocabulary).failures;
  });
  if (failures.length > 0) {
    const told = failures
      .slice(0, 5)
      .map(({ claim, id, why }) => `"${claim.slice(0, 120)}"${id ? ` (${id})` : ""}: ${why}`);
    throw refusal("claim_does_not_hold", told.join("; "), [
      "quotes byte for byte out of the evidence's text",
      "no figure that is not quoted",
    ]);
  }
}
