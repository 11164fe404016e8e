import { all, matches, pattern, type Rule } from "../rule.ts";
import { isStandIn } from "./stand-in.ts";

/** A name in any spelling of a header: `Authorization: `, `"authorization": "`, `authorization=[`, `\"Cookie\":\"`. */
const header = (names: string): string =>
  String.raw`(?<![A-Za-z0-9])(?:${names})(?:\\*["'])?\]?\s{0,4}(?::|=>|=|,)\s{0,4}\[?(?:\\*["'\`])?`;

const BEARER = pattern(
  "bearer-token",
  /(?<![A-Za-z0-9])Bearer(?:\s{1,4}|%20|\+|:\s{0,2})["']?(?<secret>(?=[A-Za-z_.~+/-]{0,200}\d|[a-z_.~+/-]{0,200}[A-Z])[A-Za-z0-9._~+/-]{12,}={0,2})/dgi,
  (value) => !/^[a-z]+(?:[-_.][a-z]+)*$/.test(value),
);

/** `basic(user, …)`, `value["key"]`, `request.headers.authorization`: program code that sets the header. */
const IN_CODE = /^[A-Za-z_$][\w$]*(?:\.[\w$]+)*[([]|^[a-z][A-Za-z]{1,23}(?:\.[a-z][A-Za-z]{1,23}){1,4}$/;

/** The scheme stays: it tells how the caller tried to get in. */
const AUTHORIZATION = pattern(
  "authorization",
  new RegExp(
    `${header("(?:proxy-)?authorization|x-auth(?:-token)?|x-amz-security-token|x-vault-token|x-gitlab-token|private-token|job-token|dd-api-key|dd-application-key|x-functions-key|ocp-apim-subscription-key|x-api-key|x-shopify-access-token|x-registry-auth|x-csrf-token|x-xsrf-token|x-goog-api-key|api-key")}(?:(?:bearer|basic|token|apikey|digest|negotiate|ntlm|hmac|genie[kK]ey|splunk|bot)(?:\\s{1,4}|%20))?(?<secret>[^\\s"'\`,;\\\\<>\\]})]{6,})`,
    "dgi",
  ),
  (value) =>
    !isStandIn(value) &&
    !IN_CODE.test(value) &&
    !/^(?:bearer|basic|token|apikey|digest|negotiate|ntlm|aws4-hmac-sha256|[a-z]+(?:[-_ ][a-z]+)*:?)$/i.test(value),
);

/** AWS's signed requests, in the header or in the query string. */
const SIGNATURE = pattern(
  "signature",
  /(?<![A-Za-z0-9])(?:X-Amz-Signature|Signature|X-Amz-Security-Token|X-Goog-Signature|sig)(?:=|%3D)(?<secret>[A-Za-z0-9%+/_-]{32,}={0,2})/dg,
);

/** Basic credentials wherever they stand, told from prose by what they decode to. */
const BASIC = pattern(
  "basic-auth",
  /(?<![A-Za-z0-9])Basic(?:\s{1,4}|%20)(?<secret>[A-Za-z0-9+/]{6,1024}={0,2})(?![A-Za-z0-9+/=])/dgi,
  isCredentials,
);

/** Docker's and npm's way of keeping them: `"auth": "<base64 of user:password>"`. */
const DOCKER_AUTH = pattern(
  "basic-auth",
  /(?<![A-Za-z0-9])_?auth\\*["']?\s{0,4}[:=]\s{0,4}\\*["']?(?<secret>[A-Za-z0-9+/]{8,1024}={0,2})(?![A-Za-z0-9+/=])/dgi,
  isCredentials,
);

const COOKIE_HEADER = new RegExp(
  `(?:${header("(?:set-)?cookies?")}|(?<![\\w-])(?:-b|--cookie)[ =]{1,4}["']?)(?<cookies>[^\\r\\n"'\`\\\\]{3,})`,
  "dgi",
);
const COOKIE = /(?:^|[;,]\s{0,4})(?<name>[^\s=;,]{1,128})=(?<value>[^\s;,"]{4,})/dg;
/** What `Set-Cookie` says about a cookie; a reader needs it, and it is no secret. */
const ATTRIBUTE = /^(?:path|domain|expires|max-age|samesite|version|priority|httponly|secure|partitioned)$/i;

/** The values in `Cookie` and `Set-Cookie`; the names stay. */
const COOKIES: Rule = function* (text) {
  for (const found of matches(text, COOKIE_HEADER)) {
    const from = found.indices?.groups?.cookies?.[0] ?? 0;
    for (const cookie of matches(found.groups?.cookies ?? "", COOKIE)) {
      if (ATTRIBUTE.test(cookie.groups?.name ?? "") || isStandIn(cookie.groups?.value ?? "")) continue;
      const [start, end] = cookie.indices?.groups?.value ?? [0, 0];
      yield { start: from + start, end: from + end, kind: "cookie" };
    }
  }
};

/** A user, a colon and a password, in base64. */
function isCredentials(value: string): boolean {
  return /^[\x20-\x39\x3b-\x7e]*:[\x20-\x7e]*$/.test(Buffer.from(value, "base64").toString("latin1"));
}

/** What HTTP carries to prove who is calling. */
export const headers = all([BASIC, DOCKER_AUTH, BEARER, SIGNATURE, COOKIES, AUTHORIZATION]);
