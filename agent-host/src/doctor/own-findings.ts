import { type Catalog, CatalogError, ConfigError, findEvidenceKey, keyFile } from "@oncall-copilot/core";
import type { Finding } from "@oncall-copilot/core/server";
import { openCatalogAt } from "../app/open-catalog.ts";
import { isClaudeConfigured, readClaudeConfig } from "../engines/claude/claude-engine.ts";

/** What the host can tell of its own set-up without asking anyone: its key, its catalog, and which engine would run. */
export async function ownFindings(env: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  return [await keyFinding(env), ...(await catalogFindings(env)), engineFinding(env)];
}

const finding = (backend: string, status: Finding["status"], message: string, cure?: string): Finding => ({
  ...{ backend, check: "configured", status, message },
  ...(cure === undefined ? {} : { cure }),
});

async function keyFinding(env: NodeJS.ProcessEnv): Promise<Finding> {
  const given = env["ONCALL_EVIDENCE_KEY"] !== undefined && env["ONCALL_EVIDENCE_KEY"] !== "";
  try {
    const key = await findEvidenceKey(env);
    if (!key) return finding("evidence key", "ok", `there is none yet: the first start makes one in ${keyFile(env)}`);
    return finding("evidence key", "ok", `read from ${given ? "ONCALL_EVIDENCE_KEY" : keyFile(env)}`);
  } catch (error) {
    return finding("evidence key", "failure", error instanceof Error ? error.message : String(error));
  }
}

/** How many of the catalog's problems are told one by one. */
const MAX_PROBLEMS = 10;

async function catalogFindings(env: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  const file = env["ONCALL_CATALOG"];
  if (!file) {
    if (env["ONCALL_RECORDING"]) return [finding("catalog", "ok", "the recording's own")];
    const cure = "set ONCALL_CATALOG to a Backstage catalog file (YAML), or to the address of a Backstage";
    return [finding("catalog", "failure", "none is configured", cure)];
  }
  try {
    const catalog = await openCatalogAt(file, env);
    return [sizeOf(catalog, file), ...problemsOf(catalog)];
  } catch (error) {
    if (error instanceof CatalogError || error instanceof ConfigError)
      return [finding("catalog", "failure", error.message)];
    throw error;
  }
}

function sizeOf(catalog: Catalog, file: string): Finding {
  const entries = catalog.entries();
  const alone = entries.filter(({ dependsOn }) => dependsOn.length === 0).length;
  const services = entries.filter(({ kind }) => kind === "service").length;
  const resources = entries.length - services;
  const told = `${services} services and ${resources} resources in ${file}; ${alone} of them depend on nothing`;
  if (services === 0) return finding("catalog", "failure", told, "describe services as Backstage Components in it");
  return entries.length > 1 && alone === entries.length
    ? finding("catalog", "warning", told, "add spec.dependsOn, so that a triage can follow a symptom to its cause")
    : finding("catalog", "ok", told);
}

/** An edge that is lost has a triage stop above the cause, and blame what it still reaches. */
function problemsOf({ problems }: Catalog): readonly Finding[] {
  const told = problems
    .slice(0, MAX_PROBLEMS)
    .map(({ message }) => finding("catalog", "warning", message, "mend the entity in the catalog"));
  const left = problems.length - told.length;
  return left > 0 ? [...told, finding("catalog", "warning", `${left} more of this kind`)] : told;
}

/** The model is not asked: that would cost. */
function engineFinding(env: NodeJS.ProcessEnv): Finding {
  if (!isClaudeConfigured(env)) {
    return finding("engine", "ok", "rules: no model is configured", "set ANTHROPIC_API_KEY to have Claude investigate");
  }
  try {
    return finding("engine", "ok", `claude, ${readClaudeConfig(env).model}; not asked, since that would cost`);
  } catch (error) {
    return finding("engine", "failure", error instanceof Error ? error.message : String(error));
  }
}
