import type { KeywordRule } from "../public-rules/rules.ts";
import { pattern } from "../rule.ts";

/** Left edge of a token. A percent escape such as %20 ends in what looks like part of a word. */
const L = String.raw`(?:(?<![A-Za-z0-9_-])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt]))`;
/** How far from a keyword's end a token may begin and end. */
const AROUND = [120, 640] as const;

const token = (kind: string, keywords: string, source: string): KeywordRule => ({
  keywords: keywords.split(" "),
  around: AROUND,
  rule: pattern(kind, new RegExp(L + source, "dg")),
});

/**
 * Tokens that their vendors made recognisable. The public rules know many of these too, but in fewer forms: one length of a
 * GitHub token, keys of one generation at OpenAI and Anthropic. The others are of vendors that they do not have.
 */
export const vendorTokens: readonly KeywordRule[] = [
  token("aws-access-key", "akia asia abia acca a3t", "(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16}(?![A-Za-z0-9])"),
  token("github-token", "gho_ ghp_ ghr_ ghs_ ghu_", "gh[oprsu]_[A-Za-z0-9_]{36,}"),
  token("github-token", "github_pat_", "github_pat_[A-Za-z0-9_]{36,}"),
  token(
    "gitlab-token",
    "glpat- gldt- glrt- glptt- glft- glimt- glagent- glsoat- glcbt- gloas-",
    "gl(?:pat|dt|rt|ptt|ft|imt|agent|soat|cbt|oas)-[A-Za-z0-9_.-]{20,}",
  ),
  token("slack-token", "xox", String.raw`xox[abceoprs](?:\.xox[bp])?-[A-Za-z0-9-]{10,}`),
  token("slack-token", "xapp-", String.raw`xapp-\d-[A-Za-z0-9-]{10,}`),
  token("anthropic-key", "sk-ant-", "sk-ant-[A-Za-z0-9]{2,16}-[A-Za-z0-9_-]{16,}"),
  token("openai-key", "sk-proj- sk-svcacct- sk-admin- sk-none-", "sk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,}"),
  token("openai-key", "sk-", "sk-[A-Za-z0-9]{32,64}(?![A-Za-z0-9_-])"),
  token("stripe-key", "sk_live_ sk_test_ rk_live_ rk_test_", "(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}"),
  token("stripe-key", "whsec_", "whsec_[A-Za-z0-9+/=]{24,}"),
  token("gcp-key", "aiza", "AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"),
  token("gcp-key", "gocspx-", "GOCSPX-[A-Za-z0-9_-]{20,40}"),
  token("gcp-key", "ya29.", String.raw`ya29\.[A-Za-z0-9_-]{20,}`),
  token("azure-key", "q~", String.raw`[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~-])`),
  token("vault-token", "hvs. hvb. hvr.", String.raw`hv[sbr]\.[A-Za-z0-9_-]{20,}`),
  token("npm-token", "npm_", "npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])"),
  token("pypi-token", "pypi-", "pypi-[A-Za-z0-9_-]{50,}"),
  token("databricks-token", "dapi", String.raw`dapi[0-9a-f]{32}(?:-\d)?(?![A-Za-z0-9])`),
  token("grafana-token", "glsa_ glc_", "gl(?:sa|c)_[A-Za-z0-9+/=_]{30,}"),
  token("sendgrid-key", "sg.", String.raw`SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{30,64}`),
  token(
    "twilio-key",
    "sk0 sk1 sk2 sk3 sk4 sk5 sk6 sk7 sk8 sk9 ska skb skc skd ske skf",
    "SK[0-9a-f]{32}(?![A-Za-z0-9])",
  ),
  token("digitalocean-token", "doo_v1_ dop_v1_ dor_v1_", "do[opr]_v1_[0-9a-f]{64}"),
  token("huggingface-token", "hf_", "hf_[A-Za-z0-9]{30,60}(?![A-Za-z0-9])"),
  token("newrelic-key", "nrak-", "NRAK-[A-Z0-9]{27}"),
  token("atlassian-token", "atatt3", "ATATT3[A-Za-z0-9_=-]{50,}"),
  token("sentry-token", "sntrys_ sntryu_", "sntry[su]_[A-Za-z0-9+/=_-]{40,}"),
  token("telegram-token", ":aa", String.raw`(?:bot)?(?<secret>\d{8,10}:AA[A-Za-z0-9_-]{33})(?![A-Za-z0-9_-])`),
  token("docker-token", "dckr_", "dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}"),
  token("terraform-token", ".atlasv1.", String.raw`[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{60,80}`),
  token("age-secret-key", "age-secret-key-", "AGE-SECRET-KEY-1[0-9A-Z]{58}"),
  token("gcp-key", "4/0", "4/0[A-Za-z0-9_-]{30,}"),
  token("gcp-key", "1//0", "1//0[A-Za-z0-9_-]{30,}"),
  token("atlassian-token", "atctt3 atstt3", "AT[CS]TT3[A-Za-z0-9_=-]{50,}"),
  token("bitbucket-token", "atbb", "ATBB[A-Za-z0-9_=.-]{24,}"),
  token("linear-key", "lin_api_ lin_oauth_", "lin_(?:api|oauth)_[A-Za-z0-9]{32,}"),
  token("figma-token", "figd_ figo_", "fig[do]_[A-Za-z0-9_-]{30,}"),
  token("notion-token", "secret_ ntn_", "(?:secret_[A-Za-z0-9]{43}|ntn_[A-Za-z0-9]{40,50})(?![A-Za-z0-9])"),
  token("supabase-key", "sbp_ sb_secret_", "(?:sbp_[0-9a-f]{40}|sb_secret_[A-Za-z0-9_-]{20,})"),
  token("groq-key", "gsk_", "gsk_[A-Za-z0-9]{48,}"),
  token("xai-key", "xai-", "xai-[A-Za-z0-9]{60,}"),
  token("replicate-token", "r8_", "r8_[A-Za-z0-9]{30,}"),
  token("render-key", "rnd_", "rnd_[A-Za-z0-9]{28,}"),
  token("tailscale-key", "tskey-", "tskey-[a-z]{3,20}-[A-Za-z0-9-]{20,}"),
  token("square-token", "sq0 eaaa", "(?:sq0[a-z]{3}-[A-Za-z0-9_-]{22,50}|EAAA[A-Za-z0-9_-]{56,64})"),
  token("mailgun-key", "key-", "key-[0-9a-f]{32}(?![A-Za-z0-9])"),
  token("mailchimp-key", "-us", "[0-9a-f]{32}-us\\d{1,2}(?![A-Za-z0-9])"),
  token("brevo-key", "xkeysib- xsmtpsib-", "x(?:keys|smtps)ib-[0-9a-f]{64}-[A-Za-z0-9]{16}"),
  token("pulumi-token", "pul-", "pul-[0-9a-f]{40}"),
  token("shopify-token", "shp", "shp(?:at|ca|pa|ss|ua|tka)_[0-9a-fA-F]{32}"),
  token("paypal-token", "access_token$", String.raw`access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}`),
  token("facebook-token", "eaac eaag eaam", "EAA[CGM][A-Za-z0-9]{80,}"),
  token("dropbox-token", "sl.", String.raw`sl\.(?:u\.)?[A-Za-z0-9_=-]{80,}`),
  token("okta-token", "ssws", String.raw`SSWS\s{1,4}(?<secret>[A-Za-z0-9_-]{20,64})`),
  token("planetscale-token", "pscale_", String.raw`pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{32,}`),
  token("postman-key", "pmak-", "PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
  token("aws-secret-key", "absk bedrock-api-key-", "(?:ABSK|bedrock-api-key-)[A-Za-z0-9+/=]{60,}"),
  token("azure-key", "accountkey", "AccountKey=(?<secret>[A-Za-z0-9+/]{40,}={0,2})"),
  token(
    "azure-key",
    "jqqj99 +acr +amc +astb +armb +abat",
    String.raw`[A-Za-z0-9+/]{20,60}(?:JQQJ99[A-Za-z0-9]{20,40}|\+(?:ACR|AMC|AStB|ARmB|ABaT)[A-Za-z0-9+/]{3,20}={0,2})`,
  ),
  token("firebase-key", "aaaa", "AAAA[A-Za-z0-9_-]{7}:[A-Za-z0-9_-]{140}"),
  token("typeform-token", "tfp_", String.raw`tfp_[A-Za-z0-9_.=-]{40,}`),
  token(
    "cloudflare-token",
    "v1.0- cfut_ cfat_ cfk_",
    String.raw`(?:v1\.0-[0-9a-f]{24}-[0-9a-f]{146}|cf(?:ut|at|k)_[A-Za-z0-9]{40,})`,
  ),
  token(
    "doppler-token",
    "dp.ct. dp.st. dp.sa. dp.pt. dp.scim. dp.audit.",
    String.raw`dp\.(?:ct|st|sa|pt|scim|audit)(?:\.[a-z0-9-]{2,35})?\.[A-Za-z0-9]{40,44}`,
  ),
  token("adafruit-key", "aio_", "aio_[A-Za-z0-9]{28}(?![A-Za-z0-9])"),
  token(
    "newrelic-key",
    "nraa- nriq- nrii- nrbr- nrra- nral",
    "(?:NR(?:AA|IQ|II|BR|RA)-[A-Za-z0-9_-]{20,}|[a-z0-9]{6}[0-9a-f]{30}NRAL|[0-9a-f]{36}NRAL)",
  ),
  token("pixie-key", "px-api- px-dep-", "px-(?:api|dep)-[0-9a-f-]{36}"),
  token("nuget-key", "oy2", "oy2[a-z0-9]{43}(?![A-Za-z0-9])"),
  token("contentful-token", "cfpat-", "CFPAT-[A-Za-z0-9_-]{40,}"),
  token("posthog-key", "phx_", "phx_[A-Za-z0-9_-]{36,}"),
  token("salesforce-token", "!", String.raw`00D[A-Za-z0-9]{9,15}![A-Za-z0-9._]{60,}`),
  token("twitch-key", "live_", String.raw`live_\d{6,12}_[A-Za-z0-9]{28,32}`),
  token(
    "vault-unseal-key",
    "unseal",
    String.raw`[Uu]nseal(?:\s{1,2}[Kk]ey)?(?:\s{1,2}\d)?\s{0,2}:?\s{1,4}(?<secret>[A-Za-z0-9+/]{43,44}=?)`,
  ),
  token(
    "telegram-token",
    "telegram tgram: bot",
    String.raw`(?:telegram(?:[\w .-]{0,20})["']?\s{0,3}[:=]\s{0,3}["']?|tgram://|bot)(?<secret>\d{8,10}:[A-Za-z0-9_-]{35})(?![A-Za-z0-9_-])`,
  ),
];
