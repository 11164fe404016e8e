/**
 * What a log line says about access, by the words that clouds, databases, identity providers and TLS stacks use for it:
 *
 * - `denied`: who asks is known, and may not (authorization). AWS IAM, Google Cloud IAM, Azure RBAC, Kubernetes RBAC, gRPC, SQL.
 * - `credential`: what it asks with is not accepted (authentication): expired, rotated away, revoked, wrong.
 */
export type AccessSign = "denied" | "credential";

const DENIED = [
  /\baccess[ _-]?denied(?:exception)?\b/i,
  /\bnot authorized to (?:perform|access)\b/i,
  /\bno (?:identity|resource|session|permissions boundary)-based policy allows\b/i,
  /\bexplicit deny\b/i,
  /\b(?:Unauthorized|Forbidden)Operation\b/,
  /\bAuthorization(?:Failed|Error|Exception)\b/,
  /\bPERMISSION_DENIED\b|\bPermissionDenied\b/,
  /\b(?:permission|privilege)s? (?:was |is |has been )?denied\b/i,
  /\bpermission '?[\w.]+'? denied on resource\b/i,
  /\b(?:insufficient|missing|lacks?|lacking)(?: the| required)? (?:\w+ )?(?:permissions?|privileges?|scopes?|role)\b/i,
  /\bdoes not have (?:the )?(?:[\w.:'"-]+ )?(?:permission|access|authorization|privilege)\b/i,
  /\bcannot (?:get|list|watch|create|update|patch|delete) resource\b/i,
] as const;

/** What a process authenticates with. A user's session or a cache entry that runs out is everyday life. */
const SECRET =
  "(?:certificates?|cert|credentials?|tokens?|jwt|secrets?|passwords?|pass[ _-]?phrase|(?:api|access|signing|secret|private|account|client)[ _-]?keys?|client[ _-]?secret|signature|assertion|refresh[ _-]?token)";
/** Few words at the most between the thing and what is wrong with it, and no sentence's end. */
const NEAR = "[^.;\\n]{0,40}?";

const CREDENTIAL = [
  /\bExpiredToken(?:Exception)?\b|\bTokenExpired(?:Error|Exception)?\b|\bRequestExpired\b/,
  /\bCERT_HAS_EXPIRED\b|\bcertificate_expired\b|\bcertificate has expired or is not yet valid\b/i,
  /\bInvalid(?:ClientTokenId|AccessKeyId|SignatureException|AuthenticationToken|Grant)\b|\binvalid_(?:grant|client|token)\b/,
  /\bSignatureDoesNotMatch\b|\bUnrecognizedClientException\b|\bAuthenticationFailed\b|\bUNAUTHENTICATED\b|\bUnauthenticated\b/,
  /\bAuthFailure\b|\bWRONGPASS\b|\bNOAUTH\b|\bORA-0(?:1017|28001)\b|\bSASL authentication (?:failed|error)\b/i,
  /\b(?:password |SASL |peer |client )?authentication failed\b/i,
  /\bbad credentials\b|\blogin failed\b|\bunknown (?:api|access) key\b/i,
  /\b401 unauthorized\b|\b(?:answered|responded|returned|replied|got|status(?: code)?|HTTP(?:\/\d(?:\.\d)?)?)\b[^\n]{0,12}\b401\b/i,
  new RegExp(
    `\\b${SECRET}\\b${NEAR}\\b(?:expired|has expired|is expired|revoked|withdrawn|rotated|no longer valid|not accepted|rejected|mismatch)\\b`,
    "i",
  ),
  new RegExp(
    `\\b(?:expired|revoked|withdrawn|invalid|wrong|incorrect|rejected|outdated|stale)\\b ${NEAR}\\b${SECRET}\\b`,
    "i",
  ),
] as const;

const says = (signs: readonly RegExp[], text: string): boolean => signs.some((sign) => sign.test(text));

/** The sign in a log event, or undefined. A text that says both is about the right that lacks, which is what can be given. */
export function accessSign(text: string): AccessSign | undefined {
  const start = text.slice(0, MAX_CHARS);
  if (says(DENIED, start)) return "denied";
  return says(CREDENTIAL, start) ? "credential" : undefined;
}

/** The message of an event stands at its beginning; what follows is its stack. */
const MAX_CHARS = 2_000;
