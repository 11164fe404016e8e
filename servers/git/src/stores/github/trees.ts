import { CouldNotLook } from "@oncall-copilot/core";
import type { FileNote, FileVersion, Listing } from "../../store.ts";
import { BoundedCache } from "./bounded-cache.ts";
import type { GitHub } from "./client.ts";
import type { RepoName } from "./name.ts";
import { GitHubRefusal } from "./refusal.ts";
import { Blob, Tree } from "./shapes.ts";

const MAX_PATHS = 50_000;
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const MAX_KEPT_ENTRIES = 200_000;
const MAX_KEPT_BYTES = 16 * 1_048_576;

type Entry = Tree["tree"][number];

/**
 * Reads files of one repository by the Git Data API: the contents API follows links and knows no modes. A folder at a time, so
 * that no repository is too large; trees and blobs are named for their content, so each is asked for once.
 */
export class TreeReader {
  readonly #github: GitHub;
  readonly #name: RepoName;
  readonly #trees = new BoundedCache<Tree>(MAX_KEPT_ENTRIES);
  readonly #blobs = new BoundedCache<Buffer>(MAX_KEPT_BYTES);

  constructor(github: GitHub, name: RepoName) {
    this.#github = github;
    this.#name = name;
  }

  async file(path: string, revision: string, signal: AbortSignal): Promise<FileVersion | undefined> {
    const entry = await this.#entry(path.split("/"), revision, signal);
    if (!entry) return undefined;
    if (entry.type === "commit") return { content: Buffer.alloc(0), mode: entry.mode };
    if (entry.type !== "blob" || !entry.sha) return undefined;
    const { size = 0 } = entry;
    if (size > MAX_FILE_BYTES) {
      throw new CouldNotLook("too_large", `the file has ${size} bytes, more than the ${MAX_FILE_BYTES} that are read`);
    }
    return { content: await this.#blob(entry.sha, signal), mode: entry.mode };
  }

  /** Lines of a text file; null when it is binary or too large to be read. */
  async lines(path: string, revision: string, signal: AbortSignal): Promise<number | null> {
    const file = await this.file(path, revision, signal).catch((error: unknown) => {
      if (error instanceof CouldNotLook && error.reason === "too_large") return undefined;
      throw error;
    });
    if (!file || file.content.subarray(0, 8_000).includes(0)) return null;
    const text = file.content.toString("latin1");
    return text.split("\n").length - (text.endsWith("\n") || text === "" ? 1 : 0);
  }

  async files(folder: string, revision: string, signal: AbortSignal): Promise<Listing<FileNote>> {
    const root =
      folder === "" ? { type: "tree", sha: revision } : await this.#entry(folder.split("/"), revision, signal);
    if (root?.type !== "tree" || !root.sha) return { items: [], more: false };
    const { tree, truncated } = await this.#tree(root.sha, signal, true);
    const below = folder === "" ? "" : `${folder}/`;
    const all = tree.filter(({ type }) => type !== "tree");
    const items = all
      .slice(0, MAX_PATHS)
      .map(({ path, mode, size = 0 }) => ({ path: `${below}${path}`, mode, bytes: size }));
    return { items, more: truncated || all.length > MAX_PATHS };
  }

  async paths(revision: string, signal: AbortSignal): Promise<Listing<string>> {
    const { tree, truncated } = await this.#tree(revision, signal, true);
    const all = tree.filter(({ type }) => type !== "tree").map(({ path }) => path);
    return { items: all.slice(0, MAX_PATHS), more: truncated || all.length > MAX_PATHS };
  }

  async #entry(parts: readonly string[], tree: string, signal: AbortSignal): Promise<Entry | undefined> {
    const [name, ...rest] = parts;
    const listed = await this.#tree(tree, signal, false);
    const entry = listed.tree.find(({ path }) => path === name);
    if (!entry && listed.truncated) {
      throw new CouldNotLook(
        "too_large",
        `${this.#github.names.name} does not list the whole folder that holds the file`,
      );
    }
    if (!entry || rest.length === 0) return entry;
    return entry.type === "tree" && entry.sha ? this.#entry(rest, entry.sha, signal) : undefined;
  }

  async #tree(sha: string, signal: AbortSignal, recursive: boolean): Promise<Tree> {
    const key = `${sha}${recursive ? " all" : ""}`;
    const known = this.#trees.get(key);
    if (known) return known;
    const { data } = await this.#github.ask(
      {
        route: "GET /repos/{owner}/{repo}/git/trees/{tree_sha}",
        params: { ...this.#name, tree_sha: sha, ...(recursive ? { recursive: "1" } : {}) },
        shape: Tree,
      },
      signal,
    );
    this.#trees.set(key, data, 1 + data.tree.length);
    return data;
  }

  async #blob(sha: string, signal: AbortSignal): Promise<Buffer> {
    const known = this.#blobs.get(sha);
    if (known) return known;
    try {
      const { data } = await this.#github.ask(
        {
          route: "GET /repos/{owner}/{repo}/git/blobs/{file_sha}",
          params: { ...this.#name, file_sha: sha },
          shape: Blob,
        },
        signal,
      );
      const content = Buffer.from(data.content, data.encoding === "base64" ? "base64" : "utf8");
      this.#blobs.set(sha, content, content.length);
      return content;
    } catch (error) {
      if (!(error instanceof GitHubRefusal) || !/too[ _]large/i.test(error.said)) throw error;
      throw new CouldNotLook("too_large", `${this.#github.names.name} finds the file too large to give it`);
    }
  }
}
