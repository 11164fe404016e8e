/** A proposal that open_pr takes, to be spoilt by the tests of its refusals. */
import { readFileSync } from "node:fs";
import type { CallResult } from "@oncall-copilot/core/server";
import { evidence, rollout, type Served, serveRecording, shopRepo, type TestRepo } from "./support.ts";

export const PROOF = evidence("promotions error_ratio 0.231, usually 0.004, since 2026-03-01T09:44:00Z");

export const REASONS = {
  claims: [
    { text: "The error ratio of promotions rose to 23 %.", citations: [{ id: PROOF.id, quote: "error_ratio 0.231" }] },
  ],
  evidence: [PROOF],
};

export function proposal(fix: object, more: object = {}): object {
  return { service: "promotions", incident: "HighErrorRate-20260301", title: "Go back", ...REASONS, ...fix, ...more };
}

export const edit = (path: string, old_text: string, new_text: string) => ({ path, old_text, new_text });

export interface Shop extends Served {
  readonly repo: TestRepo;
  /** A commit to promotions, deployed. */
  readonly bad: string;
}

/** A shop in which one commit broke promotions; `later` commits more before it is served. */
export async function brokenShop(
  later: (repo: TestRepo) => void = () => {},
  env: Readonly<Record<string, string>> = {},
): Promise<Shop> {
  const repo = shopRepo();
  const first = repo.head();
  const bad = repo
    .edit("services/promotions/main.js", "promotions5 = 5", "promotions5 = query()")
    .commit({ minutes: -20, message: "promotions: ask every time" });
  later(repo);
  const deployments = [rollout("promotions", first, -2800), rollout("promotions", bad, -17)];
  return { ...(await serveRecording(repo, { deployments, env })), repo, bad };
}

export const messageOf = (result: CallResult) => String(result.structured["message"]);
export const bodyOf = (result: CallResult) => readFileSync(String(result.structured["body_path"]), "utf8");
export const diffOf = (result: CallResult) => readFileSync(String(result.structured["diff_path"]), "utf8");
