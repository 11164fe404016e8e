import { z } from "zod";
import { FAMILIES } from "../report/family.ts";

/**
 * The schemas of what is in a recording's files, one row or page each. Their messages say what would be right; who
 * reports them adds the file, the line, the field and what was found there.
 */
const instant = z.iso.datetime({
  offset: true,
  error: "must be RFC 3339 with a zone, such as 2026-03-01T10:00:00Z",
});
const name = z.string({ error: "must be a name of the catalog" }).min(1, "must be a name of the catalog");
const text = z.string({ error: "must be a string" });
const textOrNull = (error: string) => z.string({ error }).nullable();
const instantOrNull = (error: string) => z.iso.datetime({ offset: true, error }).nullable();

/** Levels that readers tell apart, in any case. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

/** A line of `logs.ndjson.gz`: flat, dotted keys. */
export const LogLine = z
  .object({
    "@timestamp": instant,
    "service.name": name,
    message: text,
    "log.level": text.optional(),
  })
  .catchall(
    z.union([z.string(), z.number(), z.boolean()], {
      error: 'must be a string, a number or a truth value; nested objects become flat keys such as "k8s.pod.name"',
    }),
  );
export type LogLine = z.infer<typeof LogLine>;

/** The header line of `metrics.csv.gz`, and so the order of its columns. */
export const METRICS_HEADER = "timestamp,service,signal,value";

/** A row of `metrics.csv.gz`. The sample is stamped when it was known, at the end of its period. */
export const MetricRow = z.object({
  timestamp: instant,
  service: name,
  signal: text.regex(/^[a-z][a-z0-9_]*$/, "must be snake_case with the unit last, such as latency_p99_seconds"),
  value: text.regex(
    /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/,
    "must be a decimal number; a period without a value has no row",
  ),
});
export type MetricRow = z.infer<typeof MetricRow>;

/** A line of `history.ndjson.gz`: one past incident. Further keys are allowed. */
export const HistoryRow = z.looseObject({
  id: text.min(1, "must be unique and not empty"),
  fingerprint: text,
  alert: text,
  service: name,
  severity: textOrNull("must be a string or null"),
  summary: text,
  started_at: instant,
  resolved_at: instantOrNull("must be RFC 3339 with a zone, or null while the incident is open"),
  root_cause: textOrNull("must be a string, or null where nobody wrote it down"),
  fix: textOrNull("must be a string, or null where nobody wrote it down"),
  fix_worked: z.boolean({ error: "must be true, false, or null when unknown" }).nullable(),
  pr_url: textOrNull("must be a URL or null"),
});
export type HistoryRow = z.infer<typeof HistoryRow>;

/** A line of `deployments.ndjson`: what Argo CD would say. */
export const DeploymentRow = z.looseObject({
  service: name,
  revision: text.regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/, "must be a full commit id in lower-case hex"),
  at: instant,
  by: text.min(1, "must say who or what deployed"),
  /** With several repositories: which one the revision is of, and the images that it rolled out. */
  repository: text.regex(/^[\w.-]+\/[\w.-]+$/, "must be OWNER/NAME").optional(),
  images: z.array(text, { error: "must be a list of images" }).optional(),
});
export type DeploymentRow = z.infer<typeof DeploymentRow>;

/** The front matter of a page in `runbooks/`. */
export const RunbookFrontMatter = z.looseObject({
  title: text.min(1, "must not be empty"),
  labels: z.array(text, { error: "must be a list of services, alerts and topics" }).default([]),
  version: z.union([z.number(), z.string()], { error: "must be a number or a string" }).optional(),
  updated: z.union([z.iso.date(), instant], { error: "must be a date such as 2026-03-01, or RFC 3339" }).optional(),
});
export type RunbookFrontMatter = z.infer<typeof RunbookFrontMatter>;

/** `expected.yaml`: the right answer. Only evals read it. */
export const Expected = z.looseObject({
  root_cause: z
    .looseObject(
      {
        service: name,
        kind: z.enum(["service", "resource"], { error: "must be service or resource" }),
        accept: z.array(text, { error: "must be a list of other names for the same thing" }).default([]),
        detail: text.optional(),
      },
      { error: "must have service and kind, or be null when nothing is broken" },
    )
    .nullable(),
  family: z.enum(FAMILIES, { error: `must be ${FAMILIES.slice(0, -1).join(", ")} or ${FAMILIES.at(-1)}` }),
  injected_at: instantOrNull("must be RFC 3339 with a zone, or null"),
  fix: z
    .looseObject(
      {
        files: z.array(text, { error: "must be a list of paths in the upstream" }),
        culprit_commit: z
          .string({ error: "must be a commit id, or null" })
          .regex(/^[0-9a-f]{7,64}$/, "must be a commit id, or null")
          .nullable()
          .default(null),
        rollout: z
          .looseObject(
            {
              commit: z.string().regex(/^[0-9a-f]{7,64}$/, "must be a commit id"),
              files: z.array(text, { error: "must be a list of paths in the GitOps repository" }),
            },
            { error: "must have commit and files: what carried the culprit out, and may be taken back instead" },
          )
          .optional(),
      },
      { error: "must have files, or be null when nothing in git should change" },
    )
    .nullable(),
  held_out: z.boolean({ error: "must be true or false" }).optional(),
  source: z.union([z.string(), z.looseObject({})], { error: "must say where the case comes from" }),
});
export type Expected = z.infer<typeof Expected>;
