import { matches, type Rule } from "../rule.ts";

/** Runs of digits, in one piece or in groups parted by single spaces or dashes, that belong to nothing longer. */
const DIGITS =
  /(?<![\w.%/#@-]|\d[ ]|[A-Za-z0-9]:)(?:\d{14,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|3\d{3}([ -])\d{6}\2\d{4,5})(?![\w/@-]|[ .:,]\d|\.\w)/g;
/** The ranges that the networks issue from, each with its lengths. */
const ISSUED: readonly RegExp[] = [
  /^4(?:\d{15}|\d{18})$/, // Visa; its 13 digits went out of use, and would be the time of day from 2096 on
  /^(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}$/, // Mastercard
  /^3[47]\d{13}$/, // American Express
  /^(?:6011|64[4-9]\d|65\d{2})\d{12}$/, // Discover
  /^35(?:2[89]|[3-8]\d)\d{12}$/, // JCB
  /^3(?:0[0-5]|[689]\d)\d{11}$/, // Diners Club
  /^62\d{14,17}$/, // UnionPay
];
/** Names of numbers that pass the checksum one time in ten and are not cards. */
const OTHER_NUMBER =
  /(?:trace|span|parent|request|correlation|offset|seq|sequence|lsn|xid|nonce|snowflake|timestamp|_ts|time|nanos|micros|bytes|count|total|uid|pid|(?<!card)(?<!card_)id)["']?\s{0,3}[:= ]\s{0,3}["'[(]?$|\}\s$/i;
const LONGEST_NAME = 40;

/** Payment card numbers: issued by a network, right in length, and with a valid check digit. */
export const cardNumber: Rule = function* (text) {
  for (const match of matches(text, DIGITS)) {
    const digits = match[0].replace(/[ -]/g, "");
    if (!ISSUED.some((range) => range.test(digits)) || !passesLuhn(digits)) continue;
    if (OTHER_NUMBER.test(text.slice(Math.max(0, match.index - LONGEST_NAME), match.index))) continue;
    yield { start: match.index, end: match.index + match[0].length, kind: "card-number" };
  }
};

/** The check digit of ISO/IEC 7812-1. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}
