/**
 * Words of no use in telling pages apart: English function words, and what every alert and every runbook says.
 */
const STOP_WORDS = new Set(
  "a about after all also an and any are as at be because been before being but by can could did do does doing done down each for from further had has have how if in into is it its itself just more most no not of off on once only or other our out over own same should so some such than that the their them then there these they this those through to too under until up very was we were what when where which while who why will with would you your alert alerts alerting fires firing triggered triggers".split(
    " ",
  ),
);

/** Harman's S stemmer ("How effective is suffixing?", JASIS 1991): plural endings only, so that no meaning is lost. */
export function stem(word: string): string {
  if (word.length < 4) return word;
  if (/(?<![ea])ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(?<![aeo])es$/.test(word)) return word.slice(0, -1);
  if (/(?<![us])s$/.test(word)) return word.slice(0, -1);
  return word;
}

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

/** The words of a text for the index: each word stemmed, and each identifier both in its parts and whole. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const [token] of text.matchAll(TOKEN)) {
    const parts = partsOf(token);
    for (const part of parts) {
      const word = part.toLowerCase();
      if (!STOP_WORDS.has(word)) words.push(stem(word));
    }
    if (parts.length > 1) words.push(joined(token));
  }
  return words;
}

/**
 * The words and each two that follow one another, as one: an alert's `replicas mismatch` is rarer than its words
 * (the sequential dependence of Metzler and Croft, "A Markov Random Field Model for Term Dependencies", SIGIR 2005).
 */
export function wordsAndPairs(text: string): string[] {
  const words = wordsOf(text);
  return [...words, ...words.slice(1).map((word, index) => `${words[index]} ${word}`)];
}

/** Words of an alert's name that say which way something went, and not what. */
const DIRECTIONS = new Set("high low too many few excessive elevated above below critical warning".split(" "));

/** What an alert's name is about: its parts, but for directions and the service's own name. */
export function topicOf(alert: string, service: string): string[] {
  const own = new Set(wordsOf(service));
  const parts = partsOf(alert).map((part) => part.toLowerCase());
  const words = parts.filter((word) => !STOP_WORDS.has(word) && !DIRECTIONS.has(word)).map(stem);
  const topic = words.filter((word) => !own.has(word));
  return topic.length > 0 ? topic : words;
}
