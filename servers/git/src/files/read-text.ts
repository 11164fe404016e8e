import { type Answer, BadRequest, estimateTokens, instant, mostThatFit, withHeading } from "@oncall-copilot/core";
import { isBinary, nearestPaths } from "../fix/revert.ts";
import { short } from "../git/object-id.ts";
import { shownPath } from "../paths/shown-path.ts";
import { safeLines } from "../safe-lines.ts";
import type { FileVersion } from "../store.ts";
import type { FileOutput } from "./answer.ts";
import type { Reading } from "./reading.ts";

/** Lines of one page, and tokens of its text: 1,500 for the answer, less what stands around it. */
const DEFAULT_LINES = 120;
const DEFAULT_TOKENS = 1_000;
const LARGE_TOKENS = 4_000;

/** Longer than any line that an answer shows, in characters. */
const LINE_LENGTH = 32_768;

/** One text file, verbatim, a page at a time. */
export async function readText(reading: Reading): Promise<Answer<FileOutput>> {
  const { path, startLine, lines, entry, repository, chosen, webUrl, at, context } = reading;
  const { revision, which, gaps } = chosen;
  checkOwner(reading);
  const file = await repository.file(path, revision, context.signal);
  if (!file) throw await noSuchFile(reading);
  const all = linesOf(path, file);
  if (startLine > Math.max(1, all.length)) {
    throw new BadRequest(`start_line ${startLine} is past the end: ${shownPath(path)} has ${all.length} lines`);
  }
  const stretch = { from: startLine - 1, count: lines ?? DEFAULT_LINES, lineLength: LINE_LENGTH };
  const wanted = (await safeLines(all, stretch)).slice(stretch.from, stretch.from + stretch.count);
  const budget = lines === undefined ? DEFAULT_TOKENS : LARGE_TOKENS;
  const count = mostThatFit(wanted, budget, (shown) => estimateTokens(JSON.stringify(shown.join("\n"))));
  if (count === 0 && wanted.length > 0) {
    throw new BadRequest(`line ${startLine} of ${shownPath(path)} alone is longer than an answer may be`, {
      tryNext: [`start_line ${startLine + 1}`],
    });
  }
  const last = startLine + count - 1;
  const next = last < all.length ? last + 1 : null;
  const title = `${entry.name} file ${shownPath(path)} at ${revision} (${which}), lines ${startLine} to ${last} of ${all.length}:`;
  return {
    outcome: "found",
    summary: `${shownPath(path)} at ${short(revision)} (${which}): lines ${startLine} to ${last} of ${all.length}.${next ? ` Ask for more with start_line=${next}.` : ""}`,
    gaps: [...gaps],
    data: {
      ...{ path, revision, first_line: startLine, last_line: last, total_lines: all.length },
      ...{ next_start_line: next, files: [] },
      evidence: await context.evidence({
        text: withHeading(title, wanted.slice(0, count).join("\n")),
        url: webUrl
          ? `${webUrl}/blob/${short(revision)}/${path.split("/").map(encodeURIComponent).join("/")}#L${startLine}-L${last}`
          : repository.url(`${short(revision)}:${encodeURI(path)}`),
        at: instant(at),
        about: [entry.name],
        shows: [{ shows: "state", of: path }],
      }),
    },
  };
}

function checkOwner({ path, entry, ownership }: Reading): void {
  if (ownership.mayRead(entry.name, path)) return;
  const [owner] = ownership.ownersOf(path);
  throw new BadRequest(`${shownPath(path)} is not a file of ${entry.name} but of ${owner}`, {
    tryNext: [`service ${owner}`],
  });
}

async function noSuchFile({ path, entry, repository, ownership, chosen, context }: Reading): Promise<BadRequest> {
  const listed = (await repository.paths(chosen.revision, context.signal)).items;
  if (listed.some((other) => other.startsWith(`${path}/`))) {
    return new BadRequest(`${shownPath(path)} is a folder: end the path in / to list its files`, {
      tryNext: [`path ${shownPath(`${path}/`)}`],
    });
  }
  const readable = listed.filter((other) => ownership.mayRead(entry.name, other));
  return new BadRequest(`${shownPath(path)} does not exist at ${short(chosen.revision)} (${chosen.which})`, {
    tryNext: nearestPaths(path, readable).map((other) => `path ${shownPath(other)}`),
  });
}

function linesOf(path: string, { mode, content }: FileVersion): readonly string[] {
  if (!mode.startsWith("100"))
    throw new BadRequest(`${shownPath(path)} is a symbolic link or submodule, which is not followed`);
  if (isBinary(content)) throw new BadRequest(`${shownPath(path)} is binary (${content.length} bytes)`);
  const all = content.toString("utf8").split("\n");
  if (all.at(-1) === "") all.pop();
  return all;
}
