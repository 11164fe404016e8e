import { BLANKS } from "../store.ts";
import { FILE_COLUMNS, type FileColumn } from "./columns.ts";
import { MIN_LIKENESS, SLOTS as slots, WEIGHT } from "./likeness.ts";

const columnTypes = FILE_COLUMNS.map((name) => `${name}: 'VARCHAR'`).join(", ");

/** Where the rows come from, by kind of file. `$file` is its path; a database is attached as `history` beforehand. */
export const SOURCES = {
  ndjson: `read_json($file, format = 'newline_delimited', columns = {${columnTypes}})`,
  parquet: "read_parquet($file)",
  duckdb: "history.incidents",
} as const;
export type SourceKind = keyof typeof SOURCES;

/** By way of a type that knows zones: a cast to TIMESTAMP alone leaves an offset out without a word. The session's zone is UTC. */
const instant = (column: string) => `CAST(TRY_CAST(CAST(${column} AS VARCHAR) AS TIMESTAMPTZ) AS TIMESTAMP)`;

/** Which columns a source has, without reading it: `column_name` of each. */
export const columnsSql = (kind: SourceKind): string => `DESCRIBE SELECT * FROM ${SOURCES[kind]}`;

/**
 * Loads a source into the table every question reads. Instants become UTC timestamps, whatever their offset. The keys
 * are lower-case copies, so that a question compares them as they are. A column that is not there is null.
 *
 * An id that several rows have, one for each responder say, is one incident: the row that tells most of it. An end that cannot be
 * read, or lies before the start, is not known, and still an end: the incident is closed, and how long it took is not told.
 */
export const loadSql = (kind: SourceKind, has: ReadonlySet<string>): string => {
  const text = (column: FileColumn) => (has.has(column) ? `CAST(${column} AS VARCHAR)` : "CAST(NULL AS VARCHAR)");
  return `
CREATE TABLE incidents AS
WITH source AS (
  SELECT ${FILE_COLUMNS.map((column) => `${text(column)} AS ${column}`).join(", ")} FROM ${SOURCES[kind]}
),
timed AS (
  SELECT *, ${instant("started_at")} AS started, ${instant("resolved_at")} AS ended FROM source
),
judged AS (
  SELECT *, coalesce(
    ended < started
      OR (ended IS NULL AND trim(resolved_at) <> '')
      OR (trim(resolved_at) = '' AND coalesce(nullif(trim(root_cause), ''), nullif(trim(fix), '')) IS NOT NULL),
    false) AS end_unreadable
  FROM timed
),
ranked AS (
  SELECT *,
    row_number() OVER (
      PARTITION BY id, id IS NULL OR started IS NULL
      ORDER BY (root_cause IS NOT NULL)::INT + (fix IS NOT NULL)::INT + (NOT end_unreadable)::INT DESC, started
    ) AS copy
  FROM judged
)
SELECT
  id,
  lower(fingerprint) AS fingerprint,
  coalesce(alert, '') AS alert,
  coalesce(service, '') AS service,
  lower(coalesce(alert, '')) AS alert_key,
  lower(coalesce(service, '')) AS service_key,
  severity,
  coalesce(summary, '') AS summary,
  started,
  CASE WHEN end_unreadable THEN started ELSE ended END AS resolved,
  end_unreadable,
  nullif(trim(root_cause), '') AS root_cause,
  nullif(trim(fix), '') AS fix,
  TRY_CAST(fix_worked AS BOOLEAN) AS fix_worked,
  nullif(trim(pr_url), '') AS pr_url,
  nullif(trim(proposal), '') AS proposal,
  lower(concat_ws(' ', summary, root_cause)) AS words,
  copy > 1 AND id IS NOT NULL AND started IS NOT NULL AS repeated
FROM ranked`;
};

/** How many rows there are before `$now`, and how many have no readable start or no id. */
export const EXTENT_SQL = `
SELECT
  CAST(count(*) FILTER (started < make_timestamp_ms($now) AND id IS NOT NULL AND NOT repeated) AS DOUBLE) AS searched,
  CAST(count(*) FILTER (started IS NULL OR id IS NULL) AS DOUBLE) AS unreadable,
  CAST(count(*) FILTER (started < make_timestamp_ms($now) AND repeated) AS DOUBLE) AS repeated,
  CAST(count(*) FILTER (started < make_timestamp_ms($now) AND end_unreadable AND NOT repeated) AS DOUBLE) AS ends_unreadable
FROM incidents`;

/**
 * Which incidents match, by row, with their likeness (likeness.ts). The cause of an incident that was unresolved at `$now` was
 * not known then and is not looked at.
 */
export const MATCH_SQL = `
CREATE TEMP TABLE matched AS
WITH scanned AS MATERIALIZED (
  SELECT
    rowid AS row,
    started,
    (fingerprint = $fingerprint) IS TRUE
      OR (NOT $exact AND alert_key = $alert AND service_key = $service) IS TRUE AS same,
    (alert_key = $alert) IS TRUE AS same_alert,
    service_key = $service AS same_service,
    ${slots.map((i) => `CASE WHEN contains(CASE WHEN resolved <= make_timestamp_ms($now) THEN words ELSE lower(summary) END, CAST($w${i} AS VARCHAR)) THEN ${2 ** i} ELSE 0 END`).join("\n    + ")} AS hits
  FROM incidents
  WHERE started < make_timestamp_ms($now) AND id IS NOT NULL AND NOT repeated
),
rarity AS (
  SELECT
    ${slots.map((i) => `CASE WHEN $w${i} IS NULL THEN 0 ELSE ln(1 + (count(*) - count(*) FILTER (hits & ${2 ** i} > 0) + 0.5) / (count(*) FILTER (hits & ${2 ** i} > 0) + 0.5)) END AS r${i}`).join(",\n    ")}
  FROM scanned
),
weighed AS (
  SELECT row, started, same, same_alert, same_service,
    (${slots.map((i) => `CASE WHEN hits & ${2 ** i} > 0 THEN r${i} ELSE 0 END`).join(" + ")})
      / nullif(${slots.map((i) => `r${i}`).join(" + ")}, 0) AS share
  FROM scanned, rarity
),
scored AS (
  SELECT row, started, same, coalesce(share, 0) AS share,
    CASE WHEN same THEN 1 ELSE (
      CASE WHEN same_alert THEN ${WEIGHT.alert} ELSE 0 END
      + CASE WHEN same_service THEN ${WEIGHT.service} ELSE 0 END
      + ${WEIGHT.words} * coalesce(share, 0)
    ) / (
      CASE WHEN $alert IS NULL THEN 0 ELSE ${WEIGHT.alert} END + ${WEIGHT.service}
      + CASE WHEN $w0 IS NULL THEN 0 ELSE ${WEIGHT.words} END
    ) END AS likeness
  FROM weighed
)
SELECT row, started, same, share, likeness FROM scored WHERE same OR likeness >= ${MIN_LIKENESS}`;

export const COUNT_SQL = `
SELECT CAST(count(*) FILTER (same) AS DOUBLE) AS fingerprint, CAST(count(*) FILTER (NOT same) AS DOUBLE) AS alike FROM matched`;

/** A text with its commits, versions and numbers blanked. */
const blanked = (column: string) =>
  BLANKS.reduce((text, [pattern, standIn]) => `regexp_replace(${text}, '${pattern}', '${standIn}', 'g')`, column);

/**
 * The matched incidents of one kind as they stood at `$now`: what became known only later is null. Materialized, so that
 * no work on their texts is moved to before the join, where it would be done for every incident there is.
 */
const known = `known AS MATERIALIZED (
  SELECT
    i.started,
    CASE WHEN i.resolved <= make_timestamp_ms($now) AND NOT i.end_unreadable THEN epoch(i.resolved) - epoch(i.started) END AS seconds,
    i.resolved <= make_timestamp_ms($now) AS closed,
    i.root_cause,
    i.fix,
    i.fix_worked
  FROM matched m JOIN incidents i ON i.rowid = m.row
  WHERE m.same = $same
)`;

/** How often and how long. Quantiles interpolate linearly. Hours are UTC, and the day is round: 23 is next to 0. */
export const TOTALS_SQL = `
WITH ${known}
SELECT
  CAST(count(*) AS DOUBLE) AS count,
  CAST(count(*) FILTER (closed IS NOT TRUE) AS DOUBLE) AS open,
  CAST(count(*) FILTER (started >= make_timestamp_ms($now) - INTERVAL 90 DAY) AS DOUBLE) AS last_90_days,
  CAST(count(*) FILTER (started >= make_timestamp_ms($now) - INTERVAL 365 DAY) AS DOUBLE) AS last_365_days,
  CAST(epoch_ms(min(started)) AS DOUBLE) AS first_at,
  CAST(epoch_ms(max(started)) AS DOUBLE) AS last_at,
  quantile_cont(seconds, 0.5) AS median_seconds,
  quantile_cont(seconds, 0.25) AS p25_seconds,
  quantile_cont(seconds, 0.75) AS p75_seconds,
  CAST(count(*) FILTER (dayofweek(started) = dayofweek(make_timestamp_ms($now))) AS DOUBLE) AS same_weekday,
  CAST(count(*) FILTER ((hour(started) - hour(make_timestamp_ms($now)) + 25) % 24 <= 2) AS DOUBLE) AS same_hour,
  CAST(count(*) FILTER (closed AND root_cause IS NOT NULL) AS DOUBLE) AS with_cause
FROM known`;

export const CAUSES_SQL = `
WITH ${known},
kinds AS (SELECT ${blanked("root_cause")} AS kind, root_cause, started FROM known WHERE closed AND root_cause IS NOT NULL)
SELECT arg_max(root_cause, started) AS root_cause, CAST(count(*) AS DOUBLE) AS count
FROM kinds GROUP BY lower(kind) ORDER BY count DESC, max(started) DESC LIMIT $most`;

/** The fixes that worked most often, and in each row how many kinds of fix there are in all. */
export const FIXES_SQL = `
WITH ${known},
kinds AS (SELECT ${blanked("fix")} AS kind, fix, started, seconds, fix_worked FROM known WHERE closed AND fix IS NOT NULL)
SELECT
  arg_max(fix, started) AS fix,
  CAST(count(*) FILTER (fix_worked) AS DOUBLE) AS worked,
  CAST(count(*) FILTER (NOT fix_worked) AS DOUBLE) AS failed,
  CAST(count(*) FILTER (fix_worked IS NULL) AS DOUBLE) AS unknown,
  quantile_cont(seconds, 0.5) FILTER (fix_worked) AS median_seconds,
  CAST(count(*) OVER () AS DOUBLE) AS kinds
FROM kinds GROUP BY lower(kind) ORDER BY worked DESC, failed DESC, unknown DESC, max(started) DESC LIMIT $most`;

/** Same fingerprint first; within a kind the most alike by likeness or by words, in tenths, then the most recent, then by id. */
const order = (m: string) =>
  `${m}same DESC, round(CASE WHEN ${m}same THEN ${m}share ELSE ${m}likeness END, 1) DESC, ${m}started DESC, ${m}id, ${m}row`;

export const ROWS_SQL = `
SELECT
  i.id, m.same, m.likeness, i.alert, i.service, i.severity, i.summary,
  CAST(epoch_ms(i.started) AS DOUBLE) AS started,
  CASE WHEN closed AND NOT i.end_unreadable THEN CAST(epoch_ms(i.resolved) AS DOUBLE) END AS resolved,
  i.end_unreadable,
  CASE WHEN closed THEN i.root_cause END AS root_cause,
  CASE WHEN closed THEN i.fix END AS fix,
  CASE WHEN closed THEN i.fix_worked END AS fix_worked,
  CASE WHEN closed THEN i.pr_url END AS pr_url,
  CASE WHEN closed THEN i.proposal END AS proposal
FROM (SELECT a.*, b.id FROM matched a JOIN incidents b ON b.rowid = a.row ORDER BY ${order("")} LIMIT $most) m
JOIN (SELECT rowid AS row, *, (resolved <= make_timestamp_ms($now)) IS TRUE AS closed FROM incidents) i ON i.row = m.row
ORDER BY ${order("m.")}`;
