import type { ChangedFile, Commit } from "../store.ts";

/**
 * What `git log -z` is asked for. Fields are ended by NUL, which no message, name or path can hold, so nothing that a
 * stranger wrote can look like the next field.
 */
export const LOG_FORMAT = ["-z", "--format=tformat:%x00%H%x00%P%x00%an%x00%at%x00%ct%x00%B%x00"];
export const LOG_FILES = ["--raw", "--numstat", "--no-renames", "--no-abbrev", "--no-ext-diff", "--no-textconv"];

const RAW = /^\n?:(?<before>\d{6}) (?<mode>\d{6}) \S+ \S+ (?<status>[A-Z])/;
const COUNTS = /^(?<added>\d+|-)\t(?<removed>\d+|-)\t(?<path>[\s\S]+)$/;

interface Entry {
  readonly status: ChangedFile["status"];
  readonly mode: string;
}

/** Reads the output of `git log` with {@link LOG_FORMAT}, and {@link LOG_FILES} if files are wanted. */
export function parseLog(output: Buffer): Commit[] {
  const tokens = output.toString("utf8").split("\0");
  const commits: Commit[] = [];
  let next = 0;
  const take = () => tokens[next++] ?? "";
  while (next + 7 < tokens.length) {
    take(); // what ends the record before
    const [sha, parents, author, authored, committed, message] = [take(), take(), take(), take(), take(), take()];
    take();
    const entries = new Map<string, Entry>();
    const files: ChangedFile[] = [];
    for (;;) {
      const token = tokens[next];
      const raw = token === undefined ? null : RAW.exec(token);
      if (!raw) break;
      next++;
      entries.set(take(), { status: statusOf(raw.groups?.["status"]), mode: raw.groups?.["mode"] ?? "" });
    }
    for (;;) {
      const counts = COUNTS.exec(tokens[next] ?? "");
      if (!counts) break;
      next++;
      const path = counts.groups?.["path"] ?? "";
      const entry = entries.get(path) ?? { status: "M", mode: "100644" };
      files.push({
        path,
        ...entry,
        added: count(counts.groups?.["added"]),
        removed: count(counts.groups?.["removed"]),
      });
    }
    const [subject = "", ...body] = message.trimEnd().split("\n");
    commits.push({
      sha,
      parents: parents === "" ? [] : parents.split(" "),
      author,
      authoredAt: Number(authored) * 1000,
      committedAt: Number(committed) * 1000,
      subject,
      body: body.join("\n").trim(),
      files,
    });
  }
  return commits;
}

const count = (text: string | undefined) => (text === undefined || text === "-" ? null : Number(text));

function statusOf(letter: string | undefined): ChangedFile["status"] {
  return letter === "A" || letter === "D" || letter === "T" ? letter : "M";
}
