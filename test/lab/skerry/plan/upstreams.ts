import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { run } from "../../shell.ts";

export interface Person {
  readonly name: string;
  readonly email: string;
}

/** A text that becomes another one, a new file, or what a function makes of the file. */
export type Edit =
  | { readonly path: string; readonly from: string; readonly to: string }
  | { readonly path: string; readonly content: string };

export interface Commit {
  readonly at: number;
  readonly author: Person;
  readonly message: string;
  readonly edits: readonly Edit[];
}

type Tree = Map<string, string>;

/** One repository with its history, made by git from what is told of it: the same commits have the same ids on any machine. */
export class Upstream {
  readonly fullName: string;
  readonly ids: string[] = [];
  readonly #tree: Tree;
  readonly #commits: { commit: Commit; tree: Tree }[] = [];

  constructor(fullName: string, files: Tree, first: Omit<Commit, "edits">) {
    this.fullName = fullName;
    this.#tree = new Map(files);
    this.#commits.push({ commit: { ...first, edits: [] }, tree: new Map(this.#tree) });
  }

  read(file: string): string {
    const text = this.#tree.get(file);
    if (text === undefined) throw new Error(`${this.fullName} has no ${file}`);
    return text;
  }

  /** Gives the commit's place in the history. They must come in the order of their time. */
  commit(commit: Commit): number {
    for (const edit of commit.edits) {
      if ("content" in edit) {
        this.#tree.set(edit.path, edit.content);
        continue;
      }
      const text = this.read(edit.path);
      if (!text.includes(edit.from)) throw new Error(`${this.fullName} ${edit.path} does not hold: ${edit.from}`);
      this.#tree.set(
        edit.path,
        text.replace(edit.from, () => edit.to),
      );
    }
    const last = this.#commits.at(-1)?.commit.at ?? 0;
    if (commit.at < last) throw new Error(`${this.fullName}: "${commit.message}" is older than the commit before it`);
    this.#commits.push({ commit, tree: new Map(this.#tree) });
    return this.#commits.length - 1;
  }

  /** The place of the newest commit at a moment. */
  headAt(moment: number): number {
    return this.#commits.findLastIndex(({ commit }) => commit.at <= moment);
  }

  /** Writes the bundle, and learns the ids of all commits. */
  async bundle(target: string): Promise<void> {
    const work = await mkdtemp(path.join(os.tmpdir(), "skerry-"));
    try {
      await run("git", ["init", "--quiet", "--bare", "--initial-branch=main", work]);
      const marks = path.join(work, "marks");
      await fastImport(work, marks, this.#stream());
      const lines = (await readFile(marks, "utf8")).trim().split("\n");
      for (const line of lines) {
        const [mark = "", id = ""] = line.slice(1).split(" ");
        this.ids[Number(mark) - 1] = id;
      }
      await mkdir(path.dirname(target), { recursive: true });
      await rm(target, { force: true });
      await run("git", ["bundle", "create", "--quiet", path.resolve(target), "main"], { cwd: work });
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }

  #stream(): string {
    const parts: string[] = [];
    const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
    let before: Tree = new Map();
    for (const [index, { commit, tree }] of this.#commits.entries()) {
      const when = `${Math.floor(commit.at / 1000)} +0000`;
      const who = `${commit.author.name} <${commit.author.email}> ${when}`;
      parts.push(
        `commit refs/heads/main\nmark :${index + 1}\nauthor ${who}\ncommitter ${who}\n${data(commit.message)}`,
      );
      for (const [file, text] of tree) {
        if (before.get(file) !== text) parts.push(`M 100644 inline ${file}\n${data(text)}`);
      }
      before = tree;
    }
    return parts.join("");
  }
}

async function fastImport(folder: string, marks: string, stream: string): Promise<void> {
  const input = path.join(folder, "stream");
  await writeFile(input, stream);
  await new Promise<void>((resolve, reject) => {
    const child = execFile("git", ["fast-import", "--quiet", `--export-marks=${marks}`], { cwd: folder }, (error) =>
      error ? reject(error) : resolve(),
    );
    child.stdin?.end(stream);
  });
}
