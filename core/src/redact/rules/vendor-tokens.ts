import { all, pattern, type Rule } from "../rule.ts";

/** Left edge of a token. A percent escape such as %20 ends in what looks like part of a word. */
const L = String.raw`(?:(?<![A-Za-z0-9_-])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt]))`;
const sources: string[] = [];
const token = (kind: string, source: string): Rule => {
  sources.push(source.replace("?<secret>", "?:"));
  return pattern(kind, new RegExp(L + source, "dg"));
};

/**
 * Tokens that their vendors made recognisable. The preset knows some of these too, but in fewer forms: one length of a
 * GitHub token, keys of one generation at OpenAI and Anthropic.
 */
const each = all([
  token("aws-access-key", "(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16}(?![A-Za-z0-9])"),
  token("github-token", "gh[oprsu]_[A-Za-z0-9_]{36,}"),
  token("github-token", "github_pat_[A-Za-z0-9_]{36,}"),
  token("gitlab-token", "gl(?:pat|dt|rt|ptt|ft|imt|agent|soat|cbt|oas)-[A-Za-z0-9_.-]{20,}"),
  token("slack-token", String.raw`xox[abceoprs](?:\.xox[bp])?-[A-Za-z0-9-]{10,}`),
  token("slack-token", String.raw`xapp-\d-[A-Za-z0-9-]{10,}`),
  token(
    "slack-webhook",
    String.raw`hooks\.slack\.com/(?:services|workflows|triggers)/(?<secret>[A-Za-z0-9/_-]{20,200})`,
  ),
  token("anthropic-key", "sk-ant-[A-Za-z0-9]{2,16}-[A-Za-z0-9_-]{16,}"),
  token("openai-key", "sk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,}"),
  token("openai-key", "sk-[A-Za-z0-9]{32,64}(?![A-Za-z0-9_-])"),
  token("stripe-key", "(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}"),
  token("stripe-key", "whsec_[A-Za-z0-9+/=]{24,}"),
  token("gcp-key", "AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"),
  token("gcp-key", "GOCSPX-[A-Za-z0-9_-]{20,40}"),
  token("gcp-key", String.raw`ya29\.[A-Za-z0-9_-]{20,}`),
  token("azure-key", String.raw`[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~-])`),
  token("vault-token", String.raw`hv[sbr]\.[A-Za-z0-9_-]{20,}`),
  token("npm-token", "npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])"),
  token("pypi-token", "pypi-[A-Za-z0-9_-]{50,}"),
  token("databricks-token", String.raw`dapi[0-9a-f]{32}(?:-\d)?(?![A-Za-z0-9])`),
  token("grafana-token", "gl(?:sa|c)_[A-Za-z0-9+/=_]{30,}"),
  token("sendgrid-key", String.raw`SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{30,64}`),
  token("twilio-key", "SK[0-9a-f]{32}(?![A-Za-z0-9])"),
  token("digitalocean-token", "do[opr]_v1_[0-9a-f]{64}"),
  token("huggingface-token", "hf_[A-Za-z0-9]{30,60}(?![A-Za-z0-9])"),
  token("newrelic-key", "NRAK-[A-Z0-9]{27}"),
  token("atlassian-token", "ATATT3[A-Za-z0-9_=-]{50,}"),
  token("sentry-token", "sntry[su]_[A-Za-z0-9+/=_-]{40,}"),
  token("telegram-token", String.raw`(?:bot)?(?<secret>\d{8,10}:AA[A-Za-z0-9_-]{33})(?![A-Za-z0-9_-])`),
  token("docker-token", "dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}"),
  token("terraform-token", String.raw`[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{60,80}`),
  token("age-secret-key", "AGE-SECRET-KEY-1[0-9A-Z]{58}"),
]);

const any = new RegExp(`${L}(?:${sources.join("|")})`);

/** Nearly every text holds none, so one search for all of them goes before the search for each. */
export const vendorTokens: Rule = (text) => (any.test(text) ? each(text) : []);
