import { briefly, CouldNotLook } from "@oncall-copilot/core";
import type { HttpClient, HttpQuestion, HttpRefusal } from "@oncall-copilot/core/backend";
import { z } from "zod";
import type { Grid } from "./grid.ts";

export type Labels = Readonly<Record<string, string>>;

/** One row of a result, without the values that are no numbers: a quantile of no requests, a division by none. */
export interface Row {
  readonly labels: Labels;
  /** Epoch milliseconds, ascending. */
  readonly times: readonly number[];
  readonly values: readonly number[];
}

export interface Result {
  readonly rows: readonly Row[];
  /** Such as Thanos' that one of its stores did not answer. */
  readonly warnings: readonly string[];
  readonly skewMs: number | undefined;
}

const PATH = "/api/v1/query_range";
/** Longer queries go into a body: proxies in front of Prometheus take request lines of 8 KiB at the most. */
const LONGEST_URL = 4_000;

/** Values are looked at one by one below: there may be a million. */
const Success = z.object({
  status: z.literal("success"),
  data: z.object({
    resultType: z.literal("matrix"),
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), values: z.array(z.unknown()).default([]) })),
  }),
  warnings: z.array(z.string()).default([]),
});
const Failure = z.object({ status: z.literal("error"), errorType: z.string(), error: z.string() });

/** Prometheus' own words are for a person to read, not for pages of them. */
const inShort = (text: string) => briefly(text, 200);

/**
 * Says a refusal in Prometheus' own words, where it gives some: 400 for a query it cannot read, 422 for one it cannot carry out,
 * 503 for one that took too long or was cancelled. https://prometheus.io/docs/prometheus/latest/querying/api/#format-overview
 */
export function explainRefusal(name: string): (refusal: HttpRefusal) => CouldNotLook | undefined {
  return ({ status, body }) => {
    const failure = Failure.safeParse(jsonOrNothing(body)).data;
    if (!failure || status < 400 || status === 401 || status === 403 || status === 429) return undefined;
    const says = `${failure.errorType}: ${inShort(failure.error)}`;
    if (failure.errorType === "timeout" || failure.errorType === "canceled") {
      return new CouldNotLook("timed_out", `${name} gave up on the query (${says}); ask for a shorter window`);
    }
    if (status !== 400 && status !== 422) return undefined;
    return new CouldNotLook(
      "bad_response",
      `${name} refused the query (${status}, ${says}); correct it where it is configured`,
    );
  };
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Evaluates an expression at every instant of the grid. Throws CouldNotLook. */
export async function queryRange(
  http: HttpClient,
  name: string,
  query: string,
  grid: Grid,
  abort: AbortSignal,
): Promise<Result> {
  const parameters = new URLSearchParams({
    query,
    start: String(grid.start),
    end: String(grid.end),
    step: String(grid.step),
  });
  const { json, skewMs } = await http.ask({ ...asked(parameters), abort });
  const parsed = Success.safeParse(json);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join(".") || "the whole answer";
    throw notPrometheus(name, `${where} is not as it should be`);
  }
  const { result } = parsed.data.data;
  return {
    rows: result.map(({ metric, values }) => rowOf(name, metric, values)),
    warnings: parsed.data.warnings,
    skewMs,
  };
}

function asked(parameters: URLSearchParams): Pick<HttpQuestion, "path" | "method" | "query" | "body" | "headers"> {
  const text = parameters.toString();
  if (text.length <= LONGEST_URL) return { path: PATH, query: parameters };
  return { path: PATH, method: "POST", body: text, headers: { "content-type": "application/x-www-form-urlencoded" } };
}

function rowOf(name: string, labels: Readonly<Record<string, string>>, pairs: readonly unknown[]): Row {
  const times: number[] = [];
  const values: number[] = [];
  for (const pair of pairs) {
    const [at, text] = Array.isArray(pair) ? (pair as readonly unknown[]) : [];
    if (typeof at !== "number" || typeof text !== "string")
      throw notPrometheus(name, "a sample is no pair of time and value");
    const value = Number(text); // NaN for NaN, and for +Inf and -Inf, which JavaScript writes differently
    if (!Number.isFinite(value)) continue;
    times.push(Math.round(at * 1000));
    values.push(value);
  }
  return { labels, times, values };
}

function notPrometheus(name: string, what: string): CouldNotLook {
  const cure = "check that ONCALL_METRICS_PROMETHEUS_URL is a Prometheus, Thanos or Mimir API, path prefix included";
  return new CouldNotLook("bad_response", `${name} answered in another shape than Prometheus: ${what}`, {
    cure,
  });
}
