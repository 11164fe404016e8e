import type { KeywordRule } from "../public-rules/rules.ts";
import { matches, type Rule } from "../rule.ts";

const MIN_DIGITS = 8;
/** E.164's most. */
const MAX_DIGITS = 15;
const SEPARATOR = String.raw`[ .\-/\u00a0\u2010-\u2015]`;
/** What a longer number, a date, a time, an address or an id goes on with. */
const NOT_AFTER = String.raw`(?![\w]|:|[-.,/]\d|[ ]?[%°])`;

/** A word of a memory dump and a counter have them; a number that somebody can call hardly. */
const ZEROS = /0{5}/;
const MIN_DISTINCT = 3;

interface Form {
  readonly expression: RegExp;
  readonly accept?: (number: string, digits: string) => boolean;
}

const isDate = (number: string): boolean =>
  /(?<!\d)\d{1,2}([./-])\d{1,2}\1(?:\d{2}|\d{4})(?!\d)/.test(number) && number.length <= 10;

const FORMS: readonly Form[] = [
  // With a country's code: +49 (0)30 1234-567, 0049 30 1234567, tel:+1-201-555-0123.
  {
    expression: new RegExp(
      String.raw`(?<![\w+.:-]|\d )(?:\+|00(?=[1-9]\d? ?[( .-]?\d{2}))${SEPARATOR}?\(?\d{1,4}\)?(?:${SEPARATOR}{0,2}\(?\d{1,12}\)?){1,7}${NOT_AFTER}`,
      "g",
    ),
    accept: (number) => !/^\+?0(?!0)|^\+\d{1,2}[:.]\d{2}$/.test(number),
  },
  // North America: (201) 555-0123, 201-555-0123, 201.555.0123, 1-800-555-0199, with an extension or without.
  {
    expression:
      /(?<![\w+.:/-]|\d )(?:1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}([ .-]))[2-9]\d{2}(?:\1|[ .-])\d{4}(?![\w]|[-.:/]\d| \d)/g,
  },
  // With a trunk 0: 07700 900123, (030) 12345678, 030/1234-567, 01 23 45 67 89.
  {
    expression: new RegExp(
      String.raw`(?<![\w+.:/,-]|\d )(?:\(0\d{1,5}\) ?|0\d{1,4}${SEPARATOR})\d{2,8}(?:${SEPARATOR}\d{2,6}){0,4}${NOT_AFTER}(?! \d)`,
      "g",
    ),
    accept: (number, digits) => digits.length >= 9 && digits.length <= 12 && !isDate(number),
  },
];

/** What a field with a number in it is called. */
const NAMED =
  /(?<![A-Za-z])(?:phone|telephone|tel|mobile|cell|cellphone|fax|msisdn|whatsapp|handy|telefon|telefono|portable|landline|call(?:er|ee|ed|ing|back)?|dial(?:ed|ing|led)?|sms(?: to)?)(?:[ _-]{0,1}(?:number|no|num|nr|id|line|work|home|mobile|office|e164|to|at))?\.?(?:\\*["'])?\s{0,3}(?::|=>|=|\s)\s{0,3}(?:is )?(?:\\*["'])?(?<number>[+(]?\d[\d ()./\u00a0\u2010-\u2015-]{4,22}\d)(?![\w]|[-.:]\d)/dgi;

const digitsOf = (number: string): string => number.replace(/\D/g, "");

/** Telephone numbers in the international and the national forms. */
export const phoneNumber: Rule = function* (text) {
  for (const { expression, accept } of FORMS)
    for (const match of matches(text, expression)) {
      const digits = digitsOf(match[0]);
      if (ZEROS.test(digits) || new Set(digits).size < MIN_DISTINCT) continue;
      if (digits.length < MIN_DIGITS || digits.length > MAX_DIGITS + 2) continue;
      if (accept && !accept(match[0], digits)) continue;
      yield { start: match.index, end: match.index + match[0].length, kind: "phone-number" };
    }
};

const named: Rule = function* (text) {
  for (const match of matches(text, NAMED)) {
    const [start, end] = match.indices?.groups?.number ?? [0, 0];
    const digits = digitsOf(text.slice(start, end));
    if (digits.length < 7 || digits.length > MAX_DIGITS + 2 || /^\d{4}-\d{2}-\d{2}/.test(text.slice(start, end)))
      continue;
    yield { start, end, kind: "phone-number" };
  }
};

/** Any run of digits in a field that is named for a telephone number. */
export const namedPhoneNumber: KeywordRule = {
  keywords: "phone tel mobile cell fax msisdn whatsapp handy portable landline call dial sms".split(" "),
  rule: named,
};
