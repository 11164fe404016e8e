/** What a server is made of: tools, calls, configuration, check-ups and serving. */

export { parseArguments } from "./call/arguments.ts";
export type { CallResult } from "./call/result.ts";
export { type CallOptions, runCall } from "./call/run-call.ts";
export { commonVariables, readEnvironment, secret, variableNames } from "./config/environment.ts";
export { type Estate, openEstate, recordingOf } from "./config/estate.ts";
export { namesNotIn, nearestVariable, type UnknownVariable, unknownFinding } from "./config/unknown-variables.ts";
export type { CaseArguments, CaseWorld, Contract, ContractCase } from "./contract-case.ts";
export { Declaration, declaredBy, ServerPackageJson } from "./declaration.ts";
export { defineServer, type ServerDefinition } from "./define-server.ts";
export { examineServer } from "./doctor/examine.ts";
export { type ExamineOptions, Finding, worstOf } from "./doctor/finding.ts";
export { recordingFinding } from "./doctor/recording-finding.ts";
export { shownFindings } from "./doctor/shown.ts";
export { type StartupCheck, startupCheck } from "./doctor/startup-check.ts";
export { type HttpServing, serveHttp } from "./serve/http.ts";
export { serveMain } from "./serve/main.ts";
export { describeTool, mcpServer, type ServeOptions } from "./serve/mcp.ts";
export { grantedOf, withScopes } from "./serve/scopes.ts";
export { VERSION } from "./serve/version.ts";
export { type AnyTool, defineTool, type Scope, type Tool, type ToolContext } from "./tool.ts";
