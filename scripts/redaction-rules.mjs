// Compiles gitleaks' rules (MIT licence, see THIRD-PARTY-NOTICES.md) into the data that redaction reads:
//   node scripts/redaction-rules.mjs PATH/TO/gitleaks.toml VERSION
// Their expressions are RE2's. Each is turned into one that every Node from 20 on takes, or the run fails and names it.
import { readFileSync, writeFileSync } from "node:fs";
import { parse } from "smol-toml";

const TARGET = new URL("../core/src/redact/public-rules/gitleaks.json", import.meta.url);

/** Rules whose work is done by ours, which keep lines, names and hosts, or that find what is no secret in an answer. */
const LEFT_OUT = new Map([
  ["generic-api-key", "pairs.ts judges names and values"],
  ["private-key", "private-key.ts keeps the lines"],
  ["jwt", "jwt.ts"],
  ["jwt-base64", "jwt.ts"],
  ["kubernetes-secret-yaml", "kubernetes-secret.ts keeps the names"],
  ["curl-auth-header", "headers.ts"],
  ["curl-auth-user", "commands.ts"],
  ["hashicorp-tf-password", "pairs.ts"],
  ["sidekiq-sensitive-url", "urls.ts"],
  ["pkcs12-file", "a path and not a text"],
  ["slack-webhook-url", "webhooks.ts keeps the host"],
  ["microsoft-teams-webhook", "webhooks.ts keeps the host"],
  ["twilio-api-key", "its keyword is in every tenth word; vendor-tokens.ts"],
]);

/** The left part of the rules that look for a vendor's name: lazy, optional, before what is found, and costly. */
const BEFORE_NAME = "[\\w.-]{0,50}?";
/** What a rule for files of source code wants after a secret. In a log it may also be a comma, a bracket or the next parameter. */
const AFTER = "(?:[\\x60'\"\\s;]|\\\\[nr]|$)";
const AFTER_IN_LOGS = "(?=[\\x60'\"\\s;,&)}\\]<>|]|\\\\|\\.(?:\\s|$)|$)";
/** The part of such a rule between the vendor's name and the secret. */
const ASSIGNS = "(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)";

/** RE2's syntax as JavaScript's. Case is ignored in all of an expression where RE2 ignores it in a part. */
function convert(source) {
  let expression = source.replaceAll(BEFORE_NAME, "");
  const ignoresCase = /\(\?i\)|\(\?i:/.test(expression);
  expression = expression
    .replaceAll("(?i)", "")
    .replaceAll(/\(\?-?i:/g, "(?:")
    .replaceAll(/\(\?s:\.\)/g, "[\\s\\S]")
    .replaceAll("(?P<", "(?<")
    .replaceAll("[[:alnum:]]", "[A-Za-z0-9]")
    .replaceAll("[:alnum:]", "A-Za-z0-9")
    .replaceAll("\\z", "$")
    .replaceAll(AFTER, AFTER_IN_LOGS);
  return { expression, flags: ignoresCase ? "dgi" : "dg" };
}

function ruleOf(rule) {
  const { expression, flags } = convert(rule.regex);
  new RegExp(expression, flags);
  const groups = new RegExp(`${expression}|`).exec("").length - 1;
  return {
    id: rule.id,
    expression,
    ...(flags === "dgi" ? { ignores_case: true } : {}),
    // A vendor's name before an assignment tells less than a vendor's prefix.
    ...(rule.regex.includes(ASSIGNS) ? { by_name: true } : {}),
    group: rule.secretGroup ?? (groups > 0 ? 1 : 0),
    ...(rule.entropy === undefined ? {} : { entropy: rule.entropy }),
    keywords: rule.keywords,
  };
}

const [path, version] = process.argv.slice(2);
if (!path || !version) throw new Error("usage: node scripts/redaction-rules.mjs PATH/TO/gitleaks.toml VERSION");
const { rules, allowlist } = parse(readFileSync(path, "utf8"));
const failed = [];
const compiled = rules.flatMap((rule) => {
  if (LEFT_OUT.has(rule.id) || !rule.regex) return [];
  // Without a keyword a rule would have to be tried on every text.
  if (!rule.keywords?.length) return failed.push(`${rule.id}: no keywords`) && [];
  try {
    return [ruleOf(rule)];
  } catch (error) {
    return failed.push(`${rule.id}: ${error.message}`) && [];
  }
});
if (failed.length > 0) throw new Error(`these have no form in JavaScript yet:\n${failed.join("\n")}`);
const data = {
  source: "https://github.com/gitleaks/gitleaks, config/gitleaks.toml",
  version,
  license: "MIT, Copyright (c) 2019 Zachary Rice",
  left_out: Object.fromEntries(LEFT_OUT),
  stopwords: allowlist.stopwords,
  rules: compiled,
};
writeFileSync(TARGET, `${JSON.stringify(data, null, 1)}\n`);
process.stderr.write(`${compiled.length} of ${rules.length} rules\n`);
