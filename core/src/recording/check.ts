import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Catalog, parseCatalog } from "../catalog/catalog.ts";
import { AlertError, CatalogError } from "../errors.ts";
import { incidentFromPayload } from "../incident/alert.ts";
import type { CheckContext } from "./check/context.ts";
import { checkDeployments } from "./check/deployments.ts";
import { checkExpected } from "./check/expected.ts";
import { checkFolder } from "./check/folder.ts";
import { checkHistory } from "./check/history.ts";
import { checkLogs } from "./check/logs.ts";
import { checkMetrics } from "./check/metrics.ts";
import { FileProblems, type RecordingProblem } from "./check/problems.ts";
import { checkRepositories } from "./check/repositories.ts";
import { checkRepository, type Upstream } from "./check/repository.ts";
import { checkRunbooks } from "./check/runbooks.ts";
import { AS_OF_AFTER_ALERT_MS, RECORDING_NEEDS, RECORDING_PARTS, type RecordingPart } from "./recording.ts";

export type { RecordingProblem } from "./check/problems.ts";

/**
 * Checks every file of a recording against the format, and the files against each other. Nothing is found wrong with
 * a file for being missing, but for the alert and the catalog. Throws only when the folder cannot be read at all.
 */
export async function checkRecording(dir: string): Promise<RecordingProblem[]> {
  const root = resolve(dir);
  const isFolder = await stat(root).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return [{ severity: "error", file: dir, message: "is not a folder; name the recording's folder" }];
  // What is no recording at all may be any folder: neither what is in it nor its size says anything.
  if (!existsSync(join(root, RECORDING_PARTS.alert)) && !existsSync(join(root, RECORDING_PARTS.catalog))) {
    return [{ severity: "error", file: dir, message: `is no recording: ${RECORDING_NEEDS}` }];
  }
  const found = await checkFolder(root);
  const inFile = async <T>(file: string, check: (path: string, problems: FileProblems) => Promise<T>) => {
    const path = join(root, file);
    if (!existsSync(path)) return undefined;
    const problems = new FileProblems(file);
    const result = await check(path, problems);
    found.push(...problems.list());
    return result;
  };
  const part = <T>(name: RecordingPart, check: (path: string, problems: FileProblems) => Promise<T>) =>
    inFile(RECORDING_PARTS[name], check);

  for (const name of ["alert", "catalog"] as const) {
    if (existsSync(join(root, RECORDING_PARTS[name]))) continue;
    found.push({ severity: "error", file: RECORDING_PARTS[name], message: "is missing; every recording must have it" });
  }
  const asOf = await part("alert", readAsOf);
  const context: CheckContext = { dir: root, asOf, catalog: await part("catalog", readCatalog) };
  await part("logs", (path, problems) => checkLogs(path, context, problems));
  await part("metrics", (path, problems) => checkMetrics(path, context, problems));
  await part("history", (path, problems) => checkHistory(path, context, problems));
  const upstream: Upstream | undefined =
    (await inRepositories(root, context, found)) ?? (await part("repository", checkRepository));
  await part("deployments", (path, problems) => checkDeployments(path, context, upstream, problems));
  await inFile("expected.yaml", (path, problems) => checkExpected(path, context, upstream, problems));
  if (existsSync(join(root, RECORDING_PARTS.runbooks))) {
    found.push(...(await checkRunbooks(join(root, RECORDING_PARTS.runbooks), root)));
  }
  return found;
}

/** Several repositories in place of one; undefined when the recording has no such folder. */
async function inRepositories(
  root: string,
  context: CheckContext,
  found: RecordingProblem[],
): Promise<Upstream | undefined> {
  const folder = join(root, RECORDING_PARTS.repositories);
  if (!existsSync(folder)) return undefined;
  const { upstream, problems } = await checkRepositories(folder, context.catalog);
  found.push(...problems);
  if (existsSync(join(root, RECORDING_PARTS.repository))) {
    const message = `stands beside ${RECORDING_PARTS.repositories}/, which is read in its place; keep one of the two`;
    found.push({ severity: "error", file: RECORDING_PARTS.repository, message });
  }
  return upstream;
}

async function readAsOf(path: string, problems: FileProblems): Promise<number | undefined> {
  try {
    const incident = incidentFromPayload(JSON.parse(await readFile(path, "utf8")));
    return Date.parse(incident.started_at) + AS_OF_AFTER_ALERT_MS;
  } catch (error) {
    if (!(error instanceof AlertError) && !(error instanceof SyntaxError)) throw error;
    problems.error(error instanceof SyntaxError ? `is not JSON (${error.message})` : error.message);
    return undefined;
  }
}

async function readCatalog(path: string, problems: FileProblems): Promise<Catalog | undefined> {
  try {
    const catalog = await parseCatalog(await readFile(path, "utf8"), RECORDING_PARTS.catalog);
    for (const { message } of catalog.problems) problems.warning(message);
    if (catalog.names.length === 0) problems.error("names no service; it must hold at least one Component");
    return catalog;
  } catch (error) {
    if (!(error instanceof CatalogError)) throw error;
    problems.error(error.message);
    return undefined;
  }
}
