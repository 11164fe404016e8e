import { all, matches, type Rule } from "../rule.ts";
import { commands } from "./commands.ts";
import { judgeName, SECRET_WORD, SUFFIX } from "./key-names.ts";
import { isSecretValue, type Place } from "./values.ts";

const NAME = `(?<name>[A-Za-z0-9_.-]{0,64}?(?<word>${SECRET_WORD})${SUFFIX})`;
const VALUE = `(?:"(?<double>[^"\\n]{1,2048})"|'(?<single>[^'\\n]{1,2048})'|(?<bare>[^\\s"',;)}\\]]{1,2048}))`;

/** A rule over expressions with the groups of NAME and VALUE. */
function named(expression: RegExp, structural: boolean): Rule {
  return function* (text) {
    for (const match of matches(text, expression)) {
      const { name = "", word = "" } = match.groups ?? {};
      const key = judgeName(name.slice(0, name.lastIndexOf(word) + word.length), word);
      const at = match.indices?.groups;
      const [start, end] = at?.double ?? at?.single ?? at?.bare ?? [0, 0];
      const place = { quoted: at?.bare === undefined, structural, strong: key?.strong ?? false, code: false };
      if (key && isSecretValue(text.slice(start, end), { ...place, kind: key.kind }))
        yield { start, end, kind: key.kind };
    }
  };
}

/** A container's environment: `- name: DB_PASSWORD` and, on the next line, `value: …`; the same in one JSON object. */
const Q = "\\\\{0,8}[\"']?";
const ENVIRONMENT = new RegExp(
  `(?<![A-Za-z])(?:name|key)${Q}\\s{0,4}[:=]\\s{0,4}${Q}${NAME}${Q}[ \\t]{0,20},?[ \\t]{0,20}(?:\\r?\\n[+-]?[ \\t]{0,80})?${Q}(?:value|default)${Q}\\s{0,4}[:=]\\s{0,4}\\\\{0,8}${VALUE}`,
  "dgi",
);
/** A command's flag with its value as the next word. */
const FLAG = new RegExp(`(?<![\\w-])--?${NAME}[ \\t]{1,4}(?!-)${VALUE}`, "dgi");

const CERTAIN = { quoted: false, structural: true, strong: true, code: false };
/** In a sentence, only what looks like nothing else. */
const PROSE = { ...CERTAIN, structural: false, strong: false };

const simple = (expression: RegExp, place: Omit<Place, "kind"> = CERTAIN, kind = "password"): Rule =>
  function* (text) {
    for (const match of matches(text, expression)) {
      const [start, end] = match.indices?.groups?.secret ?? [0, 0];
      if (isSecretValue(text.slice(start, end), { ...place, kind })) yield { start, end, kind };
    }
  };

/** Secrets named by what stands before them without a sign that assigns: flags, environment lists, SQL, netrc. */
export const namedValues = all([
  named(ENVIRONMENT, true),
  named(FLAG, true),
  commands,
  simple(
    /(?:IDENTIFIED\s{1,4}(?:WITH\s{1,4}\w{1,40}\s{1,4})?BY|(?:WITH|ENCRYPTED|SET)\s{1,4}PASSWORD)\s{1,4}(?:=\s{0,4})?'(?<secret>[^'\n]{3,200})'/dgi,
  ),
  simple(/(?<![\w-])login\s{1,8}\S{1,100}\s{1,8}password\s{1,8}(?<secret>\S{3,200})/dg),
  simple(/(?<![\w-])(?:requirepass|masterauth)\s{1,8}["']?(?<secret>[^\s"']{3,200})/dg),
  simple(
    /(?<![\w-])(?:password|passphrase|passwd|pwd)\s{1,2}(?:is\s{1,2}|was\s{1,2})?(?:"(?=[^"\s]{0,60}[\d!@#$%^&*])|'(?=[^'\s]{0,60}[\d!@#$%^&*])|`(?=[^`\s]{0,60}[\d!@#$%^&*]))(?<secret>[^"'`\s]{4,100})["'`]/dgi,
  ),
  simple(/:5432:[^\s:]{1,64}:[^\s:]{1,64}:(?<secret>[^\s:]{3,200})(?!\S)/dg),
  simple(/(?<=[\w.-]:)(?<secret>[^\s@:/"'`]{1,200})@(?:tcp|udp|unix)\(/dg, CERTAIN, "connection-string"),
  simple(
    /(?<![\w-])(?:with|using|tried|password)\s{1,2}(?:the\s{1,2})?(?:password|passphrase|pwd)\s{1,2}(?<secret>[^\s"'`,;:]{8,200})/dgi,
    PROSE,
  ),
  simple(
    /(?<![\w-])(?:password|passphrase|pwd|secret|token|key)\s{1,2}(?:is|was)\s{1,2}(?:now\s{1,2})?["'`]?(?<secret>[^\s"'`,;:]{6,400})/dgi,
    PROSE,
    "secret",
  ),
  simple(
    /(?<![\w-])echo\s{1,4}["'][^\s:"']{1,64}:(?<secret>[^"'\n]{3,200})["']\s{0,4}\|\s{0,4}(?:sudo\s{1,4})?chpasswd/dg,
  ),
  simple(/jdbc:oracle:\w{1,10}:[^\s/@:]{1,100}\/(?<secret>[^\s@"']{2,200})@/dg, CERTAIN, "connection-string"),
  simple(/(?<=[?&]code=)(?<secret>[A-Za-z0-9._~%-]{10,2048})/dg, PROSE, "token"),
  simple(
    /(?<![\w-])(?:verification|one-time|otp|mfa|2fa|security|login)\s{1,2}(?:code|pin|password)\s{1,2}(?:is\s{1,2})?(?<secret>\d{4,8})(?![\w.-])/dgi,
    CERTAIN,
    "secret",
  ),
]);
