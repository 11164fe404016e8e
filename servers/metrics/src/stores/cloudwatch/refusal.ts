import { briefly, CouldNotLook } from "@oncall-copilot/core";
import { AWS_CREDENTIALS, type HttpRefusal } from "@oncall-copilot/core/backend";

const THROTTLED =
  /^(?:Throttling|ThrottlingException|ThrottledException|RequestLimitExceeded|RequestThrottled|TooManyRequests|LimitExceeded)/;
const FORBIDDEN = /^(?:AccessDenied|UnauthorizedOperation|NotAuthorized|OptInRequired|Forbidden)/;
const EXPIRED = /^(?:ExpiredToken|RequestExpired|TokenRefreshRequired)/;
const UNKNOWN =
  /^(?:InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignature|IncompleteSignature|MissingAuthenticationToken|AuthFailure|NotSignedUp)/;

export interface AwsError {
  /** `AccessDenied`, without a namespace. */
  readonly code: string;
  /** AWS' own words, on one line and bounded. Untrusted. */
  readonly message: string;
}

/** The error in an answer of an AWS service, in whichever of its protocols: JSON, or XML where something older answers. */
export function awsErrorIn({ answer: { text, headers } }: HttpRefusal): AwsError | undefined {
  const given = jsonError(text) ?? xmlError(text);
  const [told] = [headers["x-amzn-query-error"] ?? headers["x-amzn-errortype"]].flat();
  const code = (told?.split(/[;:]/)[0] || given?.code || "").replace(/^.*#/, "");
  if (code === "") return undefined;
  return { code, message: briefly((given?.message ?? "").replace(/\s+/g, " "), 240) };
}

function jsonError(text: string): AwsError | undefined {
  try {
    const { __type, code, message, Message } = JSON.parse(text) as Record<string, unknown>;
    const [name, said] = [__type ?? code, message ?? Message];
    return { code: typeof name === "string" ? name : "", message: typeof said === "string" ? said : "" };
  } catch {
    return undefined;
  }
}

function xmlError(text: string): AwsError | undefined {
  const code = /<Code>([\w.]+)<\/Code>/.exec(text)?.[1];
  return code === undefined ? undefined : { code, message: /<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? "" };
}

/** Says what a refusal by AWS means: its status is 400 for nearly all there is. */
export function explainAws(name: string, policy: string): (refusal: HttpRefusal) => CouldNotLook | undefined {
  return (refusal) => {
    const error = awsErrorIn(refusal);
    if (error === undefined) return undefined;
    const { code, message } = error;
    const because = (reason: CouldNotLook["reason"], what: string, cure: string) =>
      new CouldNotLook(reason, `${name} ${what}`, { cure });
    if (THROTTLED.test(code)) {
      return because(
        "rate_limited",
        `gets too many requests (${code})`,
        "wait a minute, then ask again or ask for less",
      );
    }
    if (FORBIDDEN.test(code)) {
      const action = /\b(?:perform|action):? ([a-z]+:[A-Za-z]+)/.exec(message)?.[1];
      const who = /\b(arn:aws[\w-]*:(?:sts|iam)::\S+)/.exec(message)?.[1];
      const what = `does not let ${who ?? "this credential"} ${action ? `call ${action}` : "read"} (${code})`;
      return because("forbidden", what, policy);
    }
    if (EXPIRED.test(code)) {
      return because("forbidden", `says that the credential has expired (${code})`, `renew it: ${AWS_CREDENTIALS}`);
    }
    if (/Signature (?:expired|not yet current)/.test(message)) {
      return because("forbidden", `takes the signature for one of another time (${code})`, "set this machine's clock");
    }
    if (UNKNOWN.test(code)) {
      return because(
        "forbidden",
        `did not accept the credential (${code})`,
        `set ${AWS_CREDENTIALS} to one that is valid`,
      );
    }
    if (refusal.status >= 500) return undefined;
    return because(
      "bad_response",
      `refused the question (${code}${message ? `: ${message}` : ""})`,
      "ask for a shorter window",
    );
  };
}
