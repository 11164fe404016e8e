import { MAX_WORDS } from "./store.ts";

/** Words that stand in every alert and tell nothing about which trouble it is. */
const TELLING_NOTHING = new Set(
  "the and for has have had was were are been being not but with from that this than then too more most less very its any all over under above below into onto out off per last past since during while when which who what why how can may will would should could does did done alert alerts alerting firing fired incident service services value values current currently threshold critical warning info minute minutes second seconds hour hours day days there here also only just about after before between they them their our your you".split(
    " ",
  ),
);

/** `StorefrontLatencyHigh` as `Storefront Latency High`; runs of capitals stay one word. */
const apart = (text: string) =>
  text.replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2").replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2");

/**
 * The words that a symptom is looked up by, lower-case, each once, at most {@link MAX_WORDS}: longer ones first, since
 * they tell more. The service's own name is left out, as it is compared as such.
 */
export function tellingWords(text: string, service: string): string[] {
  const own = new Set(wordsOf(service));
  const found = wordsOf(apart(text));
  const telling = found.filter(
    (word) => word.length >= 3 && !/^\d/.test(word) && !own.has(word) && !TELLING_NOTHING.has(word),
  );
  return [...new Set(telling)].sort((a, b) => b.length - a.length).slice(0, MAX_WORDS);
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
