/** What reaches a backend: HTTP, signing for AWS, and git. */

export { authorityOf } from "./aws/authority.ts";
export { AWS_CREDENTIALS, awsCredentials, type CredentialSource } from "./aws/credentials.ts";
export type { AwsPackages } from "./aws/packages.ts";
export { signerFor } from "./aws/sign.ts";
export { awsTransport } from "./aws/transport.ts";
export { openCatalogSource } from "./backstage/open-source.ts";
export { GitError, type GitOptions, runGit } from "./git/run-git.ts";
export { Circuit, CircuitOpen } from "./http/circuit.ts";
export {
  type HttpAnswer,
  type HttpBackend,
  type HttpClient,
  type HttpQuestion,
  type HttpRequest,
  httpClient,
} from "./http/client.ts";
export type { Exchanged, HttpMethod } from "./http/exchange.ts";
export { type BackendNames, failureOf, HttpRefusal, refusalOf } from "./http/failure.ts";
export { couldNotLookIn, type FetchLike, type FetchOptions, fetchThrough } from "./http/fetch.ts";
export { bareAddress, certificates, commaSeparated, requestLimits, webAddress } from "./variables.ts";
