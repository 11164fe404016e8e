import { ConfigError, NotConfigured } from "../../errors.ts";
import type { ServerDefinition } from "../define-server.ts";
import { examineServer, wrong } from "../doctor/examine.ts";
import { type Finding, worstOf } from "../doctor/finding.ts";
import { shownFindings } from "../doctor/shown.ts";
import { claimStdout } from "./claim-stdout.ts";

export interface DoctorFlags {
  readonly json: boolean;
  /** Catalog name of a service that must have data. */
  readonly service: string | undefined;
  /** Names of the server's own variables that are set. */
  readonly given: readonly string[];
  /** Names of all variables that it reads, for whoever asks for JSON: a host tells by them what nobody reads. */
  readonly variables: readonly string[];
  /** What there is to say of variables that it does not read. */
  readonly unknown: readonly Finding[];
}

/**
 * A server's bin as its own doctor: prints what it finds of its backends, for people or as JSON, and says whether nothing failed. No
 * backend at all is a warning: a triage goes on without it, and says so each time.
 */
export async function runDoctor(
  name: string,
  build: () => Promise<ServerDefinition>,
  flags: DoctorFlags,
): Promise<boolean> {
  const out = claimStdout(() => {});
  const findings = await examined(name, build, flags);
  const text = flags.json
    ? `${JSON.stringify({ server: name, findings, variables: flags.variables })}\n`
    : shownFindings(findings);
  await new Promise<void>((resolve) => out.end(text, () => resolve()));
  return worstOf(findings) !== "failure";
}

async function examined(
  name: string,
  build: () => Promise<ServerDefinition>,
  { service, given, unknown }: DoctorFlags,
): Promise<readonly Finding[]> {
  let definition: ServerDefinition;
  try {
    definition = await build();
  } catch (error) {
    if (error instanceof NotConfigured) return [...unknown, withoutBackend(name, error, given)];
    if (error instanceof ConfigError) return [...unknown, wrong(name, error.message)];
    throw error;
  }
  try {
    return await examineServer(definition, { service, mayWake: true });
  } finally {
    await definition.close?.();
  }
}

/** Somebody who has set part of a backend's variables believes it to be there: then it is a failure. */
const withoutBackend = (name: string, { choices }: NotConfigured, given: readonly string[]): Finding => ({
  backend: name,
  check: "configured",
  status: given.length > 0 ? "failure" : "warning",
  message: `no backend is configured${given.length > 0 ? ` by ${given.join(", ")} alone` : ""}: every triage will name this as a gap`,
  cure: `set one of ${Object.keys(choices).join(", ")}, with ONCALL_CATALOG`,
});
