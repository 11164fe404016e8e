/** The routes of the double that write. */
import { randomBytes } from "node:crypto";
import {
  bare,
  commitAt,
  diffOf,
  type GitFacts,
  has,
  type TreeEntry,
  tried,
  writeCommit,
  writeTree,
} from "./bare-git.ts";
import { type Asked, type Handler, Made, repoOf } from "./handler.ts";
import { gitShown } from "./reading.ts";
import { commentJson, pullJson } from "./shown.ts";
import {
  type DoublePull,
  type DoubleRepo,
  demand,
  fullNameOf,
  grantsOf,
  invalid,
  loginOf,
  notFound,
  Refused,
  roleOf,
  sees,
} from "./world.ts";

function writing(asked: Asked): DoubleRepo {
  const repo = repoOf(asked);
  demand(asked.caller, repo, "contents", "write");
  return repo;
}

function accessToken({ world, caller, params }: Asked): unknown {
  if (caller.kind !== "app") throw new Refused(401, "A JSON web token could not be decoded");
  const { app } = caller;
  const installation = app.installations.find(({ id }) => String(id) === params["installation_id"]);
  if (!installation) throw notFound();
  if (installation.suspended) throw new Refused(403, "This installation has been suspended");
  const token = `ghs_${randomBytes(18).toString("hex")}`;
  const until = Date.now() + 3_600_000;
  world.installationTokens.set(token, { app, installation, until });
  const { permissions } = installation;
  return new Made({ token, expires_at: new Date(until).toISOString(), permissions, repository_selection: "selected" });
}

function blob(asked: Asked): unknown {
  const { dir } = writing(asked);
  const { content, encoding } = asked.body as { content: string; encoding?: BufferEncoding };
  const input = Buffer.from(content, encoding ?? "utf8");
  const sha = bare(dir, ["hash-object", "-w", "--stdin"], { input }).trim();
  return new Made({ sha, url: "https://github.test/b" });
}

function tree(asked: Asked): unknown {
  const { dir } = writing(asked);
  const { base_tree: base, tree: entries } = asked.body as { base_tree?: string; tree: readonly TreeEntry[] };
  if (base !== undefined && !has(dir, base)) {
    throw new Refused(422, "base_tree is not a valid tree oid");
  }
  const sha = writeTree(dir, base, entries);
  return new Made({ sha, url: "https://github.test/t", tree: [], truncated: false });
}

function commit(asked: Asked): unknown {
  const { dir } = writing(asked);
  const { tree: of, parents = [], message, author, committer } = asked.body as unknown as Omit<GitFacts, "sha">;
  if (parents.some((parent) => !has(dir, parent))) {
    throw new Refused(422, "Parent SHA does not exist or is not a commit object");
  }
  const sha = writeCommit(dir, { tree: of, parents, message, author, committer });
  const made = commitAt(dir, sha);
  if (!made) throw new Error("the commit that was made is not there");
  return new Made(gitShown(made));
}

const refJson = (ref: string, sha: string) => ({
  ...{ ref, node_id: "", url: "https://github.test/r", object: { type: "commit", sha, url: "https://github.test/o" } },
});

/** Workflow files may only come along with a right of their own, unless a branch of the repository has them already. */
function demandWorkflows({ caller }: Asked, repo: DoubleRepo, sha: string): void {
  if (grantsOf(caller, repo)?.["workflows"] === "write") return;
  const heads = bare(repo.dir, ["for-each-ref", "--format=%(objectname)", "refs/heads"]).split("\n").filter(Boolean);
  const changed = heads.map((head) => diffOf(repo.dir, head, sha));
  const workflow = changed.every((diff) => diff.includes(" b/.github/workflows/"));
  if (heads.length === 0 || !workflow) return;
  const what = caller.kind === "token" ? "Personal Access Token" : "GitHub App";
  throw new Refused(422, `refusing to allow a ${what} to create or update workflow without \`workflows\` permission`);
}

function ref(asked: Asked): unknown {
  const repo = writing(asked);
  const { ref: name, sha } = asked.body as { ref: string; sha: string };
  if (tried(repo.dir, ["rev-parse", "--verify", "--quiet", name])) throw new Refused(422, "Reference already exists");
  if (!has(repo.dir, sha)) throw new Refused(422, "Object does not exist");
  demandWorkflows(asked, repo, sha);
  bare(repo.dir, ["update-ref", name, sha]);
  return new Made(refJson(name, sha));
}

function moveRef(asked: Asked): unknown {
  const repo = writing(asked);
  const name = `refs/${asked.params["ref"]}`;
  const { sha, force } = asked.body as { sha: string; force?: boolean };
  const old = tried(repo.dir, ["rev-parse", "--verify", "--quiet", name]);
  if (!old) throw new Refused(422, "Reference does not exist");
  if (!force && tried(repo.dir, ["merge-base", "--is-ancestor", old, sha]) === undefined) {
    throw new Refused(422, "Update is not a fast forward");
  }
  bare(repo.dir, ["update-ref", name, sha]);
  return refJson(name, sha);
}

function mergeUpstream(asked: Asked): unknown {
  const repo = writing(asked);
  const { branch } = asked.body as { branch: string };
  const ref = `refs/heads/${branch}`;
  const { parent } = repo;
  const theirs = parent && tried(parent.dir, ["rev-parse", "--verify", "--quiet", ref]);
  if (!parent || !theirs) throw new Refused(422, "This repository is not a fork, or the branch is not there");
  const ours = tried(repo.dir, ["rev-parse", "--verify", "--quiet", ref]);
  const told = {
    message: "Successfully fetched and fast-forwarded from upstream",
    base_branch: `${parent.owner}:${branch}`,
  };
  if (ours === theirs) return { ...told, merge_type: "none" };
  if (ours && tried(repo.dir, ["merge-base", "--is-ancestor", ours, theirs]) === undefined) {
    throw new Refused(409, "There are merge conflicts");
  }
  demandWorkflows(asked, repo, theirs);
  bare(repo.dir, ["update-ref", ref, theirs]);
  return { ...told, merge_type: "fast-forward" };
}

function pull(asked: Asked): unknown {
  const { world, caller } = asked;
  const repo = repoOf(asked);
  demand(caller, repo, "pull_requests", "write");
  const given = asked.body as Readonly<Record<string, unknown>> & {
    title: string;
    body: string;
    head: string;
    base: string;
  };
  const [owner, headRef = ""] = given.head.split(":");
  const name = given["head_repo"];
  const heads = world
    .network(repo)
    .filter((one) => one.owner === owner && (name === undefined || fullNameOf(one) === name));
  // Within one organisation the upstream and its fork have the same owner, and GitHub must be told which is meant.
  const head = heads.length > 1 ? repo : heads[0];
  const tip =
    head && sees(caller, head) && tried(head.dir, ["rev-parse", "--verify", "--quiet", `refs/heads/${headRef}`]);
  if (!head || !tip)
    throw new Refused(422, {
      message: "Validation Failed",
      errors: [{ resource: "PullRequest", field: "head", code: "invalid" }],
    });
  if (
    given["maintainer_can_modify"] !== false &&
    !["write", "maintain", "admin"].includes(roleOf(caller, head) ?? "")
  ) {
    throw invalid("fork_collab Fork collab can't be granted by someone without permission");
  }
  if (given["draft"] === true && !repo.drafts)
    throw new Refused(422, "Draft pull requests are not supported in this repository.");
  const there = world.pulls.some(
    (one) => one.head === head && one.headRef === headRef && one.base === repo && one.state === "open",
  );
  if (there) throw invalid(`A pull request already exists for ${given.head}.`);
  const baseSha = bare(repo.dir, ["rev-parse", `refs/heads/${given.base}`]).trim();
  const made = {
    ...{ number: world.pulls.length + 101, base: repo, head, headRef, baseRef: given.base, baseSha },
    ...{ title: given.title, body: given.body, draft: given["draft"] === true, state: "open" as const, mergedAt: null },
    ...{
      maintainerCanModify: given["maintainer_can_modify"] !== false,
      labels: [],
      comments: [],
      mergedCommits: [],
      reviews: [],
    },
    author: loginOf(caller),
  };
  world.pulls.push(made);
  return new Made(pullJson(made));
}

function comment(asked: Asked): unknown {
  const repo = repoOf(asked);
  demand(asked.caller, repo, "pull_requests", "write");
  const found = pullIn(asked, repo, "issue_number");
  const made = { login: loginOf(asked.caller), body: String(asked.body["body"]) };
  found.comments.push(made);
  return new Made(commentJson(made));
}

/** Its author may close it; anyone who may push may. */
function closePull(asked: Asked): unknown {
  const repo = repoOf(asked);
  demand(asked.caller, repo, "pull_requests", "write");
  const found = pullIn(asked, repo, "pull_number");
  const { state } = asked.body as { state?: "open" | "closed" };
  if (found.author !== loginOf(asked.caller)) throw new Refused(403, "Resource not accessible");
  if (state !== undefined) found.state = state;
  return pullJson(found);
}

function deleteRef(asked: Asked): unknown {
  const repo = writing(asked);
  const name = `refs/${asked.params["ref"]}`;
  if (!tried(repo.dir, ["rev-parse", "--verify", "--quiet", name])) throw new Refused(422, "Reference does not exist");
  const gone = asked.world.pulls.filter(({ head, headRef }) => head === repo && `refs/heads/${headRef}` === name);
  for (const pull of gone) pull.lastSha = bare(repo.dir, ["rev-parse", name]).trim();
  bare(repo.dir, ["update-ref", "-d", name]);
  return new Made(undefined, 204);
}

function pullIn({ world, params }: Asked, repo: DoubleRepo, key: string): DoublePull {
  const found = world.pulls.find(({ base, number }) => base === repo && String(number) === params[key]);
  if (!found) throw notFound();
  return found;
}

function labels(asked: Asked): unknown {
  const repo = repoOf(asked);
  demand(asked.caller, repo, "labels", "write");
  const found = asked.world.pulls.find(
    ({ base, number }) => base === repo && String(number) === asked.params["issue_number"],
  );
  if (!found) throw notFound();
  const { labels: wanted } = asked.body as { labels: readonly string[] };
  found.labels.push(...wanted);
  return new Made(
    found.labels.map((name) => ({ id: 1, name, color: "ededed", default: false, description: null })),
    200,
  );
}

export const WRITING: Readonly<Record<string, Handler>> = {
  "POST /app/installations/{installation_id}/access_tokens": accessToken,
  "POST /repos/{owner}/{repo}/git/blobs": blob,
  "POST /repos/{owner}/{repo}/git/trees": tree,
  "POST /repos/{owner}/{repo}/git/commits": commit,
  "POST /repos/{owner}/{repo}/git/refs": ref,
  "PATCH /repos/{owner}/{repo}/git/refs/{ref}": moveRef,
  "POST /repos/{owner}/{repo}/merge-upstream": mergeUpstream,
  "POST /repos/{owner}/{repo}/pulls": pull,
  "POST /repos/{owner}/{repo}/issues/{issue_number}/comments": comment,
  "POST /repos/{owner}/{repo}/issues/{issue_number}/labels": labels,
  "PATCH /repos/{owner}/{repo}/pulls/{pull_number}": closePull,
  "DELETE /repos/{owner}/{repo}/git/refs/{ref}": deleteRef,
};
