import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { redact } from "@oncall-copilot/core";

/** What the git server calls the file in which it keeps a whole diff. */
const DIFF_FILE = "pull-request.diff";
const MAX_BYTES = 10 * 1024 * 1024;

/**
 * The whole of a diff of which a server sent the beginning, when it lies on this machine. A path is the server's word, and
 * must not lead to whatever else the host may read: only a plain file of the right name that begins with what was sent.
 */
export async function wholeDiff(sent: string, path: string): Promise<string> {
  if (sent.trim() === "" || basename(path) !== DIFF_FILE) return sent;
  const { text } = await redact((await readPlain(path)) ?? "");
  return text.startsWith(sent) ? text : sent;
}

async function readPlain(path: string): Promise<string | undefined> {
  try {
    // Not through a link, and without waiting for a pipe's other end.
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const found = await file.stat();
      return found.isFile() && found.size <= MAX_BYTES ? await file.readFile("utf8") : undefined;
    } finally {
      await file.close();
    }
  } catch {
    return undefined; // it lies on another machine
  }
}
