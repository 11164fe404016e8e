import { redactToCut } from "@oncall-copilot/core";
import { safeLines } from "../safe-lines.ts";
import type { Commit, CommitNote, Reviewed } from "../store.ts";
import type { FileDiff, Place } from "./unified-diff.ts";

/** More lines than one answer shows of a diff or of a message, and more characters than it shows of a line. */
const MAX_LINES = 200;
const LINE_LENGTH = 4_096;

/** What strangers wrote of a commit, redacted before any of it is cut. */
export async function safeCommit(commit: Commit): Promise<Commit> {
  const lines = [commit.subject, ...(commit.body === "" ? [] : commit.body.split("\n"))];
  const [subject = "", ...body] = await safeLines(lines, { from: 0, count: MAX_LINES, lineLength: LINE_LENGTH });
  return { ...commit, subject, body: body.join("\n"), author: await redactToCut(commit.author, LINE_LENGTH) };
}

export async function safeNote(note: CommitNote): Promise<CommitNote> {
  const [subject, author] = [await redactToCut(note.subject, LINE_LENGTH), await redactToCut(note.author, LINE_LENGTH)];
  return { ...note, subject, author };
}

export async function safeReviewed(reviewed: Reviewed): Promise<Reviewed> {
  return { ...reviewed, title: await redactToCut(reviewed.title, LINE_LENGTH) };
}

/** A diff of which as many lines as one answer shows, from a place on, are redacted; each file's as one text. */
export async function safeDiff(files: readonly FileDiff[], from: Place = { hunk: 0, line: 0 }): Promise<FileDiff[]> {
  const safe: FileDiff[] = [];
  let [hunksBefore, left] = [0, MAX_LINES];
  for (const file of files) {
    const inside = from.hunk - hunksBefore;
    hunksBefore += Math.max(1, file.hunks.length); // as they are counted where they are cut: one that is only renamed is one too
    if (hunksBefore <= from.hunk || left <= 0) {
      safe.push(file);
      continue;
    }
    const start = file.hunks.slice(0, Math.max(0, inside)).reduce((sum, hunk) => sum + hunk.length, 0);
    const first = inside < 0 ? 0 : start + from.line;
    const lines = await safeLines(file.hunks.flat(), { from: first, count: left, lineLength: LINE_LENGTH });
    const header = await safeLines(file.header, { from: 0, count: file.header.length, lineLength: LINE_LENGTH });
    left -= lines.length - first;
    const ends = file.hunks.map((_, index) =>
      file.hunks.slice(0, index + 1).reduce((sum, { length }) => sum + length, 0),
    );
    safe.push({ header, hunks: ends.map((end, index) => lines.slice(ends[index - 1] ?? 0, end)) });
  }
  return safe;
}
