import { CouldNotLook, formatDuration } from "@oncall-copilot/core";
import type { ExamineOptions, Finding } from "@oncall-copilot/core/server";
import type { OpenSearchParts } from "../opensearch.ts";
import { clientFor } from "./carried-client.ts";
import { during, oneOf } from "./clauses.ts";
import { valueAt } from "./documents.ts";
import { fieldsToMap, type Mapping, readMapping } from "./mapping.ts";
import { namesInLogs } from "./names.ts";
import { examinePrivilege } from "./privilege.ts";
import { type Searcher, searcher } from "./search.ts";

/** A log that is this old is no log of now. */
const OLD_MS = 60 * 60_000;
/** Most services that are looked for at once. */
const MAX_SERVICES = 500;

type Told = Omit<Finding, "backend">;

/** The check-up: reachable, authenticated, a service's newest line, and what the credential could do beyond reading. */
export async function examineOpenSearch(
  parts: OpenSearchParts,
  { signal, service }: ExamineOptions,
): Promise<readonly Finding[]> {
  const { name, index, fields } = parts;
  const found: Told[] = [];
  const findings = () => found.map((told) => ({ backend: name, ...told }));
  const client = await clientFor(parts, signal);
  const search = searcher(client, name, index, signal);
  let mapping: Mapping;
  let indices: readonly string[];
  try {
    const answer = await search.mapping(fieldsToMap(fields));
    found.push({ check: "reachable", status: "ok", message: "answers" });
    found.push({ check: "authenticated", status: "ok", message: "lets the credential in" });
    if (Object.keys(answer).length === 0) {
      const cure = "check ONCALL_LOGS_OPENSEARCH_INDEX, and that the role may read it";
      found.push({
        check: "data",
        status: "failure",
        message: `has no index ${index}, or none that may be read`,
        cure,
      });
      return findings();
    }
    indices = Object.keys(answer);
    mapping = readMapping(answer, fields, name, index);
    found.push(await newestLine(parts, search, mapping, service));
  } catch (error) {
    if (signal.aborted || !(error instanceof CouldNotLook)) throw error;
    found.push(...failed(error, found));
    return findings();
  }
  if (mapping.level === undefined) {
    const cure = "set ONCALL_LOGS_OPENSEARCH_LEVEL_FIELD to a keyword or number";
    const message = `no index of ${index} has a field ${fields.level} that can be counted by: every line counts as info`;
    found.push({ check: "data", status: "warning", message, cure });
  }
  found.push(await examinePrivilege(client, parts, indices, signal));
  return findings();
}

/** The check that an error is the end of. */
function failed(error: CouldNotLook, before: readonly Told[]): Told[] {
  const told = {
    status: "failure",
    message: error.problem,
    ...(error.tryNext[0] ? { cure: error.tryNext[0] } : {}),
  } as const;
  if (before.length > 0) return [{ check: "data", ...told }];
  const reachable = { check: "reachable", status: "ok", message: "answers" } as const;
  if (error.status === 401) return [reachable, { check: "authenticated", ...told }];
  if (error.reason !== "forbidden") return [{ check: "reachable", ...told }];
  // Signing failed before anything was asked.
  if (error.status !== 403) return [{ check: "authenticated", ...told }];
  const authenticated = { check: "authenticated", status: "ok", message: "knows the credential" } as const;
  return [reachable, authenticated, { check: "data", ...told }];
}

/** How old the newest line is: of the service that is named, else of whichever of the catalog wrote last. */
async function newestLine(
  { fields, catalog, now, index }: OpenSearchParts,
  search: Searcher,
  mapping: Mapping,
  service: string | undefined,
): Promise<Told> {
  const services = service === undefined ? catalog.names : [catalog.get(service).name];
  const owners = new Map(
    services.slice(0, MAX_SERVICES).flatMap((one) => namesInLogs(catalog, one).map((called) => [called, one])),
  );
  const at = now();
  const { hits } = await search.one({
    ...{ size: 1, track_total_hits: false, _source: [fields.service], sort: [{ [mapping.time]: "desc" }] },
    docvalue_fields: [{ field: fields.time, format: "epoch_millis" }],
    query: { bool: { filter: [oneOf(mapping.service, [...owners.keys()]), during(mapping.time, { to: at + 1 })] } },
  });
  const [hit] = hits.hits;
  const newest = Math.floor(Number(hit?.fields?.[fields.time]?.[0]));
  if (hit === undefined || Number.isNaN(newest)) {
    const who = service === undefined ? `any of the ${owners.size} services of the catalog` : services[0];
    const cure = "check ONCALL_LOGS_OPENSEARCH_SERVICE_FIELD, or give the service the annotation oncall/logs-service";
    return { check: "data", status: "failure", message: `${index} has no log line of ${who}`, cure };
  }
  const called = String(valueAt(hit._source, fields.service) ?? "");
  const owner = service ?? owners.get(called) ?? called;
  const message = `${owner}'s newest log line is ${formatDuration(at - newest)} old`;
  if (at - newest < OLD_MS) return { check: "data", status: "ok", message };
  return { check: "data", status: "warning", message, cure: "see whether its log still reaches OpenSearch" };
}
