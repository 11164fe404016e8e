/**
 * The stem of an English word in lower case, by M. F. Porter, "An algorithm for suffix stripping", Program 14 (1980):
 * `failing`, `failed` and `fails` are one word to the index. A word in other letters stays as it is.
 */
export function stem(word: string): string {
  if (word.length < 3 || !/^[a-z]+$/.test(word)) return word;
  return tidied(lastSuffix(suffix(suffix(pastAndPlural(word), INTO), REDUCED)));
}

const VOWEL = "(?:[aeiou]|(?<=[^aeiou])y|(?<=[aeiou]y)y)";
const HAS_VOWEL = new RegExp(VOWEL);
const ENDS_DOUBLE = /([^aeiou])\1$/;
/** Consonant, vowel, consonant, and the last one none of w, x, y: `hop`, but not `snow`. */
const ENDS_SHORT = new RegExp(`[^aeiou]${VOWEL}[^aeiouwxy]$`);

/** The paper's m: how often a vowel is followed by a consonant. */
function measure(part: string): number {
  let times = 0;
  let vowelBefore = false;
  for (const [index, letter] of [...part].entries()) {
    const vowel: boolean = "aeiou".includes(letter) || (letter === "y" && index > 0 && !vowelBefore);
    if (vowelBefore && !vowel) times += 1;
    vowelBefore = vowel;
  }
  return times;
}

/** Steps 1a to 1c. */
function pastAndPlural(word: string): string {
  const singular = word.replace(/(ss|i)es$/, "$1").replace(/([^s])s$/, "$1");
  const [, root = "", ending] = /^(.*?)(eed|ed|ing)$/.exec(singular) ?? [];
  let stemmed = singular;
  if (ending === "eed") stemmed = measure(root) > 0 ? `${root}ee` : singular;
  else if (ending !== undefined && HAS_VOWEL.test(root)) stemmed = mended(root);
  return /y$/.test(stemmed) && HAS_VOWEL.test(stemmed.slice(0, -1)) ? `${stemmed.slice(0, -1)}i` : stemmed;
}

/** What is left of a word without its `ed` or `ing`, as it would be written. */
function mended(root: string): string {
  if (/(?:at|bl|iz)$/.test(root)) return `${root}e`;
  if (ENDS_DOUBLE.test(root) && !/[lsz]$/.test(root)) return root.slice(0, -1);
  return measure(root) === 1 && ENDS_SHORT.test(root) ? `${root}e` : root;
}

type Endings = Readonly<Record<string, string>>;

/** Step 2. */
const INTO: Endings = {
  ...{ ational: "ate", tional: "tion", enci: "ence", anci: "ance", izer: "ize", bli: "ble", alli: "al", entli: "ent" },
  ...{ eli: "e", ousli: "ous", ization: "ize", ation: "ate", ator: "ate", alism: "al", iveness: "ive", fulness: "ful" },
  ...{ ousness: "ous", aliti: "al", iviti: "ive", biliti: "ble", logi: "log" },
};
/** Step 3. */
const REDUCED: Endings = { icate: "ic", ative: "", alize: "al", iciti: "ic", ical: "ic", ful: "", ness: "" };

/** The longest of the endings decides, whether it goes or stays. */
function suffix(word: string, endings: Endings): string {
  const [ending] = Object.keys(endings)
    .filter((candidate) => word.endsWith(candidate))
    .sort((a, b) => b.length - a.length);
  if (ending === undefined) return word;
  const root = word.slice(0, -ending.length);
  return measure(root) > 0 ? root + (endings[ending] ?? "") : word;
}

const LAST = /^(.*?)(ement|ance|ence|able|ible|ment|ant|ent|ion|ism|ate|iti|ous|ive|ize|al|er|ic|ou)$/;

/** Step 4. */
function lastSuffix(word: string): string {
  const [, root = "", ending] = LAST.exec(word) ?? [];
  if (ending === undefined || measure(root) < 2) return word;
  return ending === "ion" && !/[st]$/.test(root) ? word : root;
}

/** Step 5. */
function tidied(word: string): string {
  const root = word.slice(0, -1);
  const silent = word.endsWith("e") && (measure(root) > 1 || (measure(root) === 1 && !ENDS_SHORT.test(root)));
  const short = silent ? root : word;
  return short.endsWith("ll") && measure(short) > 1 ? short.slice(0, -1) : short;
}
