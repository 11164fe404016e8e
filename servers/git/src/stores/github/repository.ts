import { type CatalogEntry, CouldNotLook } from "@oncall-copilot/core";
import { OBJECT_ID } from "../../git/object-id.ts";
import { mapLimited } from "../../map-limited.ts";
import type { Commit, CommitNote, FileNote, FileVersion, Listing, Repository, Reviewed } from "../../store.ts";
import type { GitHub } from "./client.ts";
import { CommitReader, noteOf } from "./commits.ts";
import { sectionsOf } from "./diff-sections.ts";
import { HistoryReader } from "./history.ts";
import { changedThese } from "./lines-followed.ts";
import { fullName, type RepoName } from "./name.ts";
import { narrowDiff } from "./narrow-diff.ts";
import { GitHubRefusal } from "./refusal.ts";
import { reviewOf } from "./reviews.ts";
import { Branch, GitCommit } from "./shapes.ts";
import { TreeReader } from "./trees.ts";

/** Commits whose files are read in one call: each is a request. */
const MAX_READ = 200;
/** Of those, when following lines. */
const MAX_FOLLOWED = 30;
/** A day's grace for committers' clocks that run behind: GitHub stops listing at what is too old. */
const CLOCK_SLACK_MS = 86_400_000;
/** Clocks this far apart hide the newest commits or make them seem late. */
const SKEW_MS = 30_000;

export interface GitHubRepositoryParts {
  readonly github: GitHub;
  readonly name: RepoName;
  readonly branch: string;
  /** `https://github.com` */
  readonly web: string;
  /** Whether the catalog places an entry here. */
  holds(entry: CatalogEntry): boolean;
  /** The present moment in epoch milliseconds: no commit with a later time is ever given. */
  now(): number;
}

/** An upstream at GitHub. Nothing here writes. */
export class GitHubRepository implements Repository {
  readonly id: string;
  readonly name: string;
  readonly branch: string;
  readonly slug: RepoName;
  readonly #github: GitHub;
  readonly #web: string;
  readonly #now: () => number;
  readonly #holds: (entry: CatalogEntry) => boolean;
  readonly #history: HistoryReader;
  readonly #trees: TreeReader;
  readonly #commits: CommitReader;

  constructor({ github, name, branch, web, holds, now }: GitHubRepositoryParts) {
    this.id = fullName(name).toLowerCase();
    this.name = fullName(name);
    this.branch = branch;
    this.slug = name;
    this.#github = github;
    this.#web = `${web}/${fullName(name)}`;
    this.#now = now;
    this.#holds = holds;
    this.#history = new HistoryReader(github, name);
    this.#trees = new TreeReader(github, name);
    this.#commits = new CommitReader(github, name, this.#trees);
  }

  holds(entry: CatalogEntry): boolean {
    return this.#holds(entry);
  }

  /** `SHA` or `SHA:PATH`. */
  url(place: string): string {
    const [sha, path] = place.split(/:(.*)/s);
    return path === undefined ? `${this.#web}/commit/${sha}` : `${this.#web}/blob/${sha}/${path}`;
  }

  async head(asOf: number, signal: AbortSignal): Promise<string> {
    const tip = await this.#tip(signal);
    if (tip.committedAt <= asOf) return tip.sha;
    let head: string | undefined;
    const goesOn = (note: CommitNote) => {
      if (note.committedAt <= asOf) head = note.sha;
      return head === undefined;
    };
    const { more } = await this.#history.line(tip.sha, { goesOn }, signal);
    if (head !== undefined) return head;
    const when = new Date(asOf).toISOString();
    throw new CouldNotLook(
      "not_recorded",
      more
        ? `${this.branch} of ${this.name} has too many commits since ${when} to find where it was then`
        : `${this.name} has no commit from before ${when}`,
    );
  }

  async landed(head: string, window: { from: number; to: number }, signal: AbortSignal): Promise<Listing<Commit>> {
    const since = window.from - CLOCK_SLACK_MS;
    const { items, more } = await this.#history.line(head, { since, goesOn: (at) => at.committedAt >= since }, signal);
    const wanted = items.filter(({ committedAt: at }) => at >= window.from && at <= window.to);
    const listing = await this.#withFiles({ items: wanted, more }, signal);
    return { ...listing, gaps: this.#skewGaps() };
  }

  async between(base: string, tip: string, signal: AbortSignal): Promise<Listing<Commit>> {
    const known = this.#history.knownLine(base, tip);
    if (known) return this.#withFiles({ items: known.filter((note) => this.#isPast(note)), more: false }, signal);
    const { items, more } = await this.#history.between(base, tip, signal);
    const listed = new Map(items.map((note) => [note.sha, note]));
    const line: CommitNote[] = [];
    for (let note = listed.get(tip); note; note = listed.get(note.parents[0] ?? "")) line.push(note);
    if (more) {
      // Comparisons begin at the oldest, so of a very long one the newest are not there.
      line.splice(0, line.length, ...(await this.#newest(tip, signal)));
    }
    return this.#withFiles({ items: line.filter((note) => this.#isPast(note)), more }, signal);
  }

  async merged({ parents }: CommitNote, signal: AbortSignal): Promise<Listing<CommitNote>> {
    const [first, second] = parents;
    if (first === undefined || second === undefined) return { items: [], more: false };
    const { items, more } = await this.#history.between(first, second, signal);
    const plain = items.filter((note) => note.parents.length < 2 && note.committedAt <= this.#now());
    return { items: plain, more: more || parents.length > 2 };
  }

  reviewed({ sha }: CommitNote, signal: AbortSignal): Promise<Reviewed | undefined> {
    return reviewOf(this.#github, { name: this.slug, branch: this.branch, sha, until: this.#now() }, signal);
  }

  async identify(id: string, head: string, signal: AbortSignal): Promise<string | undefined> {
    return OBJECT_ID.test(id) ? this.#history.identify(id, head, signal) : undefined;
  }

  async commit(id: string, head: string, signal: AbortSignal): Promise<Commit | undefined> {
    const sha = await this.identify(id, head, signal);
    if (sha === undefined) return undefined;
    const note = this.#history.known(sha, head) ?? (await this.#note(sha, signal));
    return note.committedAt <= this.#now() ? this.#commits.withFiles(note, signal) : undefined;
  }

  async changedSince(base: string, head: string, path: string, signal: AbortSignal): Promise<Listing<Commit>> {
    const note = this.#history.known(base, head) ?? (await this.#note(base, signal));
    const { items, more } = await this.#history.touching(path, head, note.committedAt - CLOCK_SLACK_MS, signal);
    const until = items.findIndex(({ sha }) => sha === base);
    const later = (until < 0 ? items : items.slice(0, until)).filter(({ parents }) => parents.length < 2);
    const latest = await this.#withFiles({ items: later.slice(0, MAX_FOLLOWED), more: false }, signal);
    const editsOf = async (of: CommitNote) => {
      const sections = sectionsOf(await this.#commits.diff(of, signal));
      return sections.filter(({ before, after }) => before === path || after === path).flatMap(({ edits }) => edits);
    };
    const edits = await mapLimited([...latest.items].reverse(), async (of) => ({
      sha: of.sha,
      edits: await editsOf(of),
    }));
    const shas = new Set(changedThese(await editsOf(note), edits));
    const these = shas.size === 0 ? latest.items : latest.items.filter(({ sha }) => shas.has(sha));
    return { items: these, more: more || later.length > MAX_FOLLOWED };
  }

  async diff(
    commit: CommitNote,
    { contextLines, path }: { contextLines: number; path?: string | undefined },
    signal: AbortSignal,
  ): Promise<string> {
    return narrowDiff(await this.#commits.diff(commit, signal), contextLines, path);
  }

  file(path: string, revision: string, signal: AbortSignal): Promise<FileVersion | undefined> {
    return this.#trees.file(path, revision, signal);
  }

  files(folder: string, revision: string, signal: AbortSignal): Promise<Listing<FileNote>> {
    return this.#trees.files(folder, revision, signal);
  }

  paths(revision: string, signal: AbortSignal): Promise<Listing<string>> {
    return this.#trees.paths(revision, signal);
  }

  #isPast({ committedAt }: CommitNote): boolean {
    return committedAt <= this.#now();
  }

  async #newest(tip: string, signal: AbortSignal): Promise<readonly CommitNote[]> {
    let count = 0;
    return (await this.#history.line(tip, { goesOn: () => count++ < MAX_READ }, signal)).items;
  }

  async #tip(signal: AbortSignal): Promise<CommitNote> {
    const params = { ...this.slug, branch: this.branch };
    const question = { route: "GET /repos/{owner}/{repo}/branches/{branch}", params, shape: Branch };
    try {
      return noteOf((await this.#github.ask(question, signal)).data.commit);
    } catch (error) {
      if (!(error instanceof GitHubRefusal) || !/^Branch not found/.test(error.said)) throw error;
      throw new CouldNotLook("not_configured", `${this.name} has no branch ${this.branch}; set ONCALL_GIT_BRANCH`);
    }
  }

  async #note(sha: string, signal: AbortSignal): Promise<CommitNote> {
    const params = { ...this.slug, commit_sha: sha };
    const question = { route: "GET /repos/{owner}/{repo}/git/commits/{commit_sha}", params, shape: GitCommit };
    const { message, author, committer, parents } = (await this.#github.ask(question, signal)).data;
    return noteOf({ sha, parents, commit: { message, author, committer } });
  }

  async #withFiles({ items, more }: Listing<CommitNote>, signal: AbortSignal): Promise<Listing<Commit>> {
    const read = await mapLimited(items.slice(0, MAX_READ), (note) => this.#commits.withFiles(note, signal));
    return { items: read, more: more || items.length > MAX_READ };
  }

  /** Commits made at GitHub carry GitHub's time, and nothing later than ours is told. */
  #skewGaps(): readonly string[] {
    const skew = this.#github.skewMs() ?? 0;
    if (Math.abs(skew) < SKEW_MS) return [];
    const seconds = Math.round(Math.abs(skew) / 1000);
    const side = skew > 0 ? "ahead of" : "behind";
    return [
      `this machine's clock is ${seconds} s ${side} the one of ${this.#github.names.name}: the newest commits may be missing`,
    ];
  }
}
