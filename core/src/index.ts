/** What servers, the host and tests may use of the domain: evidence, outcomes, reports, incidents, the catalog, time and text. */

export { Catalog, catalogFromDocuments, parseCatalog } from "./catalog/catalog.ts";
export type { CatalogContents, CatalogEntry, CatalogProblem } from "./catalog/contents.ts";
export { escapePattern } from "./catalog/escape-pattern.ts";
export { loadCatalog } from "./catalog/load.ts";
export { mentions, namesIn } from "./catalog/mentions.ts";
export { editDistance, nearest } from "./catalog/nearest.ts";
export { codeRepository, DEPLOY_REPOSITORY, deployRepository } from "./catalog/repositories.ts";
export { MAX_HOPS, type WalkStep, walkDependencies } from "./catalog/walk.ts";
export { type PathRisk, riskOfPath } from "./change/risky-path.ts";
export { AlertError, CatalogError, ConfigError, NotConfigured } from "./errors.ts";
export {
  type CheckedClaim,
  Citation,
  Claim,
  checkCitation,
  checkClaim,
  type Failure,
  groundsOf,
} from "./evidence/claim.ts";
export {
  beginningOf,
  collectEvidence,
  EVIDENCE_ID,
  Evidence,
  type EvidenceDraft,
  fence,
  instant,
  interval,
} from "./evidence/evidence.ts";
export { type Ground, unsupportedFigures } from "./evidence/figures.ts";
export { bodyOf, headingOf, messageOf, withHeading } from "./evidence/heading.ts";
export { findEvidenceKey, keyFile, loadEvidenceKey } from "./evidence/key.ts";
export {
  MARK_KINDS,
  type Mark,
  type MarkKind,
  markedLines,
  marksOfQuote,
  readMarks,
  writeMarks,
} from "./evidence/marks.ts";
export { EvidenceKey, mintEvidence, verifyEvidence } from "./evidence/receipt.ts";
export { incidentFromPayload } from "./incident/alert.ts";
export { alertFingerprint, stableValue } from "./incident/fingerprint.ts";
export { Incident, type ServiceFound } from "./incident/incident.ts";
export { workloadsOfPod } from "./incident/pod-name.ts";
export { type Payload, readPayload } from "./incident/read-payload.ts";
export { SEVERITY_LEVELS, type SeverityLevel, severityLevel, severityOf } from "./incident/severity.ts";
export { SnsMessage } from "./incident/sns-message.ts";
export { isExporter, type Subject } from "./incident/subject.ts";
export { createLogger, type Logger, type LogLevel } from "./log.ts";
export {
  type Absence,
  type Answer,
  BadRequest,
  COULD_NOT_LOOK_REASONS,
  CouldNotLook,
  type CouldNotLookReason,
  type Found,
  type NothingFound,
  OUTCOMES,
} from "./outcome.ts";
export { briefly, wholeWords } from "./redact/brief.ts";
export { redact, redactDeep } from "./redact/redact.ts";
export { redactToCut } from "./redact/redact-to-cut.ts";
export { FAMILIES, Family } from "./report/family.ts";
export { GAP_CODES, type Gap } from "./report/gap.ts";
export {
  AlsoFound,
  CANDIDATE_REASONS,
  Candidate,
  type Cut,
  Draft,
  Edit,
  type KnownFact,
  type MissingEdge,
  OUTCOME_VALUES,
  ProposedFix,
  Report,
  SettledLook,
} from "./report/report.ts";
export { Secret, sameText } from "./secret.ts";
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
