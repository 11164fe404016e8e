import type { CommitNote, Listing } from "../../store.ts";
import { BoundedCache } from "./bounded-cache.ts";
import type { GitHub } from "./client.ts";
import { noteOf } from "./commits.ts";
import type { RepoName } from "./name.ts";
import { GitHubRefusal } from "./refusal.ts";
import { Comparison, ListedCommits } from "./shapes.ts";

/** GitHub's largest page. */
const PAGE = 100;
/** Pages of one walk, and of one comparison. */
const MAX_PAGES = 20;
const MAX_COMPARED = 5;
/** Commits of comparisons that are kept. */
const MAX_KEPT = 5_000;

/** RFC 3339 to the second, which is all that git knows and GitHub's documentation shows. */
const seconds = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** Reads the order of one repository's commits, which for a given head never changes. */
export class HistoryReader {
  readonly #github: GitHub;
  readonly #name: RepoName;
  /** Commits that are known to be part of a head's history. */
  readonly #within = new Map<string, Map<string, CommitNote>>();
  readonly #newest = new Map<string, Promise<unknown>>();
  readonly #compared = new BoundedCache<Listing<CommitNote>>(MAX_KEPT);

  constructor(github: GitHub, name: RepoName) {
    this.#github = github;
    this.#name = name;
  }

  /**
   * The line of first parents from a commit down, as long as `goesOn` says. GitHub lists all that is reachable, so the line is
   * picked out of it.
   */
  async line(
    head: string,
    { goesOn, since }: { goesOn: (note: CommitNote) => boolean; since?: number | undefined },
    signal: AbortSignal,
  ): Promise<Listing<CommitNote>> {
    const listed = new Map<string, CommitNote>();
    const line: CommitNote[] = [];
    let next: string | undefined = head;
    for (let page = 1; page <= MAX_PAGES; page++) {
      const notes = await this.#page(head, { page, since }, signal);
      for (const note of notes) listed.set(note.sha, note);
      for (let note: CommitNote | undefined = listed.get(next ?? ""); note; note = listed.get(next ?? "")) {
        if (!goesOn(note)) return { items: line, more: false };
        line.push(note);
        next = note.parents[0];
      }
      if (next === undefined || notes.length < PAGE) return { items: line, more: false };
    }
    return { items: line, more: true };
  }

  /** Full id of a commit of the history, from a full or abbreviated one. */
  async identify(id: string, head: string, signal: AbortSignal): Promise<string | undefined> {
    const known = this.#find(id, head);
    if (known !== undefined) return known;
    // Most revisions that are deployed are among the newest, so these are asked for once.
    if (!this.#newest.has(head)) {
      const newest = this.#page(head, { page: 1 }, signal);
      this.#newest.set(head, newest);
      newest.catch(() => this.#newest.delete(head));
    }
    await this.#newest.get(head);
    return this.#find(id, head) ?? this.#locate(id, head, signal);
  }

  /** The line of first parents from `tip` down to `base`, without asking; undefined when not all of it is known. */
  knownLine(base: string, tip: string): CommitNote[] | undefined {
    for (const within of this.#within.values()) {
      const line: CommitNote[] = [];
      for (let note = within.get(tip); note; note = within.get(note.parents[0] ?? "")) {
        line.push(note);
        if (note.parents[0] === base) return line;
      }
    }
    return undefined;
  }

  /** What is reachable from `tip` and not from `base`, newest first. */
  async between(base: string, tip: string, signal: AbortSignal): Promise<Listing<CommitNote>> {
    const key = `${base}...${tip}`;
    const known = this.#compared.get(key);
    if (known) return known;
    const listing = await this.#compare(base, tip, signal);
    this.#compared.set(key, listing, 1 + listing.items.length);
    return listing;
  }

  async #compare(base: string, tip: string, signal: AbortSignal): Promise<Listing<CommitNote>> {
    const all: CommitNote[] = [];
    for (let page = 1; page <= MAX_COMPARED; page++) {
      const { data } = await this.#github.ask(
        {
          route: "GET /repos/{owner}/{repo}/compare/{basehead}",
          params: { ...this.#name, basehead: `${base}...${tip}`, per_page: PAGE, page },
          shape: Comparison,
        },
        signal,
      );
      all.push(...data.commits.map(noteOf));
      if (all.length >= data.total_commits || data.commits.length === 0) return { items: all.reverse(), more: false };
    }
    return { items: all.reverse(), more: true };
  }

  /** Commits that touch a path, newest first; one page of them. */
  async touching(path: string, head: string, since: number, signal: AbortSignal): Promise<Listing<CommitNote>> {
    const items = await this.#page(head, { page: 1, since, path }, signal);
    return { items, more: items.length === PAGE };
  }

  /** What is known of a commit without asking. */
  known(sha: string, head: string): CommitNote | undefined {
    return this.#within.get(head)?.get(sha);
  }

  async #page(
    head: string,
    { page, since, path }: { page: number; since?: number | undefined; path?: string },
    signal: AbortSignal,
  ): Promise<CommitNote[]> {
    const { data } = await this.#github.ask(
      {
        route: "GET /repos/{owner}/{repo}/commits",
        params: {
          ...{ ...this.#name, sha: head, per_page: PAGE, page },
          ...(since === undefined ? {} : { since: seconds(since) }),
          ...(path === undefined ? {} : { path }),
        },
        shape: ListedCommits,
      },
      signal,
    );
    const notes = data.map(noteOf);
    const within = this.#of(head);
    for (const note of notes) within.set(note.sha, note);
    return notes;
  }

  #of(head: string): Map<string, CommitNote> {
    const known = this.#within.get(head) ?? new Map<string, CommitNote>();
    this.#within.delete(head);
    this.#within.set(head, known);
    for (const old of this.#within.keys()) {
      if (this.#within.size <= 4) break; // the branch has moved on since
      this.#within.delete(old);
      this.#newest.delete(old);
    }
    return known;
  }

  #find(id: string, head: string): string | undefined {
    const within = this.#of(head);
    if (within.has(id) || id === head) return id;
    const fitting = [...within.keys()].filter((sha) => sha.startsWith(id));
    return fitting.length === 1 ? fitting[0] : undefined;
  }

  /** The second page of a comparison has no files, which is all that would be long in it. */
  async #locate(id: string, head: string, signal: AbortSignal): Promise<string | undefined> {
    try {
      const { data } = await this.#github.ask(
        {
          route: "GET /repos/{owner}/{repo}/compare/{basehead}",
          params: { ...this.#name, basehead: `${id}...${head}`, per_page: 1, page: 2 },
          shape: Comparison,
        },
        signal,
      );
      const { base_commit: base, status } = data;
      // A branch may be named like an abbreviated id.
      if (!base.sha.startsWith(id) || (status !== "ahead" && status !== "identical")) return undefined;
      this.#of(head).set(base.sha, noteOf(base));
      return base.sha;
    } catch (error) {
      if (error instanceof GitHubRefusal && (error.status === 404 || error.status === 422)) return undefined;
      throw error;
    }
  }
}
