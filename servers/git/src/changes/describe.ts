import { briefly, instant } from "@oncall-copilot/core";
import { short } from "../git/object-id.ts";
import { shownPath } from "../paths/shown-path.ts";
import type { ChangedFile, Commit, CommitNote, Reviewed } from "../store.ts";
import type { Change } from "./collect.ts";
import { isInert, type Touches } from "./effect/effect.ts";
import type { Shared } from "./effect/shared.ts";
import type { KnownRollout } from "./rollouts.ts";
import { type CutDiff, cutDiff, type FileDiff, type Place, shorten, shortenProse } from "./unified-diff.ts";

/** RFC 3339 without the milliseconds that git does not have either. */
export const when = (ms: number): string => instant(ms).replace(".000Z", "Z");

/** How much of a commit is told. */
export interface Detail {
  readonly diffLines: number;
  readonly bodyLines: number;
  readonly files: number;
  /** Unified diff with both names of each file, as tools read it; else one name is enough when they are the same. */
  readonly wholeHeaders?: boolean;
  /** Most characters of a line that a stranger wrote. */
  readonly lineLength: number;
  /** Where in the diff to begin, for paging. */
  readonly from?: Place | undefined;
}

export interface Described {
  readonly text: string;
  readonly diff: CutDiff;
}

/** Most services that one item names. */
export const MAX_NAMED = 6;

/** Most commits of a merge that are told. */
export const MAX_MERGED = 3;

export const plural = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** `promotions (3 hops below storefront), pricing (2 hops below)`. */
export function namesOf(change: Change, start: string): string {
  if (change.services.length === 0) return "shared files";
  return change.services
    .slice(0, MAX_NAMED)
    .map(({ name, hops }) => (hops === 0 ? name : `${name} (${plural(hops, "hop")} below ${start})`))
    .concat(change.services.length > MAX_NAMED ? [`${change.services.length - MAX_NAMED} more services`] : [])
    .join(", ");
}

/** What is known around a commit. */
export interface Surroundings {
  /** The service that was asked about. */
  readonly start: string;
  readonly merged: readonly CommitNote[];
  readonly reviewed: Reviewed | undefined;
  readonly diff: readonly FileDiff[] | undefined;
  readonly touches: readonly Touches[];
  readonly shares: readonly Shared[];
}

/** A commit as text to quote from: what it touched, by whom and when; then word for word what it says and does. */
export function describeCommit(
  change: Change & { readonly commit: Commit },
  context: Surroundings,
  detail: Detail,
): Described {
  const { commit } = change;
  const [added, removed] = [sum(commit.files, "added"), sum(commit.files, "removed")];
  const size = `${plural(commit.files.length, "file")}, +${added} -${removed}`;
  const written = commit.committedAt - commit.authoredAt > 60_000 ? ` (written ${when(commit.authoredAt)})` : "";
  const landed = `${change.kind} ${commit.sha} by ${oneLine(commit.author)} at ${when(commit.committedAt)}${written}`;
  const besides = besidesText(change.rollouts);
  const lines = [`${namesOf(change, context.start)}: ${landed}, ${liveText(change)}: ${size}${besides}`];
  lines.push(...effectText(context), ...takenBackText(change));
  if (context.merged.length > 0) lines.push(...mergedText(context.merged, detail.lineLength));
  if (context.reviewed) lines.push(...reviewedText(context.reviewed, commit.subject, detail.lineLength));
  const body = commit.body === "" ? [] : commit.body.split("\n");
  const message = [commit.subject, ...body.slice(0, detail.bodyLines)];
  lines.push(...message.map((line) => `    ${shorten(line, detail.lineLength)}`));
  if (body.length > detail.bodyLines)
    lines.push(`[${plural(body.length - detail.bodyLines, "more line")} of the message]`);
  const whole = context.diff ?? [];
  const files = detail.wholeHeaders ? whole : whole.map(withOneName);
  const diff = cutDiff(files, { lines: detail.diffLines, lineLength: detail.lineLength, from: detail.from });
  const told = context.diff !== undefined && diff.next === undefined && diff.shownLines === diff.allLines;
  if (!told) lines.push(...filesText(commit.files, detail));
  if (diff.text !== "") lines.push(diff.text);
  if (context.diff === undefined) lines.push("[the diff is too large to be read whole; ask for one file with path]");
  else if (!told) lines.push(`[${diff.shownLines} of ${diff.allLines} diff lines shown]`);
  return { text: lines.join("\n"), diff };
}

/** What kinds of things it changes, and what of it the symptom names. */
function effectText({ touches, shares }: Surroundings): string[] {
  const what =
    touches.length === 0 ? [] : [`changes ${touches.join(", ")}${isInert(touches) ? ": nothing that runs" : ""}`];
  const told = shares.map(({ how, word }) => `${how} ${JSON.stringify(word)}`).join(", ");
  return [...what, ...(told === "" ? [] : [`shares with the symptom: ${told}`])];
}

const takenBackText = ({ takenBack }: Change): string[] =>
  takenBack ? [`taken back by ${oneLine(short(takenBack.by))}, live ${when(takenBack.at)}`] : [];

/** Roll-outs that brought no commit of the services' own. */
export function describeRollouts(change: Change, start: string): string {
  const [first] = change.rollouts;
  if (!first) return "";
  const what = {
    same: "the same revision again, no commit",
    back: `rolled back, ${plural(first.commits.length, "commit")} taken out: ${first.commits
      .slice(0, MAX_NAMED)
      .map(({ sha }) => short(sha))
      .join(", ")}`,
    forward: "no commit to its own files",
    first: "the first deployment recorded",
    unknown:
      first.origin === undefined
        ? "a revision that the repository does not tell about"
        : "which is not the service's repository",
  }[first.kind];
  const of = first.origin === undefined ? "" : ` of ${oneLine(first.origin)}`;
  const was =
    first.before === undefined || first.before === first.revision ? "" : ` (was ${oneLine(short(first.before))})`;
  const times = rolloutsText(change.rollouts, 6);
  return `${namesOf(change, start)}: deployed ${times}: revision ${oneLine(first.revision)}${of}${was}, ${what}${besidesText(change.rollouts)}`;
}

/** Images and what else came with roll-outs, on lines of their own. */
function besidesText(rollouts: readonly KnownRollout[]): string {
  const images = [...new Set(rollouts.flatMap((rollout) => rollout.images ?? []))];
  const others = [...new Set(rollouts.flatMap((rollout) => rollout.others ?? []))];
  return [
    ...(images.length > 0 ? [`images ${listed(images)}`] : []),
    ...(others.length > 0 ? [`with ${listed(others)}`] : []),
  ]
    .map((line) => `\n${line}`)
    .join("");
}

const MAX_LISTED = 4;
const MAX_CHARS = 160;

function listed(items: readonly string[]): string {
  const told = items.slice(0, MAX_LISTED).map((item) => shortenProse(item.replace(/\s+/g, " "), MAX_CHARS));
  return [...told, ...(items.length > told.length ? [`${items.length - told.length} more`] : [])].join(", ");
}

function liveText(change: Change): string {
  if (change.rollouts.length > 0)
    return `deployed ${rolloutsText(change.rollouts, change.services.length === 1 ? 2 : 4)}`;
  return change.rolloutsKnown ? "not deployed yet" : "deployment not known";
}

/** `2026-03-01T09:44:02Z by argocd`, with the service's name when there are several. */
function rolloutsText(rollouts: readonly KnownRollout[], most: number): string {
  const several = new Set(rollouts.map(({ service }) => service)).size > 1;
  const told = rollouts.slice(0, most).map(({ service, application, at, by }, index) => {
    const who = index === 0 ? ` by ${oneLine(by)}` : "";
    const where = application === undefined || application === service ? "" : ` (application ${oneLine(application)})`;
    return `${several ? `${service} ` : ""}${when(at)}${where}${who}`;
  });
  const rest = rollouts.length - told.length;
  return [...told, ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
}

/** The pull request's title is told only where it says something else than the commit. */
function reviewedText(
  { number, title, url, author, approvedBy }: Reviewed,
  subject: string,
  lineLength: number,
): string[] {
  const told = approvedBy.slice(0, MAX_NAMED).map(oneLine).join(", ");
  const rest = approvedBy.length > MAX_NAMED ? ` and ${approvedBy.length - MAX_NAMED} more` : "";
  const by = told === "" ? "approved by nobody" : `approved by ${told}${rest}`;
  const fact = `pull request #${number} by ${oneLine(author)}, ${by}: ${url}`;
  return subject.startsWith(title) ? [fact] : [fact, `    ${shortenProse(title, lineLength)}`];
}

function mergedText(merged: readonly CommitNote[], lineLength: number): string[] {
  const told = merged.slice(0, MAX_MERGED).map(({ sha, author, authoredAt, subject }) => {
    return `merges ${short(sha)} by ${oneLine(author)}, written ${when(authoredAt)}:\n    ${shorten(subject, lineLength)}`;
  });
  return merged.length > MAX_MERGED ? [...told, `merges ${merged.length - MAX_MERGED} more`] : told;
}

/** `+++ b/x` alone where `--- a/x` only repeats it. */
function withOneName(file: FileDiff): FileDiff {
  const [from, to] = ["--- a/", "+++ b/"].map((mark) =>
    file.header.find((line) => line.startsWith(mark))?.slice(mark.length),
  );
  if (from === undefined || from !== to) return file;
  return { ...file, header: file.header.filter((line) => !line.startsWith("--- a/")) };
}

function filesText(files: readonly ChangedFile[], { files: most, lineLength }: Detail): string[] {
  const told = files.slice(0, most).map(({ status, path, added, removed }) => {
    return `${status} ${shortenPath(shownPath(path), lineLength)} ${added === null ? "binary" : `+${added} -${removed}`}`;
  });
  return files.length > most ? [...told, `[${plural(files.length - most, "more file")}]`] : told;
}

/** A path cut between its folders. */
const shortenPath = (path: string, most: number): string =>
  path.length <= most ? path : `${path.slice(0, path.lastIndexOf("/", most - 1) + 1)}...`;

const sum = (files: readonly ChangedFile[], side: "added" | "removed") =>
  files.reduce((total, file) => total + (file[side] ?? 0), 0);

/** Names come from strangers: on a line of facts they may not begin a new one. */
export const oneLine = (text: string) => briefly(text.replace(/\s+/g, " "), 80);
