import type { CaseArguments, CaseWorld, Contract } from "@oncall-copilot/core/server";

export const contract: Contract = {
  cases: {
    read_changes: {
      found: { service: "storefront" },
      nothing: { service: "newsletter", from: "-1h" },
    },
    read_file: {
      found: { service: "pricing", path: "services/pricing/prices.js" },
      nothing: { never: "a path that does not exist is a bad request with the nearest paths" },
    },
    open_pr: {
      found: proposal,
      nothing: { never: "it writes; what it cannot write it refuses" },
    },
  },
};

async function proposal({ commits, ask }: CaseWorld): Promise<CaseArguments> {
  const culprit = commits[2] ?? "";
  const { evidence } = await ask("read_changes", { service: "pricing", commit: culprit });
  const [commit] = evidence;
  if (!commit) throw new Error("read_changes gave no evidence of the culprit");
  return {
    service: "pricing",
    incident: "HighErrorRate-1772359200",
    title: 'Revert "pricing: ask for each line\'s price on its own"',
    claims: [
      {
        text: "pricing began to ask for each line's price on its own.",
        citations: [{ id: commit.id, quote: "ask for each line's price on its own" }],
      },
    ],
    evidence: [commit],
    revert: culprit,
  };
}
