import { stem } from "./stem.ts";

/**
 * Words of no use in telling pages apart: English function words, and what every alert and every runbook says. Not among
 * them: those that say which way something went (`down`, `not`, `out of`).
 */
const STOP_WORDS = new Set(
  "a about after all also an and any are as at be because been before being but by can could did do does doing done each for from further had has have how if in into is it its itself just more most of on once only or other our own should so some such than that the their them then there these they this those through to until very was we were what when where which while who why will with would you your alert alerts alerting fires firing triggered triggers".split(
    " ",
  ),
);

/** The parts of an identifier: `KubePodCrashLooping` and `kube-pod_crash.looping` both have four. */
export function partsOf(identifier: string): string[] {
  return identifier
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== "");
}

/** An identifier as one word, however it is written: `kube-pod_crash` and `KubePodCrash` are the same. */
export const joined = (identifier: string): string => identifier.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

const TOKEN = /[\p{L}\p{N}]+(?:[-_.][\p{L}\p{N}]+)*/gu;

/** The words of a text as they are written, in lower case, those of an identifier by themselves. */
function tellingParts(text: string): string[] {
  const parts = [...text.matchAll(TOKEN)].flatMap(([token]) => partsOf(token));
  return parts.map((part) => part.toLowerCase()).filter((word) => !STOP_WORDS.has(word));
}

/** The same, each stemmed. */
const plainWords = (text: string): string[] => tellingParts(text).map(stem);

/**
 * The words of a name or heading with nothing but their plural's ending lost (Harman's S stemmer, "How effective is
 * suffixing?", JASIS 1991): whoever named an alert chose between `failed` and `failing`.
 */
export const singularWords = (text: string): string[] => tellingParts(text).map(singular);

export function singular(word: string): string {
  if (word.length < 4) return word;
  if (/(?<![ea])ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(?<![aeo])es$/.test(word)) return word.slice(0, -1);
  return /(?<![us])s$/.test(word) ? word.slice(0, -1) : word;
}

/** The identifiers of a text, each as one word. */
const namesIn = (text: string): string[] =>
  [...text.matchAll(TOKEN)].flatMap(([token]) => (partsOf(token).length > 1 ? [joined(token)] : []));

/** The words of a text for the index: each word stemmed, and each identifier both in its parts and whole. */
export const wordsOf = (text: string): string[] => [...plainWords(text), ...namesIn(text)];

/** Each two words that follow one another, as one. */
const pairsOf = (words: readonly string[]): string[] => words.slice(1).map((word, index) => `${words[index]} ${word}`);

/**
 * The words and each two that follow one another, as one: an alert's `replicas mismatch` is rarer than its words
 * (the sequential dependence of Metzler and Croft, "A Markov Random Field Model for Term Dependencies", SIGIR 2005).
 */
export function wordsAndPairs(text: string): string[] {
  const words = plainWords(text);
  return [...words, ...namesIn(text), ...pairsOf(words)];
}

/** A measurement, with its unit or without: of an alert it is this time's. `503` and `5432` are names as well. */
const FIGURE = /^(?:\d{1,2}|\d+(?:\.\d+)+|\d+(?:\.\d+)*[a-z]{1,3})$/i;
/** A number that may be a name. */
const NUMBER = /^\d+$/;
/** What a pair of words counts beside its words. */
const PAIR = 0.3;

/**
 * What a text asks for, each once, with its weight. A measurement counts nothing. An identifier as a whole and a number
 * count only where a page has them: the one has its parts beside it, and the other is seldom a name.
 */
export function askedTerms(text: string, known: (term: string) => boolean): ReadonlyMap<string, number> {
  const asked = text.replace(TOKEN, (token) => (FIGURE.test(token) ? " " : token));
  const words = plainWords(asked).filter((word) => !NUMBER.test(word) || known(word));
  return new Map([
    ...pairsOf(plainWords(asked)).map((pair) => [pair, PAIR] as const),
    ...namesIn(asked).flatMap((name) => (known(name) ? [[name, 1] as const] : [])),
    ...words.map((word) => [word, 1] as const),
  ]);
}

/** Words of an alert's name that say which way something went, and not what. */
const DIRECTIONS = new Set("high low too many few excessive elevated above below critical warning".split(" "));

/** What an alert's name is about: its parts, but for directions and the service's own name. */
export function topicOf(alert: string, service: string): string[] {
  const own = new Set(singularWords(service));
  const words = tellingParts(alert).filter((word) => !DIRECTIONS.has(word));
  const topic = words.filter((word) => !own.has(singular(word)));
  return topic.length > 0 ? topic : words;
}
