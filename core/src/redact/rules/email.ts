import { matches, type Rule } from "../rule.ts";

const SIGN = /@|%40/g;
const LOCAL = /[A-Za-z0-9!#$&'*+/=?^_`{|}~.%-]/;
const DOMAIN =
  /(?!\d+\.\d+\.\d)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}(?<tld>[A-Za-z]{2,24})(?![A-Za-z0-9_-]|\.[A-Za-z0-9]|:[~/]|:[\w.-]{1,100}\/)/y;
/** Last labels of host names inside a cluster, of systemd units and of files: `deploy@node.internal`, `logo@2x.png`. */
const NO_TLD = new Set(
  "internal local localdomain localhost cluster svc lan home corp service socket target timer slice mount scope device path png jpg jpeg gif svg webp js ts css map json yaml yml md go py java rs rb sh".split(
    " ",
  ),
);
/** Names that stand before an @ without being a mailbox: `git@github.com`. */
const NO_MAILBOX = new Set(["git", "hg", "svn"]);

/** What stands before a URL's user, or before its password: what follows the @ is then a host. */
const USER_INFO = /:\/\/(?:[^\s/@]{0,70}:)?$/;

/** E-mail addresses, also with the @ percent-encoded. */
export const email: Rule = function* (text) {
  for (const sign of matches(text, SIGN)) {
    const start = localStart(text, sign.index);
    if (start === sign.index || NO_MAILBOX.has(text.slice(start, sign.index).toLowerCase())) continue;
    if (sign[0] === "@" && USER_INFO.test(text.slice(Math.max(0, start - 80), start))) continue;
    DOMAIN.lastIndex = sign.index + sign[0].length;
    const domain = DOMAIN.exec(text);
    if (!domain || NO_TLD.has(domain.groups?.tld?.toLowerCase() ?? "")) continue;
    yield { start, end: DOMAIN.lastIndex, kind: "email" };
  }
};

/** Walks back over at most 64 characters, the longest local part there is, and drops leading punctuation. */
function localStart(text: string, sign: number): number {
  let start = sign;
  while (start > 0 && sign - start < 64 && LOCAL.test(text[start - 1] ?? "")) start--;
  // In `mailto=%22ada@…`, `to='ada@…'` and `/users/ada@…` the name begins after the last character that is not of a name.
  const local = text.slice(start, sign);
  const edge = /^.*(?:%[0-9A-Fa-f]{2}|[!#$&'*/=?^`{|}~%])/.exec(local)?.[0].length ?? 0;
  const name = local.slice(edge).replace(/^[.-]+/, "");
  return /[A-Za-z0-9_]/.test(name) ? sign - name.length : sign;
}
