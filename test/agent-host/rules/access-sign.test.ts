import { describe, expect, it } from "vitest";
import { accessSign } from "../../../agent-host/src/signs/access.ts";

/** As each system words it: from the vendors' documentation and error references. */
const DENIED = [
  "AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/orders/i-0abc is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu-north-1:123456789012:key/1 because no identity-based policy allows the kms:Decrypt action",
  "upload failed: Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Request ID: 4442587FB7D0A2F9)",
  "UnauthorizedOperation: You are not authorized to perform this operation.",
  "7 PERMISSION_DENIED: Permission 'pubsub.topics.publish' denied on resource (or it may not exist).",
  "googleapi: Error 403: reports@shop.iam.gserviceaccount.com does not have storage.objects.get access to the Google Cloud Storage object., forbidden",
  "AuthorizationFailed: The client '1f' with object id '1f' does not have authorization to perform action 'Microsoft.Storage/storageAccounts/listKeys/action'",
  'secrets "stripe" is forbidden: User "system:serviceaccount:shop:billing" cannot get resource "secrets" in API group "" in the namespace "shop"',
  "ERROR: permission denied for table invoices",
  "SQL access control error: Insufficient privileges to operate on table 'ORDERS'",
  "rpc error: code = PermissionDenied desc = caller lacks required role",
  "explicit deny in a service control policy",
];

const CREDENTIAL = [
  "ExpiredTokenException: The security token included in the request is expired",
  "InvalidClientTokenId: The security token included in the request is invalid.",
  "SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided.",
  "x509: certificate has expired or is not yet valid: current time 2026-11-23T07:19:27Z is after 2026-11-23T07:00:00Z",
  "Error: certificate has expired\n    at TLSSocket.onConnectSecure (node:_tls_wrap:1674:34) { code: 'CERT_HAS_EXPIRED' }",
  "javax.net.ssl.SSLHandshakeException: PKIX path validation failed: java.security.cert.CertPathValidatorException: validity check failed: certificate expired on 20261123",
  'FATAL: password authentication failed for user "orders"',
  "WRONGPASS invalid username-password pair or user is disabled.",
  "ORA-01017: invalid username/password; logon denied",
  "TokenExpiredError: jwt expired",
  '{"error":"invalid_grant","error_description":"AADSTS7000222: The provided client secret keys for app are expired."}',
  "16 UNAUTHENTICATED: Request had invalid authentication credentials.",
  "POST https://psp.example/charges responded 401: API key sk_live_*** is no longer valid",
  "kafka: SASL authentication failed: invalid credentials",
  "card gateway: 401 Unauthorized",
  "Invalid API key provided",
];

const NEITHER = [
  "cache entry expired for sku 4711, refilled in 12 ms",
  "session expired for customer 88123, sent to login",
  "promotion SPRING has expired and is left out",
  "lease expired, re-electing leader",
  "context deadline exceeded",
  "connect ECONNREFUSED 10.0.3.7:5432",
  "429 Too Many Requests: rate limit of 50 per second exceeded",
  "PoolTimeoutError: no connection to offers-db free after 1000 ms (size 2, in use 2, waiting 3)",
  "503 Service Unavailable from pricing",
  "certificate renewed, valid until 2027-02-01",
  "rotated signing key k7, next rotation in 24 h",
  "authorization granted for order 88",
  "GET /token 200 in 4 ms",
  "invalid quantity for line 3",
];

describe("what a log line says about access", () => {
  it.each(DENIED)("a right that lacks: %s", (line) => expect(accessSign(line)).toBe("denied"));
  it.each(CREDENTIAL)("a credential that is not accepted: %s", (line) => expect(accessSign(line)).toBe("credential"));
  it.each(NEITHER)("nothing: %s", (line) => expect(accessSign(line)).toBeUndefined());
});
