/** The one entry of the package: what servers, the host and tests may use of it. */

export { authorityOf } from "./aws/authority.ts";
export { AWS_CREDENTIALS, awsCredentials, type CredentialSource } from "./aws/credentials.ts";
export type { AwsPackages } from "./aws/packages.ts";
export { signerFor } from "./aws/sign.ts";
export { awsTransport } from "./aws/transport.ts";
export { parseArguments } from "./call/arguments.ts";
export type { CallResult } from "./call/result.ts";
export { type CallOptions, runCall } from "./call/run-call.ts";
export {
  Catalog,
  type CatalogEntry,
  CatalogError,
  catalogFromDocuments,
  nameOfRef,
  parseCatalog,
} from "./catalog/catalog.ts";
export { escapePattern } from "./catalog/escape-pattern.ts";
export { loadCatalog } from "./catalog/load.ts";
export { mentions } from "./catalog/mentions.ts";
export { editDistance, nearest } from "./catalog/nearest.ts";
export { MAX_HOPS, type WalkStep, walkDependencies } from "./catalog/walk.ts";
export { bareAddress, certificates, commaSeparated, requestLimits, webAddress } from "./config/backend.ts";
export {
  ConfigError,
  commonVariables,
  NotConfigured,
  readEnvironment,
  secret,
  variableNames,
} from "./config/environment.ts";
export { type Estate, openEstate, recordingOf } from "./config/estate.ts";
export { namesNotIn, nearestVariable, type UnknownVariable, unknownFinding } from "./config/unknown-variables.ts";
export { examineServer } from "./doctor/examine.ts";
export { type ExamineOptions, Finding, sayOnce, worstOf } from "./doctor/finding.ts";
export { recordingFinding } from "./doctor/recording-finding.ts";
export { shownFindings } from "./doctor/shown.ts";
export { type StartupCheck, startupCheck } from "./doctor/startup-check.ts";
export {
  type CheckedClaim,
  Citation,
  Claim,
  checkCitation,
  checkClaim,
  type Failure,
} from "./evidence/claim.ts";
export {
  collectEvidence,
  EVIDENCE_ID,
  Evidence,
  type EvidenceDraft,
  fence,
  instant,
  interval,
} from "./evidence/evidence.ts";
export { unsupportedFigures } from "./evidence/figures.ts";
export { findEvidenceKey, keyFile, loadEvidenceKey } from "./evidence/key.ts";
export { EvidenceKey, mintEvidence, verifyEvidence } from "./evidence/receipt.ts";
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
export { incidentFromPayload } from "./incident/alert.ts";
export { alertFingerprint, stableValue } from "./incident/fingerprint.ts";
export { AlertError, Incident } from "./incident/incident.ts";
export { createLogger, type Logger, type LogLevel } from "./log.ts";
export {
  type Answer,
  BadRequest,
  COULD_NOT_LOOK_REASONS,
  CouldNotLook,
  type CouldNotLookReason,
  type Found,
  type NothingFound,
  OUTCOMES,
} from "./outcome.ts";
export { checkRecording, type RecordingProblem } from "./recording/check.ts";
export { readLines } from "./recording/read.ts";
export {
  AS_OF_AFTER_ALERT_MS,
  openRecording,
  RECORDING_PARTS,
  type Recording,
  type RecordingPart,
} from "./recording/recording.ts";
export { briefly, wholeWords } from "./redact/brief.ts";
export { redact, redactDeep } from "./redact/redact.ts";
export { redactToCut } from "./redact/redact-to-cut.ts";
export { FAMILIES, Family } from "./report/family.ts";
export { type Cut, Draft, Edit, type Gap, ProposedFix, Report } from "./report/report.ts";
export { Secret } from "./secret.ts";
export { type HttpServing, serveHttp } from "./serve/http.ts";
export { serveMain } from "./serve/main.ts";
export { describeTool, mcpServer, type ServeOptions } from "./serve/mcp.ts";
export { grantedOf, withScopes } from "./serve/scopes.ts";
export { VERSION } from "./serve/version.ts";
export { defineServer, type ServerDefinition } from "./server.ts";
export {
  formatDuration,
  parseRfc3339,
  type ResolvedWindow,
  readInstant,
  resolveWindow,
  type Window,
  type WindowLimits,
} from "./time/window.ts";
export { estimateTokens, mostThatFit } from "./tokens.ts";
export { type AnyTool, defineTool, type Scope, type Tool, type ToolContext } from "./tool.ts";
