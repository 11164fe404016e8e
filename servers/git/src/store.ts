import type { CatalogEntry } from "@oncall-copilot/core";
import type { Deployments } from "./deployments.ts";

/** One file of a commit, against the commit's first parent. A rename is a deletion and an addition. */
export interface ChangedFile {
  readonly path: string;
  readonly status: "A" | "M" | "D" | "T";
  /** Git's octal mode after the change, `000000` when the file is gone. */
  readonly mode: string;
  /** Lines added and removed; null for a binary file. */
  readonly added: number | null;
  readonly removed: number | null;
}

/** A commit without its files. Times are epoch milliseconds; its message and names were written by strangers. */
export interface CommitNote {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly author: string;
  readonly authoredAt: number;
  /** When it came onto the branch: the committer's time of a commit or merge on the branch itself. */
  readonly committedAt: number;
  readonly subject: string;
  readonly body: string;
}

export interface Commit extends CommitNote {
  readonly files: readonly ChangedFile[];
}

/** The pull request that brought a commit. Written by strangers too. */
export interface Reviewed {
  readonly number: number;
  readonly title: string;
  readonly url: string;
  readonly author: string;
  /** Who approved it, each once. */
  readonly approvedBy: readonly string[];
}

export interface FileVersion {
  readonly content: Buffer;
  /** `100644`, `100755`, `120000` for a symbolic link, `160000` for a submodule. */
  readonly mode: string;
}

/** A file without its content. */
export interface FileNote {
  readonly path: string;
  /** As of {@link FileVersion}. */
  readonly mode: string;
  readonly bytes: number;
}

/** More may exist than was given, when `more` says so. */
export interface Listing<T> {
  readonly items: readonly T[];
  readonly more: boolean;
  /** What could not be seen of them, and why. */
  readonly gaps?: readonly string[];
}

/** One upstream repository, read as of a moment and never written to. `head` is always what {@link head} gave. */
export interface Repository {
  /** Which repository this is: the same for services that share one. */
  readonly id: string;
  /** How messages call it. */
  readonly name: string;
  readonly branch: string;
  /** OWNER/NAME, where that tells it from others at hand. */
  readonly fullName?: string;
  /** Whether a service or resource lives here, so that files here can be its own. All do where this is not told. */
  holds?(entry: CatalogEntry): boolean;
  /** Where a person sees a commit or file when the catalog does not say. */
  url(place: string): string;
  /** The commit that the branch was at, at a moment in epoch milliseconds. */
  head(asOf: number, signal: AbortSignal): Promise<string>;
  /** Commits and merges that came onto the branch in a window, newest first. */
  landed(head: string, window: { from: number; to: number }, signal: AbortSignal): Promise<Listing<Commit>>;
  /** What came onto the branch after `base` up to `tip`, newest first. */
  between(base: string, tip: string, signal: AbortSignal): Promise<Listing<Commit>>;
  /** The commits that a merge brought in, newest first. */
  merged(merge: CommitNote, signal: AbortSignal): Promise<Listing<CommitNote>>;
  /** The pull request behind a commit, where the backend knows of any. */
  reviewed?(commit: CommitNote, signal: AbortSignal): Promise<Reviewed | undefined>;
  /** The full id of a commit, given full or abbreviated, when it is part of `head`'s history. */
  identify(id: string, head: string, signal: AbortSignal): Promise<string | undefined>;
  /** A commit by its full or abbreviated id, when it is part of `head`'s history. */
  commit(id: string, head: string, signal: AbortSignal): Promise<Commit | undefined>;
  /** Commits after `base` up to `head` that changed these lines of a file as it is at `head`, newest first. */
  changedSince(base: string, head: string, path: string, signal: AbortSignal): Promise<Listing<Commit>>;
  /** A commit's unified diff against its first parent, as raw text; of one file or folder when a path is given. */
  diff(
    commit: CommitNote,
    options: { contextLines: number; path?: string | undefined },
    signal: AbortSignal,
  ): Promise<string>;
  file(path: string, revision: string, signal: AbortSignal): Promise<FileVersion | undefined>;
  /** All that is below a folder at a revision, the root being empty; nothing where there is no such folder. */
  files(folder: string, revision: string, signal: AbortSignal): Promise<Listing<FileNote>>;
  /** Paths of all files at a revision. */
  paths(revision: string, signal: AbortSignal): Promise<Listing<string>>;
}

/** A file of a pull request; content null deletes it. */
export interface FileChange {
  readonly path: string;
  readonly before: FileVersion | undefined;
  readonly after: FileVersion | undefined;
}

/** What a fork is asked to hold: one commit on top of `base`. */
export interface Proposal {
  readonly branch: string;
  readonly base: string;
  readonly files: readonly FileChange[];
  readonly title: string;
  readonly message: string;
  /** Markdown. The commit and the branch are put in by whoever opens it. */
  readonly body: (commit: string) => string;
  readonly diff: string;
  /** The commit's date, epoch milliseconds. */
  readonly at: number;
}

export interface PullRequest {
  readonly url: string;
  /** `closed`: a person has turned it down. */
  readonly status: "draft" | "open" | "merged" | "closed";
  /** When people merged or closed it, RFC 3339; absent while it is open, and where that is not known. */
  readonly over_at?: string | undefined;
  readonly branch: string;
  readonly base: string;
  readonly commit: string;
  readonly title: string;
  readonly files: readonly string[];
  readonly diff: string;
  /** Its Markdown and its whole diff as files of this machine, where the fork is one; else both are at the url. */
  readonly body_path: string | null;
  readonly diff_path: string | null;
}

export interface Opened {
  readonly pullRequest: PullRequest;
  readonly state: "opened" | "exists";
  /** What was asked for and could not be done, and why: a label. */
  readonly gaps?: readonly string[];
}

/** A person's decision on a draft, as it is written down beside it. */
export interface Note {
  /** The commit that was decided on: what is decided of another is refused. */
  readonly head: string;
  /** Markdown, safe to post. */
  readonly body: string;
  /** Stands in the note and in no other, so that the same decision carried out twice is told once. */
  readonly mark: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A draft as a person changed it: one more commit on top of `head` that leaves the files so. */
export interface Amendment extends Note {
  readonly base: string;
  /** Against `base`; whatever else the branch has changed is taken back. */
  readonly files: readonly FileChange[];
  readonly diff: string;
  readonly message: string;
  /** Who changed it, for the commit's author. One line. */
  readonly author: string;
}

/** The branch is at another commit than the one that was decided on. */
export class BranchMoved extends Error {
  override readonly name = "BranchMoved";
  readonly head: string;

  constructor(head: string) {
    super(`the branch is at ${head}`);
    this.head = head;
  }
}

/** Where proposals go: never the upstream. */
export interface Fork {
  /** Throws a refusal when what is written here could reach the upstream. */
  check(signal: AbortSignal): Promise<void>;
  find(branch: string, signal: AbortSignal): Promise<PullRequest | undefined>;
  /** Opens a draft, or gives the one that someone else opened for this branch meanwhile. */
  open(proposal: Proposal, signal: AbortSignal): Promise<Opened>;
  /**
   * Marks a draft as ready for review. `ready` is false where the credential may not: then a person must. The three decisions
   * throw {@link BranchMoved}, may be repeated, and merge nothing.
   */
  ready(pullRequest: PullRequest, note: Note, signal: AbortSignal): Promise<{ readonly ready: boolean }>;
  /** Puts one more commit on the branch; gives its id. */
  amend(pullRequest: PullRequest, amendment: Amendment, signal: AbortSignal): Promise<string>;
  /** Closes the draft and deletes its branch. */
  close(pullRequest: PullRequest, note: Note, signal: AbortSignal): Promise<void>;
}

/** Where commits, files and forks are. */
export interface Sources {
  /** The present moment in epoch milliseconds. */
  now(): number;
  /** The service's upstream. Throws `CouldNotLook` when there is none. */
  repository(service: CatalogEntry, signal: AbortSignal): Promise<Repository>;
  /** The GitOps repository with the service's manifests, where the catalog names another one for them. */
  deployRepository?(service: CatalogEntry, signal: AbortSignal): Promise<Repository | undefined>;
  /** The fork of the service's own repository, or of another one of its repositories. */
  fork(service: CatalogEntry, signal: AbortSignal, repository?: Repository): Promise<Fork>;
}

/** All that the three tools need: the two are often different backends. */
export interface Store extends Sources, Deployments {}
