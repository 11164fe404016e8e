import type { Reviewed } from "../../store.ts";
import type { GitHub } from "./client.ts";
import type { RepoName } from "./name.ts";
import { Pulls, Reviews } from "./shapes.ts";

export interface Behind {
  readonly name: RepoName;
  /** What it was merged into. */
  readonly branch: string;
  readonly sha: string;
  /** Epoch milliseconds: one that was merged later is not told. */
  readonly until: number;
}

/** The pull request that brought a commit, and who approved it before it was merged: two requests. */
export async function reviewOf(
  github: GitHub,
  { name, branch, sha, until }: Behind,
  signal: AbortSignal,
): Promise<Reviewed | undefined> {
  const params = { ...name, commit_sha: sha, per_page: 10 };
  const route = "GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls";
  const { data: pulls } = await github.ask({ route, params, shape: Pulls }, signal);
  const pull = pulls.find(({ merged_at: at, base }) => at && base.ref === branch && Date.parse(at) <= until);
  if (!pull?.merged_at) return undefined;
  const { data: reviews } = await github.ask(
    {
      route: "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews",
      params: { ...name, pull_number: pull.number, per_page: 100 },
      shape: Reviews,
    },
    signal,
  );
  const merged = Date.parse(pull.merged_at);
  const last = new Map<string, string>();
  for (const { state, user, submitted_at: at } of reviews) {
    // A comment takes no approval back.
    if (user && at && Date.parse(at) <= merged && state !== "COMMENTED") last.set(user.login, state);
  }
  const approvedBy = [...last].flatMap(([login, state]) => (state === "APPROVED" ? [login] : []));
  return {
    ...{ number: pull.number, title: pull.title, url: pull.html_url },
    ...{ author: pull.user?.login ?? "unknown", approvedBy },
  };
}
