import { exactly, type Figure } from "./numbers.ts";
import { ITEM, unitOf } from "./units.ts";

/** A figure in words, and which quoted figures bear it out. */
export interface SpelledFigure {
  readonly said: string;
  holds(quoted: readonly Figure[], same: (claimed: Figure, quoted: Figure) => boolean): boolean;
}

const SMALL = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const TEENS = ["eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"];
const TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const PLAIN = new Map<string, number>([
  ...SMALL.map((word, index) => [word, index + 1] as const),
  ...TEENS.map((word, index) => [word, index + 11] as const),
  ...TENS.map((word, index) => [word, (index + 2) * 10] as const),
  ["a", 1],
]);
const SCALES: Readonly<Record<string, number>> = { dozen: 12, hundred: 100, thousand: 1e3, million: 1e6, billion: 1e9 };
const FACTORS: Readonly<Record<string, number>> = { twice: 2, doubled: 2, tripled: 3, quadrupled: 4, halved: 0.5 };
const PARTS: Readonly<Record<string, number>> = {
  half: 0.5,
  halves: 0.5,
  third: 1 / 3,
  thirds: 1 / 3,
  quarter: 0.25,
  quarters: 0.25,
};

const any = (words: Iterable<string>) => [...words].join("|");
const small = any(SMALL);
const SPELLED = new RegExp(
  [
    String.raw`\b(?<factor>${any(Object.keys(FACTORS))})\b`,
    String.raw`\b(?<vague>${any(Object.keys(SCALES))})s\b`,
    String.raw`\b(?<fold>${small})[- ]?fold\b`,
    String.raw`\b(?<times>${small}) times (?=as|more|higher|lower|slower|longer|larger|the\b)`,
    String.raw`\b(?:(?<many>${small}|a)[- ])?(?<part>${any(Object.keys(PARTS))})(?= (?:of|the)\b)`,
    String.raw`(?<![\d.,] ?)\b(?:(?<count>${any(PLAIN.keys())})[- ])?(?<scale>${any(Object.keys(SCALES))})\b(?<percent1> percent)?`,
    String.raw`\b(?<tens>${any(TENS)})[- ](?<ones>${small})\b(?<percent2> percent)?`,
    String.raw`\b(?<large>${any([...TEENS, ...TENS])})\b(?<percent3> percent)?`,
    String.raw`\b(?<few>${small})[- ]percent\b`,
  ].join("|"),
  "gi",
);

/**
 * The figures that a text spells out. Small ones alone ("two services") count things in view and are left to the reader,
 * like the moments between which two minutes lie.
 */
export function spelledFigures(text: string): SpelledFigure[] {
  return [...text.matchAll(SPELLED)].map((match) => readSpelled(match[0].toLowerCase(), lowered(match.groups)));
}

type Groups = Readonly<Record<string, string | undefined>>;

const lowered = (groups: Groups | undefined): Groups =>
  Object.fromEntries(Object.entries(groups ?? {}).map(([name, word]) => [name, word?.toLowerCase()]));

function readSpelled(said: string, groups: Groups): SpelledFigure {
  const plain = (word: string | undefined) => PLAIN.get(word ?? "a") ?? 1;
  const { factor, vague, fold, times, part, many, scale, count, tens, ones, large, few } = groups;
  const percent = groups["percent1"] ?? groups["percent2"] ?? groups["percent3"] ?? few;
  const is = (value: number, unit = percent ? unitOf("%") : undefined): SpelledFigure => {
    const figure = exactly(value, unit);
    return { said, holds: (quoted, same) => quoted.some((each) => same(figure, each)) };
  };
  const within = (least: number, most: number, of: (figure: Figure) => number | undefined): SpelledFigure => ({
    said,
    holds: (quoted) => quoted.map(of).some((value) => value !== undefined && value >= least && value <= most),
  });
  if (vague) return within(2 * (SCALES[vague] ?? 1), 100 * (SCALES[vague] ?? 1), counted);
  if (part) {
    const share = plain(many) * (PARTS[part] ?? 1);
    return within(share * 0.85, share * 1.15, ratio);
  }
  if (scale) return is(plain(count) * (SCALES[scale] ?? 1));
  if (tens) return is(plain(tens) + plain(ones));
  return is(factor ? (FACTORS[factor] ?? 1) : plain(fold ?? times ?? large ?? few));
}

const counted = ({ value, unit = ITEM }: Figure) => (unit.dimension === "count" ? value * unit.factor : undefined);

const ratio = ({ value, unit }: Figure) => {
  if (unit) return unit.dimension === "ratio" ? value * unit.factor : undefined;
  return value <= 1 ? value : undefined;
};
