/** The routes of the double that read. */
import { bare, bytesOf, commitAt, diffOf, filesOf, type GitFacts, has, log, remember, tried } from "./bare-git.ts";
import type { Json } from "./description.ts";
import { type Asked, type Handler, Raw, repoOf } from "./handler.ts";
import { commentJson, pullJson, repoJson } from "./shown.ts";
import { type DoubleRepo, demand, fullNameOf, grantsOf, invalid, notFound, Refused, type World } from "./world.ts";

const pageOf = (query: URLSearchParams) => {
  const size = Math.min(100, Number(query.get("per_page") ?? 30));
  return { size, skip: (Number(query.get("page") ?? 1) - 1) * size };
};

/** An object anywhere in the network: forks and their upstream share them. */
function dirWith(world: World, repo: DoubleRepo, sha: string): string {
  const holders = [repo, ...world.network(repo)].map(({ dir }) => dir);
  return holders.find((dir) => has(dir, sha)) ?? repo.dir;
}

export const shown = ({ sha, parents, tree, author, committer, message }: GitFacts): Json => ({
  ...{
    sha,
    parents: parents.map((parent) => ({ sha: parent, url: "https://github.test/c" })),
    author: null,
    committer: null,
  },
  commit: { author, committer, message, tree: { sha: tree, url: "https://github.test/t" }, comment_count: 0 },
});

export const gitShown = ({ sha, parents, tree, author, committer, message }: GitFacts): Json => ({
  ...{ sha, message, author, committer, tree: { sha: tree, url: "https://github.test/t" } },
  parents: parents.map((parent) => ({ sha: parent, url: "https://github.test/c", html_url: "https://github.test/h" })),
});

const wantsDiff = ({ headers }: Asked) => headers.accept === "application/vnd.github.diff";

function reading(asked: Asked, permission = "contents"): DoubleRepo {
  const repo = repoOf(asked);
  demand(asked.caller, repo, permission, "read");
  return repo;
}

function user({ caller }: Asked): unknown {
  if (caller.kind !== "token") throw new Refused(403, "Resource not accessible by integration");
  return { login: caller.holder.login, id: 1, type: "User" };
}

function installation({ world, caller, params }: Asked): unknown {
  if (caller.kind !== "app") throw new Refused(401, "A JSON web token could not be decoded");
  const { owner, repo: name, installation_id: id } = params;
  const repo = name === undefined ? undefined : world.repo(owner ?? "", name);
  const found = caller.app.installations.find((one) =>
    id === undefined ? repo && one.repositories.includes(fullNameOf(repo)) : String(one.id) === id,
  );
  if (!found) throw notFound();
  return {
    ...{ id: found.id, app_id: Number(caller.app.id), app_slug: caller.app.slug, permissions: found.permissions },
    ...{ repository_selection: "selected", target_type: "Organization", events: [], account: null },
    ...{ suspended_at: found.suspended ? "2026-01-01T00:00:00Z" : null, suspended_by: null },
  };
}

function branch(asked: Asked): unknown {
  const repo = reading(asked);
  const name = asked.params["branch"] ?? "";
  const tip = commitAt(repo.dir, `refs/heads/${name}`);
  if (!tip) throw new Refused(404, "Branch not found");
  const links = { html: "https://github.test/h", self: "https://github.test/s" };
  return {
    name,
    commit: shown(tip),
    _links: links,
    protected: false,
    protection: {},
    protection_url: "https://github.test/p",
  };
}

function commits(asked: Asked): unknown {
  const repo = reading(asked);
  const { query } = asked;
  const { size, skip } = pageOf(query);
  const tip = commitAt(repo.dir, query.get("sha") ?? "HEAD");
  if (!tip) throw notFound();
  const [since, until, path] = ["since", "until", "path"].map((name) => query.get(name));
  const bounds = [...(since ? [`--since=${since}`] : []), ...(until ? [`--until=${until}`] : [])];
  return log(repo.dir, [
    `--max-count=${size}`,
    `--skip=${skip}`,
    ...bounds,
    tip.sha,
    "--",
    ...(path ? [path] : []),
  ]).map(shown);
}

function commit(asked: Asked): unknown {
  const repo = reading(asked);
  const found = commitAt(repo.dir, asked.params["ref"] ?? "");
  if (!found) throw new Refused(422, `No commit found for SHA: ${asked.params["ref"]}`);
  if (wantsDiff(asked)) return new Raw(diffOf(repo.dir, found.parents[0], found.sha));
  const { size, skip } = pageOf(asked.query);
  return { ...shown(found), files: filesOf(repo.dir, found).slice(skip, skip + size) };
}

function compare(asked: Asked): unknown {
  const repo = reading(asked);
  const [from = "", to = ""] = (asked.params["basehead"] ?? "").split("...");
  const [base, head] = [commitAt(repo.dir, from), commitAt(repo.dir, to)];
  if (!base || !head) throw notFound();
  const merged = tried(repo.dir, ["merge-base", base.sha, head.sha]);
  if (merged === undefined) throw notFound();
  if (wantsDiff(asked)) return new Raw(diffOf(repo.dir, merged, head.sha));
  const { size, skip } = pageOf(asked.query);
  const ahead = log(repo.dir, ["--reverse", `${base.sha}..${head.sha}`]);
  const behind = log(repo.dir, [`${head.sha}..${base.sha}`]).length;
  const status = ahead.length > 0 ? (behind > 0 ? "diverged" : "ahead") : behind > 0 ? "behind" : "identical";
  return {
    ...{ status, ahead_by: ahead.length, behind_by: behind, total_commits: ahead.length },
    ...{ base_commit: shown(base), merge_base_commit: shown(commitAt(repo.dir, merged) ?? base) },
    commits: ahead.slice(skip, skip + size).map(shown),
    ...(skip === 0 ? { files: [] } : {}),
  };
}

function forks(asked: Asked): unknown {
  const repo = reading(asked, "metadata");
  const { size, skip } = pageOf(asked.query);
  const made = asked.world.repos.filter(({ parent, private: hidden }) => parent === repo && !hidden);
  return made.slice(skip, skip + size).map((fork) => repoJson(fork, asked.caller));
}

function gitCommit(asked: Asked): unknown {
  const repo = reading(asked);
  const sha = asked.params["commit_sha"] ?? "";
  const found = commitAt(dirWith(asked.world, repo, sha), sha);
  if (!found || found.sha !== sha) throw notFound();
  return gitShown(found);
}

function tree(asked: Asked): unknown {
  const repo = reading(asked);
  const id = asked.params["tree_sha"] ?? "";
  const dir = dirWith(asked.world, repo, id);
  if (!has(dir, id)) throw notFound();
  const sha = remember(`tree of ${id}`, () => bare(dir, ["rev-parse", "--verify", `${id}^{tree}`]).trim());
  const recursive = asked.query.has("recursive") ? ["-r", "-t"] : [];
  const lines = bare(dir, ["ls-tree", "-z", "-l", ...recursive, sha])
    .split("\0")
    .slice(0, -1);
  const entries = lines.map((line) => {
    const [, mode, type, object, size, path] = /^(\d+) (\w+) (\w+) +(\d+|-)\t([\s\S]+)$/.exec(line) ?? [];
    return {
      path,
      mode,
      type,
      sha: object,
      ...(size === "-" ? {} : { size: Number(size) }),
      url: "https://github.test/o",
    };
  });
  return { sha, url: "https://github.test/t", tree: entries, truncated: false };
}

function blob(asked: Asked): unknown {
  const repo = reading(asked);
  const sha = asked.params["file_sha"] ?? "";
  const dir = dirWith(asked.world, repo, sha);
  if (!has(dir, sha)) throw notFound();
  const content = bytesOf(dir, sha);
  return {
    sha,
    node_id: "",
    size: content.length,
    url: "https://github.test/b",
    content: content.toString("base64"),
    encoding: "base64",
  };
}

function ref(asked: Asked): unknown {
  const repo = reading(asked);
  const name = `refs/${asked.params["ref"]}`;
  const sha = tried(repo.dir, ["rev-parse", "--verify", "--quiet", name]);
  if (!sha) throw notFound();
  return {
    ref: name,
    node_id: "",
    url: "https://github.test/r",
    object: { type: "commit", sha, url: "https://github.test/o" },
  };
}

function pulls(asked: Asked): unknown {
  const repo = reading(asked, "pull_requests");
  const { size, skip } = pageOf(asked.query);
  const [state, head] = ["state", "head"].map((name) => asked.query.get(name));
  const fitting = asked.world.pulls.filter(
    (pull) =>
      pull.base === repo &&
      (state === "all" || pull.state === (state ?? "open")) &&
      (!head || head === `${pull.head.owner}:${pull.headRef}`),
  );
  return fitting
    .reverse()
    .slice(skip, skip + size)
    .map((pull) => pullJson(pull));
}

function pull(asked: Asked): unknown {
  const repo = reading(asked, "pull_requests");
  const found = asked.world.pulls.find(
    ({ base, number }) => base === repo && String(number) === asked.params["pull_number"],
  );
  if (!found) throw notFound();
  if (!wantsDiff(asked)) return pullJson(found);
  const tip = (pullJson(found)["head"] as { sha: string }).sha;
  const from = bare(found.head.dir, ["merge-base", found.baseSha, tip]).trim();
  return new Raw(diffOf(found.head.dir, from, tip));
}

function pullCommits(asked: Asked): unknown {
  const repo = reading(asked, "pull_requests");
  const found = asked.world.pulls.find(
    ({ base, number }) => base === repo && String(number) === asked.params["pull_number"],
  );
  if (!found) throw notFound();
  const tip = (pullJson(found)["head"] as { sha: string }).sha;
  return log(found.head.dir, ["--reverse", `${found.baseSha}..${tip}`]).map(shown);
}

function comments(asked: Asked): unknown {
  const repo = reading(asked, "pull_requests");
  const found = asked.world.pulls.find(
    ({ base, number }) => base === repo && String(number) === asked.params["issue_number"],
  );
  if (!found) throw notFound();
  const { size, skip } = pageOf(asked.query);
  return found.comments.slice(skip, skip + size).map(commentJson);
}

function pullsOfCommit(asked: Asked): unknown {
  const repo = reading(asked, "pull_requests");
  const sha = asked.params["commit_sha"] ?? "";
  if (!commitAt(repo.dir, sha)) throw invalid(`No commit found for SHA: ${sha}`, "Commit");
  return asked.world.pulls
    .filter(({ base, mergedCommits }) => base === repo && mergedCommits.includes(sha))
    .map((one) => pullJson(one));
}

function reviews(asked: Asked): unknown {
  const repo = reading(asked, "pull_requests");
  const found = asked.world.pulls.find(
    ({ base, number }) => base === repo && String(number) === asked.params["pull_number"],
  );
  if (!found) throw notFound();
  return found.reviews.map(({ login, state, at }, id) => {
    return { id, user: { login, id: 2, type: "User" }, body: "", state, submitted_at: at };
  });
}

function repository(asked: Asked): unknown {
  const repo = repoOf(asked);
  demand(asked.caller, repo, "metadata", "read");
  if (asked.caller.kind === "installation" && repo.private && !grantsOf(asked.caller, repo)) throw notFound();
  return repoJson(repo, asked.caller);
}

export const READING: Readonly<Record<string, Handler>> = {
  "GET /user": user,
  "GET /app/installations/{installation_id}": installation,
  "GET /repos/{owner}/{repo}/installation": installation,
  "GET /repos/{owner}/{repo}": repository,
  "GET /repos/{owner}/{repo}/branches/{branch}": branch,
  "GET /repos/{owner}/{repo}/commits": commits,
  "GET /repos/{owner}/{repo}/commits/{ref}": commit,
  "GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls": pullsOfCommit,
  "GET /repos/{owner}/{repo}/compare/{basehead}": compare,
  "GET /repos/{owner}/{repo}/forks": forks,
  "GET /repos/{owner}/{repo}/git/commits/{commit_sha}": gitCommit,
  "GET /repos/{owner}/{repo}/git/trees/{tree_sha}": tree,
  "GET /repos/{owner}/{repo}/git/blobs/{file_sha}": blob,
  "GET /repos/{owner}/{repo}/git/ref/{ref}": ref,
  "GET /repos/{owner}/{repo}/pulls": pulls,
  "GET /repos/{owner}/{repo}/pulls/{pull_number}": pull,
  "GET /repos/{owner}/{repo}/pulls/{pull_number}/commits": pullCommits,
  "GET /repos/{owner}/{repo}/issues/{issue_number}/comments": comments,
  "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews": reviews,
};
