import { isMarkdown, MAX_BYTES, MAX_PAGES } from "../markdown/page.ts";
import { git } from "./run.ts";

/** A Markdown file of a commit. */
export interface Blob {
  /** From the repository's top. */
  readonly path: string;
  readonly hash: string;
  readonly bytes: number;
}

/** `100644` and `100755` are files; links and submodules are not followed. */
const ENTRY = /^100(?:644|755) blob ([0-9a-f]{40,64}) +(\d+)\t([\s\S]+)$/;

export async function markdownBlobs(
  repository: string,
  commit: string,
  folder: string,
  signal: AbortSignal,
): Promise<Blob[]> {
  const below = folder === "" ? [] : [`${folder}/`];
  const listed = await git(repository, ["ls-tree", "-r", "-z", "-l", "--full-tree", commit, "--", ...below], signal);
  const blobs = listed
    .toString("utf8")
    .split("\0")
    .flatMap((line): Blob[] => {
      const [, hash = "", bytes = "", path = ""] = ENTRY.exec(line) ?? [];
      const hidden = path
        .slice(folder.length)
        .split("/")
        .some((part) => part.startsWith("."));
      return isMarkdown(path) && !hidden ? [{ path, hash, bytes: Number(bytes) }] : [];
    });
  return blobs.slice(0, MAX_PAGES);
}

/** How many bytes of pages are asked of one process. */
const BATCH_BYTES = 160 * MAX_BYTES;

/** The texts of blobs, by hash. */
export async function texts(
  repository: string,
  blobs: readonly Blob[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const batch of batches(blobs)) {
    const input = batch.map(({ hash }) => `${hash}\n`).join("");
    const output = await git(repository, ["cat-file", "--batch"], signal, input);
    for (let at = 0; at < output.length; ) {
      const end = output.indexOf(10, at);
      const [hash = "", , size = "0"] = output.toString("latin1", at, end).split(" ");
      const start = end + 1;
      found.set(hash, output.toString("utf8", start, start + Number(size)));
      at = start + Number(size) + 1;
    }
  }
  return found;
}

function batches(blobs: readonly Blob[]): Blob[][] {
  const all: Blob[][] = [];
  let room = 0;
  for (const blob of blobs) {
    if (blob.bytes > room) {
      all.push([]);
      room = BATCH_BYTES;
    }
    all.at(-1)?.push(blob);
    room -= blob.bytes;
  }
  return all;
}
