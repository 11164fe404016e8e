import { briefly, CouldNotLook } from "@oncall-copilot/core";
import type { Client } from "@opensearch-project/opensearch";
import { z } from "zod";
import { asked } from "./carried-client.ts";
import { FieldMappings } from "./mapping.ts";

const Hit = z.object({
  _index: z.string(),
  _id: z.string(),
  _source: z.record(z.string(), z.unknown()).optional(),
  fields: z.record(z.string(), z.array(z.unknown())).optional(),
  sort: z.array(z.union([z.number(), z.string(), z.null()])).optional(),
});
export type Hit = z.output<typeof Hit>;

/** The hits of a search or of a `top_hits` aggregation. */
export const Hits = z.object({
  total: z.object({ value: z.number(), relation: z.string() }).optional(),
  hits: z.array(Hit),
});

const Shards = z.object({
  total: z.number(),
  failed: z.number(),
  failures: z.array(z.looseObject({ reason: z.looseObject({ reason: z.string().nullish() }).optional() })).optional(),
});

const SearchAnswer = z.object({
  timed_out: z.boolean(),
  _shards: Shards,
  hits: Hits,
  aggregations: z.record(z.string(), z.unknown()).optional(),
  pit_id: z.string().optional(),
});
export type SearchAnswer = z.output<typeof SearchAnswer>;

const SearchError = z.object({
  status: z.number(),
  error: z.looseObject({
    type: z.string(),
    reason: z.string().nullish(),
    root_cause: z.array(z.looseObject({ reason: z.string().nullish() })).optional(),
  }),
});
const Searches = z.object({ responses: z.array(z.union([SearchError, SearchAnswer])) });
const Pit = z.object({ pit_id: z.string() });

/** The body of one search. */
export type SearchBody = Readonly<Record<string, unknown>>;

/** How one call asks one index pattern. */
export interface Searcher {
  readonly index: string;
  /** Several searches in one request. */
  all(searches: readonly SearchBody[]): Promise<readonly SearchAnswer[]>;
  one(search: SearchBody): Promise<SearchAnswer>;
  mapping(fields: readonly string[]): Promise<z.output<typeof FieldMappings>>;
  /** Holds the index still for a minute at a time; undefined where that cannot be done. */
  openPit(): Promise<string | undefined>;
  closePit(id: string): Promise<void>;
  /** What was missing from answers so far, in words. */
  gaps(): readonly string[];
}

const TOLERANT = { ignore_unavailable: true, allow_no_indices: true } as const;

export function searcher(client: Client, name: string, index: string, abort: AbortSignal): Searcher {
  const gaps = new Set<string>();
  const complete = (answer: SearchAnswer): SearchAnswer => {
    const { failed, total, failures } = answer._shards;
    const why = failures?.[0]?.reason?.reason;
    if (failed > 0) {
      gaps.add(
        `${failed} of ${total} shards of ${index} did not answer${why ? ` (${why.slice(0, 120)})` : ""}: counts are too low`,
      );
    }
    if (answer.timed_out) gaps.add(`${name} gave up before it had seen all of ${index}: counts are too low`);
    return answer;
  };
  return {
    index,
    gaps: () => [...gaps],
    async all(searches) {
      const body = searches.flatMap((search) => [{ index, ...TOLERANT }, search]);
      const answered = parsed(Searches, await asked(name, client.msearch({ body }), abort), name);
      if (answered.responses.length !== searches.length) throw otherShape(name, "responses");
      return answered.responses.map((one) => {
        if ("error" in one) throw refusedSearch(name, one);
        return complete(one);
      });
    },
    async one(search) {
      const at = "pit" in search ? {} : { index, ...TOLERANT };
      const answered = await asked(name, client.search({ ...at, body: search }), abort);
      return complete(parsed(SearchAnswer, answered, name));
    },
    async mapping(fields) {
      const request = client.indices.getFieldMapping({ index, fields: [...fields], ...TOLERANT });
      return parsed(FieldMappings, await asked(name, request, abort), name);
    },
    async openPit() {
      try {
        const request = client.createPit({ index: [index], keep_alive: "1m", allow_partial_pit_creation: true });
        return parsed(Pit, await asked(name, request, abort), name).pit_id;
      } catch (error) {
        // Elasticsearch has another path for it, and a role may lack it: pages are then read without.
        if (
          error instanceof CouldNotLook &&
          !abort.aborted &&
          (error.reason === "bad_response" || error.reason === "forbidden")
        )
          return undefined;
        throw error;
      }
    },
    async closePit(id) {
      // It ends by itself after a minute.
      await asked(name, client.deletePit({ body: { pit_id: [id] } }), abort).catch(() => {});
    },
  };
}

function parsed<S extends z.ZodType>(schema: S, answer: unknown, name: string): z.output<S> {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  throw otherShape(name, read.error.issues[0]?.path.join(".") ?? "");
}

export function otherShape(name: string, where: string): CouldNotLook {
  const cure = "check that ONCALL_LOGS_OPENSEARCH_URL is an OpenSearch 2 or 3";
  const what = `answered in another shape than OpenSearch${where === "" ? "" : `: ${where}`}`;
  return new CouldNotLook("bad_response", `${name} ${what}`, { cure });
}

/** A search inside a request of several that failed alone. */
function refusedSearch(name: string, { status, error }: z.output<typeof SearchError>): CouldNotLook {
  const why = error.root_cause?.[0]?.reason ?? error.reason ?? error.type;
  return refusedFor(name, status, error.type, why);
}

/** What OpenSearch's own words for a refusal mean. */
export function refusedFor(name: string, status: number, type: string, why: string): CouldNotLook {
  const said = `${status}, ${type}: ${briefly(why, 200)}`;
  if (status === 403) {
    const cure = "give it the role in the server's README";
    return new CouldNotLook("forbidden", `${name} does not let this credential read (${said})`, {
      cure,
      status,
    });
  }
  if (status === 429 || type === "circuit_breaking_exception" || type === "rejected_execution_exception") {
    const cure = "wait a minute, then ask again or for a shorter window";
    return new CouldNotLook("rate_limited", `${name} has too much to do (${said})`, {
      cure,
      status,
    });
  }
  const cure =
    status >= 500
      ? "its own log says why"
      : type === "index_not_found_exception"
        ? "check ONCALL_LOGS_OPENSEARCH_INDEX"
        : "check the field variables ONCALL_LOGS_OPENSEARCH_*_FIELD";
  return new CouldNotLook("bad_response", `${name} failed a search (${said})`, { cure, status });
}
