import { WILDCARD } from "./mask.ts";
import type { Shape } from "./signature.ts";
import { assemble, type Skeleton, skeletonOf } from "./skeleton.ts";

/** Shapes that are one pattern: indices into what was given, in order. */
export interface Cluster {
  readonly members: readonly number[];
  readonly template: string;
  readonly skeleton: Skeleton;
  readonly trace: string;
}

/**
 * So many different words in one place, all else being equal, make it a value: user names, hosts, plugins. Fewer may
 * as well be different statements (`opened`, `closed`, `refused`).
 */
const MIN_VALUES = 5;
/** A line's first word says what it is about (the assumption that Drain's tree rests on), so it takes more to vary. */
const MIN_FIRST_VALUES = 20;
/** ... unless so many words after it agree. */
const TELLING_WORDS = 8;
/** Rounds until nothing changes; each needs a value found in the one before, so few are ever needed. */
const MAX_ROUNDS = 6;

interface Row {
  readonly words: string[];
  readonly members: number[];
  /** Made of several shapes before: its values are known. */
  readonly settled: boolean;
}

/**
 * Merges shapes that differ only in values which masking cannot know by their looks.
 *
 * Shapes are grouped by all that is not a word (the frame), as Drain groups by length. Within a group, shapes that
 * agree in all words but one are siblings; when their differing words are many, or one of them is a value already, the
 * place becomes `<*>`, which makes new siblings. Every step is a hash lookup, so the time is linear in the number of
 * shapes times their words, and the result does not depend on the order of the lines.
 *
 * The idea of finding constants and variables from how many words share one place is that of IPLoM (Makanju et al.,
 * "Clustering Event Logs Using Iterative Partitioning", KDD 2009) and Brain (Yu et al., IEEE TSC 2023); grouping first
 * by shape is Drain's (He et al., "Drain: An Online Log Parsing Approach with Fixed Depth Tree", ICWS 2017).
 */
export function clusterShapes(shapes: readonly Shape[]): Cluster[] {
  const groups = new Map<string, { readonly frame: string; readonly trace: string; readonly rows: Row[] }>();
  shapes.forEach((shape, index) => {
    const { frame, words } = shape.skeleton ?? skeletonOf(shape.text);
    const key = `${frame}\n${shape.trace}`;
    const group = groups.get(key) ?? { frame, trace: shape.trace, rows: [] };
    groups.set(key, group);
    group.rows.push({ words: [...words], members: [index], settled: shape.skeleton !== undefined });
  });
  const clusters = [...groups.values()].flatMap(({ frame, trace, rows }) =>
    mergeSiblings(rows).map(({ words, members }) => ({
      members: members.sort((a, b) => a - b),
      template: assemble(frame, words),
      skeleton: { frame, words },
      trace,
    })),
  );
  return clusters.sort((a, b) => (a.members[0] ?? 0) - (b.members[0] ?? 0));
}

function mergeSiblings(given: readonly Row[]): readonly Row[] {
  let rows = merged(given);
  const places = rows[0]?.words.length ?? 0;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    let changed = false;
    for (let place = 0; place < places && rows.length > 1; place++) {
      let changedHere = false;
      for (const siblings of siblingsAt(rows, place)) {
        if (!isValuePlace(siblings, place)) continue;
        for (const { words } of siblings) words[place] = WILDCARD;
        changedHere = true;
      }
      if (changedHere) rows = merged(rows);
      changed ||= changedHere;
    }
    if (!changed) break;
  }
  return rows;
}

/** Rows with the same words as one. */
function merged(rows: readonly Row[]): readonly Row[] {
  const byWords = new Map<string, Row>();
  for (const row of rows) {
    const key = row.words.join(" ");
    const known = byWords.get(key);
    if (known === undefined) byWords.set(key, row);
    else {
      const [into, from] = row.settled && !known.settled ? [row, known] : [known, row];
      for (const member of from.members) into.members.push(member);
      byWords.set(key, into);
    }
  }
  return [...byWords.values()];
}

/** Rows that agree in all words but the one at `place`, where there are at least two of them. */
function siblingsAt(rows: readonly Row[], place: number): Row[][] {
  const byRest = new Map<string, Row[]>();
  for (const row of rows) {
    const word = row.words[place] ?? "";
    row.words[place] = "";
    const rest = row.words.join(" ");
    row.words[place] = word;
    const siblings = byRest.get(rest);
    if (siblings === undefined) byRest.set(rest, [row]);
    else siblings.push(row);
  }
  return [...byRest.values()].filter((siblings) => siblings.length > 1);
}

function isValuePlace(siblings: readonly Row[], place: number): boolean {
  const words = siblings[0]?.words ?? [];
  const agreeing = words.filter((word, at) => at !== place && word !== WILDCARD && /\p{L}/u.test(word)).length;
  if (siblings.some((row) => row.settled && row.words[place] === WILDCARD)) return true;
  if (agreeing === 0) return false;
  if (place === 0 && agreeing < TELLING_WORDS) return siblings.length >= MIN_FIRST_VALUES;
  return siblings.length >= MIN_VALUES || siblings.some((row) => row.words[place] === WILDCARD);
}
