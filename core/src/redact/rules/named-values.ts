import type { KeywordRule } from "../public-rules/rules.ts";
import { matches, type Rule } from "../rule.ts";
import { commands } from "./commands.ts";
import { judgeName, SECRET_WORD, SUFFIX } from "./key-names.ts";
import { isSecretValue, type Place } from "./values.ts";

const NAME = `(?<name>[A-Za-z0-9_.-]{0,64}?(?<word>${SECRET_WORD})${SUFFIX})`;
const VALUE = `(?:"(?<double>[^"\\n]{1,2048})"|'(?<single>[^'\\n]{1,2048})'|(?<bare>[^\\s"',;)}\\]]{1,2048}))`;

/** A rule over expressions with the groups of NAME and VALUE. */
function named(expression: RegExp, structural: boolean): Rule {
  return function* (text) {
    for (const match of matches(text, expression)) {
      const { name = "", word = "", rest = "" } = match.groups ?? {};
      const key = judgeName(name, name.length - rest.length - word.length);
      const at = match.indices?.groups;
      const [start, end] = at?.double ?? at?.single ?? at?.bare ?? [0, 0];
      const place = { quoted: at?.bare === undefined, structural, code: false };
      if (key && isSecretValue(text.slice(start, end), { ...place, ...key })) yield { start, end, kind: key.kind };
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

/** A variable of the environment, and what it is where it is not set. */
const WITH_DEFAULT = new RegExp(
  `(?<![A-Za-z])(?:getenv|environ\\.get|env)\\(\\s{0,4}["']${NAME}["']\\s{0,4},\\s{0,4}${VALUE}`,
  "dgi",
);
/** In a sentence or a table: `using token 7f3a…`, where only what can be nothing but drawn counts. */
const BESIDE =
  /(?<![A-Za-z])(?:[a-z]{2,12}[-_ ]?keys?|(?:[a-z]{2,12}[-_ ])?(?:tokens?|secrets?|passwords?|passphrases?|credentials?))[ \t]{1,4}(?!(?:is|was)\b)["'`]?(?<secret>[A-Za-z0-9_~+/=.-]{16,512})/dgi;

const CERTAIN = { quoted: false, structural: true, strong: true, code: false };
/** In a sentence, only what looks like nothing else. */
const PROSE = { ...CERTAIN, structural: false, strong: false };
const DRAWN = { ...PROSE, drawn: true };

const simple = (expression: RegExp, place: Omit<Place, "kind"> = CERTAIN, kind = "password"): Rule =>
  function* (text) {
    for (const match of matches(text, expression)) {
      const [start, end] = match.indices?.groups?.secret ?? [0, 0];
      if (isSecretValue(text.slice(start, end), { ...place, kind })) yield { start, end, kind };
    }
  };

const near = (keywords: string, rule: Rule): KeywordRule => ({ keywords: keywords.split("|"), rule });

/** Secrets named by what stands before them without a sign that assigns: flags, environment lists, SQL, netrc. */
export const namedValues: readonly KeywordRule[] = [
  near("value|default", named(ENVIRONMENT, true)),
  near(" -|\n-|\t-|\"-|'-|[-|(-|,-|--", named(FLAG, true)),
  near("getenv|environ.get|env(", named(WITH_DEFAULT, true)),
  near("key|token|secret|password|passphrase|credential", simple(BESIDE, DRAWN, "secret")),
  near("mysql|mariadb|sshpass|redis-cli|login|curl|htpasswd", commands),
  near(
    "identified|password",
    simple(
      /(?:IDENTIFIED\s{1,4}(?:WITH\s{1,4}\w{1,40}\s{1,4})?BY|(?:WITH|ENCRYPTED|SET)\s{1,4}PASSWORD)\s{1,4}(?:=\s{0,4})?'(?<secret>[^'\n]{3,200})'/dgi,
    ),
  ),
  near("login", simple(/(?<![\w-])login\s{1,8}\S{1,100}\s{1,8}password\s{1,8}(?<secret>\S{3,200})/dg)),
  near("requirepass|masterauth", simple(/(?<![\w-])(?:requirepass|masterauth)\s{1,8}["']?(?<secret>[^\s"']{3,200})/dg)),
  near(
    "password|passphrase|passwd|pwd",
    simple(
      /(?<![\w-])(?:password|passphrase|passwd|pwd)\s{1,2}(?:is\s{1,2}|was\s{1,2})?(?:"(?=[^"\s]{0,60}[\d!@#$%^&*])|'(?=[^'\s]{0,60}[\d!@#$%^&*])|`(?=[^`\s]{0,60}[\d!@#$%^&*]))(?<secret>[^"'`\s]{4,100})["'`]/dgi,
    ),
  ),
  near(":5432:", simple(/:5432:[^\s:]{1,64}:[^\s:]{1,64}:(?<secret>[^\s:]{3,200})(?!\S)/dg)),
  near(
    "@tcp(|@udp(|@unix(",
    simple(/(?<=[\w.-]:)(?<secret>[^\s@:/"'`]{1,200})@(?:tcp|udp|unix)\(/dg, CERTAIN, "connection-string"),
  ),
  near(
    "password|passphrase|pwd",
    simple(
      /(?<![\w-])(?:with|using|tried|password)\s{1,2}(?:the\s{1,2})?(?:password|passphrase|pwd)\s{1,2}(?<secret>[^\s"'`,;:]{8,200})/dgi,
      PROSE,
    ),
  ),
  near(
    "password|passphrase|pwd|secret|token|key",
    simple(
      /(?<![\w-])(?:password|passphrase|pwd|secret|token|key)\s{1,2}(?:is|was)\s{1,2}(?:now\s{1,2})?["'`]?(?<secret>[^\s"'`,;:]{6,400})/dgi,
      PROSE,
      "secret",
    ),
  ),
  near(
    "chpasswd",
    simple(
      /(?<![\w-])echo\s{1,4}["'][^\s:"']{1,64}:(?<secret>[^"'\n]{3,200})["']\s{0,4}\|\s{0,4}(?:sudo\s{1,4})?chpasswd/dg,
    ),
  ),
  near(
    "jdbc:oracle",
    simple(/jdbc:oracle:\w{1,10}:[^\s/@:]{1,100}\/(?<secret>[^\s@"']{2,200})@/dg, CERTAIN, "connection-string"),
  ),
  near("code=", simple(/(?<=[?&]code=)(?<secret>[A-Za-z0-9._~%-]{10,2048})/dg, PROSE, "token")),
  near(
    "code|pin|password",
    simple(
      /(?<![\w-])(?:verification|one-time|otp|mfa|2fa|security|login)\s{1,2}(?:code|pin|password)\s{1,2}(?:is\s{1,2})?(?<secret>\d{4,8})(?![\w.-])/dgi,
      CERTAIN,
      "secret",
    ),
  ),
];
