/** Repositories and pull requests as GitHub shows them. */
import { bare, tried } from "./bare-git.ts";
import type { Json } from "./description.ts";
import { type Caller, type DoublePull, type DoubleRepo, fullNameOf, ROLES, roleOf } from "./world.ts";

const WEB = "https://github.com";

function origin(repo: DoubleRepo): Json {
  return {
    id: repo.id,
    name: repo.name,
    full_name: fullNameOf(repo),
    private: repo.private,
    owner: { login: repo.owner },
  };
}

/** `permissions` are the user's, whatever the token was given; an App has none of its own. */
export function repoJson(repo: DoubleRepo, caller?: Caller): Json {
  const role = caller && roleOf(caller, repo);
  const at = role === undefined ? -1 : ROLES.indexOf(role);
  const permissions = {
    ...{ pull: true, triage: at >= 1, push: at >= 2, maintain: at >= 3, admin: at >= 4 },
  };
  const root = repo.parent?.parent ?? repo.parent;
  return {
    ...origin(repo),
    ...{ fork: repo.parent !== undefined, archived: repo.archived, disabled: false, default_branch: "main" },
    allow_forking: repo.forking !== false,
    ...{ html_url: `${WEB}/${fullNameOf(repo)}`, permissions },
    ...(repo.parent && root ? { parent: origin(repo.parent), source: origin(root) } : {}),
  };
}

export const commentJson = ({ login, body }: DoublePull["comments"][number]): Json => ({
  ...{ body, user: { login, type: "User" }, author_association: "NONE" },
});

/** As GraphQL calls a pull request. */
export const nodeIdOf = ({ number }: DoublePull): string => `PR_${number}`;

export function pullJson(pull: DoublePull): Json {
  const { number, title, body, state, draft, base, head, headRef, baseRef, baseSha } = pull;
  const html_url = `${WEB}/${fullNameOf(base)}/pull/${number}`;
  const sha = tried(head.dir, ["rev-parse", "--verify", "--quiet", `refs/heads/${headRef}`]) || pull.lastSha || baseSha;
  return {
    ...{
      node_id: nodeIdOf(pull),
      number,
      title,
      body,
      state,
      draft,
      html_url,
      merged_at: pull.mergedAt,
      author_association: "NONE",
    },
    ...{ closed_at: state === "closed" ? "2026-03-01T10:10:00Z" : null, user: { login: pull.author, type: "User" } },
    ...{ maintainer_can_modify: pull.maintainerCanModify, merged: pull.mergedAt !== null },
    labels: pull.labels.map((name) => ({ id: 1, name, color: "ededed", default: false, description: null })),
    head: { label: `${head.owner}:${headRef}`, ref: headRef, sha, repo: repoJson(head), user: { login: head.owner } },
    base: {
      label: `${base.owner}:${baseRef}`,
      ref: baseRef,
      sha: baseSha,
      repo: repoJson(base),
      user: { login: base.owner },
    },
    ...{ commits: Number(bare(head.dir, ["rev-list", "--count", `${baseSha}..${sha}`])), changed_files: 1 },
  };
}
