import { entropy } from "../entropy.ts";
import { matches, type Rule } from "../rule.ts";
import { isStandIn } from "../rules/stand-in.ts";
import gitleaks from "./gitleaks.json" with { type: "json" };

/** A rule that is run only where one of its keywords stands, and looks only at what is around it. */
export interface KeywordRule {
  /** In lower case. */
  readonly keywords: readonly string[];
  /** How many characters before a keyword's end and after it the rule looks at; without it, at the whole text. */
  readonly around?: readonly [before: number, after: number];
  readonly rule: Rule;
}

interface Source {
  readonly id: string;
  readonly expression: string;
  readonly ignores_case?: boolean;
  readonly by_name?: boolean;
  readonly group: number;
  readonly entropy?: number;
  readonly keywords: readonly string[];
}

/** The longest secret that such a rule knows is a token of some 500 characters; the longest name before it has 70. */
const AROUND = [120, 640] as const;
/** Where a vendor's name stands before it, a run of letters is a word and a run of digits a count or an id. */
const MIN_ENTROPY_BY_NAME = 2.8;

/** gitleaks' rules: what vendors' tokens look like, and which name stands before those that look like nothing. */
export const publicRules: readonly KeywordRule[] = (gitleaks.rules as readonly Source[]).map((source) => ({
  keywords: source.keywords,
  around: AROUND,
  rule: ruleOf(source),
}));

/** Compiled at its first use: most rules are needed by no text. */
function ruleOf({ id, expression, ignores_case, by_name = false, group, entropy: least = 0 }: Source): Rule {
  let compiled: RegExp | undefined;
  return function* (text) {
    compiled ??= new RegExp(expression, ignores_case ? "dgi" : "dg");
    for (const match of matches(text, compiled)) {
      const [start, end] = match.indices?.[group] ?? match.indices?.[0] ?? [0, 0];
      const secret = text.slice(start, end);
      if (isStandIn(secret) || gitleaks.stopwords.some((word) => secret.includes(word))) continue;
      if (entropy(secret) < least || (by_name && !looksDrawn(secret))) continue;
      yield { start, end, kind: id };
    }
  };
}

const looksDrawn = (secret: string): boolean =>
  /\d/.test(secret) && /[A-Za-z]/.test(secret) && entropy(secret) >= MIN_ENTROPY_BY_NAME;
