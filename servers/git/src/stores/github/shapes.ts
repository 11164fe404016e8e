import { z } from "zod";

/** What is read of GitHub's answers: no more than is used, so that a newer GitHub or an older Enterprise Server fits too. */

const Login = z.object({ login: z.string() }).nullish();
const Signature = z.object({ name: z.string().nullish(), date: z.iso.datetime({ offset: true }).nullish() }).nullish();

/** A commit as lists give it. */
export const ListedCommit = z.object({
  sha: z.string(),
  parents: z.array(z.object({ sha: z.string() })),
  commit: z.object({ message: z.string(), author: Signature, committer: Signature }),
});
export type ListedCommit = z.output<typeof ListedCommit>;
export const ListedCommits = z.array(ListedCommit);

/** A commit as the Git Data API gives it. */
export const GitCommit = z.object({
  sha: z.string(),
  tree: z.object({ sha: z.string() }),
  parents: z.array(z.object({ sha: z.string() })),
  message: z.string(),
  author: z.object({ name: z.string(), date: z.iso.datetime({ offset: true }) }),
  committer: z.object({ name: z.string(), date: z.iso.datetime({ offset: true }) }),
});

export const Branch = z.object({ name: z.string(), commit: ListedCommit });

/** A commit's files, a page at a time. */
export const CommitFiles = z.object({
  files: z
    .array(
      z.object({
        filename: z.string(),
        previous_filename: z.string().optional(),
        status: z.string(),
        additions: z.number(),
        deletions: z.number(),
      }),
    )
    .default([]),
});

export const Comparison = z.object({
  status: z.enum(["diverged", "ahead", "behind", "identical"]),
  base_commit: ListedCommit,
  total_commits: z.number(),
  commits: ListedCommits,
});

export const Tree = z.object({
  sha: z.string(),
  truncated: z.boolean().default(false),
  tree: z.array(
    z.object({
      path: z.string(),
      mode: z.string(),
      type: z.string(),
      sha: z.string().nullish(),
      size: z.number().optional(),
    }),
  ),
});
export type Tree = z.output<typeof Tree>;

export const Blob = z.object({ content: z.string(), encoding: z.string(), size: z.number().nullish() });

const Permissions = z
  .object({
    admin: z.boolean().optional(),
    maintain: z.boolean().optional(),
    push: z.boolean().optional(),
    triage: z.boolean().optional(),
    pull: z.boolean().optional(),
  })
  .optional();

const Origin = z.object({ id: z.number(), full_name: z.string() }).nullish();

export const Repo = z.object({
  id: z.number(),
  name: z.string(),
  full_name: z.string(),
  owner: z.object({ login: z.string() }),
  private: z.boolean(),
  fork: z.boolean().default(false),
  archived: z.boolean().default(false),
  disabled: z.boolean().default(false),
  /** Absent where GitHub does not tell it to this credential. */
  allow_forking: z.boolean().optional(),
  default_branch: z.string(),
  permissions: Permissions,
  parent: Origin,
  source: Origin,
});
export type Repo = z.output<typeof Repo>;

/** Of a list of forks. */
export const Forks = z.array(z.object({ id: z.number(), name: z.string(), owner: z.object({ login: z.string() }) }));

/** How an App is installed where a repository is. */
export const Installation = z.object({
  id: z.number(),
  app_slug: z.string().optional(),
  permissions: z.record(z.string(), z.string().optional()),
  repository_selection: z.string().optional(),
  suspended_at: z.string().nullish(),
});
export type Installation = z.output<typeof Installation>;

export const User = z.object({ login: z.string() });

export const Pull = z.object({
  number: z.number(),
  /** As GraphQL calls it. */
  node_id: z.string(),
  title: z.string(),
  html_url: z.string(),
  state: z.enum(["open", "closed"]),
  draft: z.boolean().default(false),
  merged_at: z.string().nullish(),
  closed_at: z.string().nullish(),
  user: Login,
  head: z.object({ ref: z.string(), sha: z.string(), repo: z.object({ id: z.number() }).nullish() }),
  base: z.object({ ref: z.string(), sha: z.string() }),
});
export type Pull = z.output<typeof Pull>;
export const Pulls = z.array(Pull);

/** Oldest first; one that is not submitted yet has no time. */
export const Reviews = z.array(
  z.object({ user: Login, state: z.string(), submitted_at: z.iso.datetime({ offset: true }).nullish() }),
);

/** Of a pull request, oldest first. */
export const PullCommits = z.array(z.object({ sha: z.string(), parents: z.array(z.object({ sha: z.string() })) }));

export const Comments = z.array(z.object({ body: z.string().nullish() }));

export const Created = z.object({ sha: z.string() });
export const Ref = z.object({ ref: z.string(), object: z.object({ sha: z.string() }) });
export const Anything = z.unknown();
