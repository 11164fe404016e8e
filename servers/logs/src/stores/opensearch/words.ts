import { all, type Clause } from "./clauses.ts";
import type { PatternClause } from "./finding.ts";

const VALUE = "\u0000";
/** At these every analyser ends a word, so that what stands before or behind them is a word of its own. */
const ENDS = /([\s()[\]{}<>"=;|@#`]+)/;
const HAS_WORD = /[\p{L}\p{N}]/u;
const WORDS = /[\p{L}\p{N}_]+/gu;
const FAILURE = /^([45])xx$/;
/** The statuses there are, by their first digit: an interval has no other way to say "500 to 599". */
const STATUSES: Readonly<Record<string, readonly number[]>> = {
  "4": [
    400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424,
  ].concat([425, 426, 428, 429, 431, 451, 499]),
  "5": [
    500, 501, 502, 503, 504, 505, 506, 507, 508, 509, 510, 511, 520, 521, 522, 523, 524, 525, 526, 527, 530, 598, 599,
  ],
};

/** Words that stand next to each other, or one of the statuses that begin with a digit. */
type Run = { readonly text: string } | { readonly status: string };

/** The fixed words of a masked text in runs. A word that touches a value may be one with it in the index, so it is left out. */
export function runsOf(masked: string): Run[] {
  const runs: Run[] = [];
  let open = "";
  const close = () => {
    if (HAS_WORD.test(open)) runs.push({ text: open.trim() });
    open = "";
  };
  for (const piece of masked.replaceAll("<*>", VALUE).split(ENDS)) {
    const status = FAILURE.exec(piece)?.[1];
    if (piece.includes(VALUE)) close();
    else if (status !== undefined) {
      close();
      runs.push({ status });
    } else open += piece;
  }
  close();
  return runs;
}

const codes = (status: string): readonly string[] => (STATUSES[status] ?? []).map(String);

const interval = (run: Run): Clause =>
  "text" in run
    ? { match: { query: run.text, ordered: true, max_gaps: 0 } }
    : { any_of: { intervals: codes(run.status).map((query) => ({ match: { query } })) } };

function inOrder(field: string, runs: readonly Run[]): Clause {
  const [first] = runs;
  if (runs.length === 1 && first && "text" in first) return { match_phrase: { [field]: first.text } };
  return { intervals: { [field]: { all_of: { ordered: true, intervals: runs.map(interval) } } } };
}

const inAnyOrder = (field: string, runs: readonly Run[]): Clause =>
  all(
    ...runs.map((run) =>
      "text" in run
        ? { match: { [field]: { query: run.text, operator: "and" } } }
        : { match: { [field]: { query: codes(run.status).join(" "), operator: "or" } } },
    ),
  );

/** Finds a pattern by its words, in a field that is indexed by words; undefined when it has none. */
export function byItsWords(
  { field, ordered }: { readonly field: string; readonly ordered: boolean },
  template: string,
  marks: readonly string[],
): PatternClause | undefined {
  const texts = [template, ...marks].map(runsOf).filter((runs) => runs.length > 0);
  if (texts.length === 0) return undefined;
  const clauses = texts.map((runs) => (ordered ? inOrder : inAnyOrder)(field, runs));
  const shown = texts.map((runs) => runs.map((run) => ("text" in run ? wordsOf(run.text) : [`${run.status}xx`])));
  const weight = shown.flat(2).length + (marks.length > 0 ? 100 : 0);
  return {
    clause: clauses.length === 1 && clauses[0] ? clauses[0] : all(...clauses),
    key: JSON.stringify(ordered ? shown : [...new Set(shown.flat(2))].sort()),
    weight,
    finds: (message) => {
      const words = wordsOf(message);
      if (ordered) return shown.every((runs) => haveInOrder(words, runs));
      return shown.flat(2).every((wanted) => words.some((word) => isWord(word, wanted)));
    },
  };
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(WORDS) ?? [];

function haveInOrder(words: readonly string[], runs: readonly (readonly string[])[]): boolean {
  let from = 0;
  for (const run of runs) {
    let at = from;
    while (at + run.length <= words.length && !run.every((word, index) => isWord(words[at + index], word))) at++;
    if (at + run.length > words.length) return false;
    from = at + run.length;
  }
  return true;
}

const isWord = (word: string | undefined, wanted: string): boolean =>
  word === wanted || (FAILURE.test(wanted) && word !== undefined && /^\d{3}$/.test(word) && word[0] === wanted[0]);
