import { matches, type Rule } from "../rule.ts";
import { judgeName, SECRET_WORD, SUFFIX } from "./key-names.ts";
import { isSecretValue } from "./values.ts";

/** A variable of Terraform whose name says that it is secret, and the default that it was given. */
const VARIABLE = new RegExp(
  `(?<![\\w-])variable\\s{1,4}"(?<name>[A-Za-z0-9_-]{0,64}?(?<word>${SECRET_WORD})${SUFFIX})"\\s{0,4}\\{(?:(?!\\n[+-]?\\})[^{}]){0,600}?(?<![\\w-])default\\s{0,20}=\\s{0,4}"(?<secret>[^"\\n]{1,2048})"`,
  "dgi",
);

/** `variable "db_password" { … default = "…" }`: the name and the value are lines apart. */
export const hclDefault: Rule = function* (text) {
  for (const match of matches(text, VARIABLE)) {
    const { name = "", word = "", rest = "", secret = "" } = match.groups ?? {};
    const key = judgeName(name, name.length - rest.length - word.length);
    const [start, end] = match.indices?.groups?.secret ?? [0, 0];
    if (key && isSecretValue(secret, { quoted: true, structural: true, code: false, ...key }))
      yield { start, end, kind: key.kind };
  }
};
