import { BLANKS } from "../../store.ts";
import type { HistoryColumn } from "../columns.ts";
import { DAY_MS, HOUR_MS, MAX_KINDS, MIN_LIKENESS, SLOTS, WEIGHT } from "../likeness.ts";
import type { Identifier } from "../warehouse/identifier.ts";
import type { HistoryTable } from "../warehouse/table.ts";

/** A name in double quotes; one that was written without them is in capitals, as Snowflake keeps it. */
export const quoted = ({ name, quoted: asItStands }: Identifier): string =>
  `"${(asItStands ? name : name.toUpperCase()).replaceAll('"', '""')}"`;

/** A text that stands in the statement; a backslash escapes in Snowflake's. */
export const literal = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;

/**
 * One column as text, whatever its type, or null where the table has none. The session's formats make text of every kind of
 * timestamp that reads back as the same instant.
 */
function text({ columns }: HistoryTable, column: HistoryColumn): string {
  const name = columns[column];
  return `CAST(${name === null ? "NULL" : quoted(name)} AS VARCHAR) AS ${column}`;
}

/** Epoch milliseconds, null where the text is no instant. From here on all of time is plain arithmetic. */
const instant = (column: HistoryColumn) => `DATE_PART(EPOCH_MILLISECOND, TRY_CAST(${column} AS TIMESTAMP_TZ))`;

/** A text with its commits, versions and numbers blanked. */
const blanked = (column: HistoryColumn): string =>
  BLANKS.reduce<string>(
    (inner, [pattern, standIn]) => `REGEXP_REPLACE(${inner}, ${literal(pattern)}, ${literal(standIn)})`,
    column,
  );

/** Whole periods since 1970, UTC. */
const periods = (at: string, ms: number) => `FLOOR(CAST(${at} AS FLOAT) / ${ms})`;
/** Keeps a difference of hours above zero, where a remainder is what it is in arithmetic. */
const CENTURY_DAYS = 36_500;
const weight = (value: number) => `CAST(${value} AS FLOAT)`;
const each = (part: (slot: number) => string, between: string) => SLOTS.map(part).join(between);
const count = (condition: string) => `COUNT(CASE WHEN ${condition} THEN 1 END)`;
const quantile = (share: number, of: string) =>
  `CAST(PERCENTILE_CONT(${share}) WITHIN GROUP (ORDER BY ${of}) AS FLOAT)`;
const json = (names: readonly string[]) =>
  `TO_JSON(OBJECT_CONSTRUCT_KEEP_NULL(${names.map((name) => `'${name}', ${name}`).join(", ")}))`;

/**
 * All that a question takes, in one statement: each trip to a warehouse costs a second, and a role that may only read has no
 * temporary tables. It stands on what likeness.ts says. What became known only after `:now` is null, and counts for nothing.
 */
export const pastSql = (history: HistoryTable): string => `
WITH source AS (
  SELECT
    ${text(history, "id")},
    ${text(history, "fingerprint")},
    ${text(history, "alert")},
    ${text(history, "service")},
    ${text(history, "severity")},
    ${text(history, "summary")},
    ${text(history, "started_at")},
    ${text(history, "resolved_at")},
    ${text(history, "root_cause")},
    ${text(history, "fix")},
    ${text(history, "fix_worked")},
    ${text(history, "pr_url")}
  FROM ${history.table.map(quoted).join(".")}
),
timed AS (
  SELECT source.*, ${instant("started_at")} AS started, ${instant("resolved_at")} AS ended FROM source
),
judged AS (
  SELECT
    timed.*,
    COALESCE(
      ended < started
        OR (ended IS NULL AND TRIM(resolved_at) <> '')
        OR (TRIM(resolved_at) = '' AND COALESCE(NULLIF(TRIM(root_cause), ''), NULLIF(TRIM(fix), '')) IS NOT NULL),
      FALSE) AS end_unreadable
  FROM timed
),
copies AS (
  SELECT
    judged.*,
    ROW_NUMBER() OVER (
      PARTITION BY id, CASE WHEN id IS NULL OR started IS NULL THEN 1 ELSE 0 END
      ORDER BY
        CASE WHEN root_cause IS NULL THEN 0 ELSE 1 END + CASE WHEN fix IS NULL THEN 0 ELSE 1 END
          + CASE WHEN end_unreadable THEN 0 ELSE 1 END DESC,
        started
    ) AS copy
  FROM judged
),
incidents AS (
  SELECT
    id,
    LOWER(fingerprint) AS print,
    COALESCE(alert, '') AS alert,
    COALESCE(service, '') AS service,
    severity,
    COALESCE(summary, '') AS summary,
    started,
    CASE WHEN end_unreadable THEN started ELSE ended END AS resolved,
    end_unreadable,
    copy > 1 AND id IS NOT NULL AND started IS NOT NULL AS repeated,
    NULLIF(TRIM(root_cause), '') AS root_cause,
    NULLIF(TRIM(fix), '') AS fix,
    TRY_CAST(fix_worked AS BOOLEAN) AS fix_worked,
    NULLIF(TRIM(pr_url), '') AS pr_url
  FROM copies
),
extent AS (
  SELECT
    ${count("started < :now AND id IS NOT NULL AND NOT repeated")} AS searched,
    ${count("started IS NULL OR id IS NULL")} AS unreadable,
    ${count("started < :now AND repeated")} AS repeated,
    ${count("started < :now AND end_unreadable AND NOT repeated")} AS ends_unreadable
  FROM incidents
),
seen AS (
  SELECT
    id, print, alert, service, severity, summary, started,
    CASE WHEN resolved <= :now THEN resolved END AS resolved,
    end_unreadable,
    CASE WHEN resolved <= :now THEN root_cause END AS root_cause,
    CASE WHEN resolved <= :now THEN fix END AS fix,
    CASE WHEN resolved <= :now THEN fix_worked END AS fix_worked,
    CASE WHEN resolved <= :now THEN pr_url END AS pr_url
  FROM incidents
  WHERE started < :now AND id IS NOT NULL AND NOT repeated
),
keyed AS (
  SELECT
    *,
    COALESCE(LOWER(alert) = :alert, FALSE) AS same_alert,
    LOWER(service) = :service AS same_service,
    LOWER(CONCAT(summary, ' ', COALESCE(root_cause, ''))) AS words
  FROM seen
),
scanned AS (
  SELECT
    *,
    COALESCE(print = :fingerprint, FALSE) OR (NOT :exact AND same_alert AND same_service) AS same,
    ${each((i) => `CASE WHEN CONTAINS(words, :w${i}) THEN 1 ELSE 0 END AS h${i}`, ",\n    ")}
  FROM keyed
),
rarity AS (
  SELECT
    ${each((i) => `CASE WHEN :w${i} IS NULL THEN 0 ELSE LN(1 + (COUNT(*) - SUM(h${i}) + 0.5) / CAST(SUM(h${i}) + 0.5 AS FLOAT)) END AS r${i}`, ",\n    ")}
  FROM scanned
),
weighed AS (
  SELECT
    scanned.*,
    COALESCE((${each((i) => `h${i} * r${i}`, " + ")}) / NULLIF(${each((i) => `r${i}`, " + ")}, 0), 0) AS share
  FROM scanned CROSS JOIN rarity
),
scored AS (
  SELECT
    *,
    CASE WHEN same THEN ${weight(1)} ELSE (
      CASE WHEN same_alert THEN ${weight(WEIGHT.alert)} ELSE 0 END
      + CASE WHEN same_service THEN ${weight(WEIGHT.service)} ELSE 0 END
      + ${weight(WEIGHT.words)} * share
    ) / (
      CASE WHEN :alert IS NULL THEN 0 ELSE ${weight(WEIGHT.alert)} END
      + ${weight(WEIGHT.service)}
      + CASE WHEN :w0 IS NULL THEN 0 ELSE ${weight(WEIGHT.words)} END
    ) END AS likeness
  FROM weighed
),
matched AS (
  SELECT
    id, same, share, likeness, alert, service, severity, summary, started, resolved, end_unreadable,
    root_cause, fix, fix_worked, pr_url,
    CASE WHEN NOT end_unreadable THEN CAST(resolved - started AS FLOAT) / 1000 END AS seconds
  FROM scored
  WHERE same OR likeness >= ${weight(MIN_LIKENESS)}
),
matches AS (
  SELECT ${count("same")} AS fingerprint, ${count("NOT same")} AS alike FROM matched
),
known AS (
  SELECT matched.* FROM matched CROSS JOIN matches WHERE same = (matches.fingerprint > 0)
),
totals AS (
  SELECT
    COUNT(*) AS count,
    ${count("resolved IS NULL")} AS open,
    ${count(`started >= :now - ${90 * DAY_MS}`)} AS last_90_days,
    ${count(`started >= :now - ${365 * DAY_MS}`)} AS last_365_days,
    MIN(started) AS first_at,
    MAX(started) AS last_at,
    ${quantile(0.5, "seconds")} AS median_seconds,
    ${quantile(0.25, "seconds")} AS p25_seconds,
    ${quantile(0.75, "seconds")} AS p75_seconds,
    ${count(`MOD(${periods("started", DAY_MS)}, 7) = MOD(${periods(":now", DAY_MS)}, 7)`)} AS same_weekday,
    ${count(`MOD(${periods("started", HOUR_MS)} - ${periods(":now", HOUR_MS)} + ${24 * CENTURY_DAYS} + 1, 24) <= 2`)} AS same_hour,
    ${count("root_cause IS NOT NULL")} AS with_cause
  FROM known
),
causes AS (
  SELECT
    MAX_BY(root_cause, started) AS root_cause,
    COUNT(*) AS count,
    ROW_NUMBER() OVER (ORDER BY COUNT(*) DESC, MAX(started) DESC) AS n
  FROM (SELECT ${blanked("root_cause")} AS kind, root_cause, started FROM known WHERE root_cause IS NOT NULL) AS kinds
  GROUP BY LOWER(kind)
),
fixes AS (
  SELECT
    MAX_BY(fix, started) AS fix,
    ${count("fix_worked")} AS worked,
    ${count("NOT fix_worked")} AS failed,
    ${count("fix_worked IS NULL")} AS unknown,
    ${quantile(0.5, "CASE WHEN fix_worked THEN seconds END")} AS median_seconds,
    COUNT(*) OVER () AS kinds,
    ROW_NUMBER() OVER (
      ORDER BY ${count("fix_worked")} DESC, ${count("NOT fix_worked")} DESC, COUNT(*) DESC, MAX(started) DESC
    ) AS n
  FROM (SELECT ${blanked("fix")} AS kind, fix, started, seconds, fix_worked FROM known WHERE fix IS NOT NULL) AS kinds
  GROUP BY LOWER(kind)
),
nearest AS (
  SELECT
    id, same, share, likeness, alert, service, severity, summary, started, end_unreadable,
    CASE WHEN NOT end_unreadable THEN resolved END AS resolved,
    root_cause, fix, fix_worked, pr_url,
    ROW_NUMBER() OVER (
      ORDER BY CASE WHEN same THEN 0 ELSE 1 END, ROUND(CASE WHEN same THEN share ELSE likeness END, 1) DESC, started DESC, id
    ) AS n
  FROM matched
)
SELECT 'extent' AS part, 0 AS n, ${json(["searched", "unreadable", "repeated", "ends_unreadable", "fingerprint", "alike"])} AS body
FROM extent CROSS JOIN matches
UNION ALL
SELECT 'totals', 0, ${json(["count", "open", "last_90_days", "last_365_days", "first_at", "last_at", "median_seconds", "p25_seconds", "p75_seconds", "same_weekday", "same_hour", "with_cause"])}
FROM totals WHERE count > 0
UNION ALL
SELECT 'cause', n, ${json(["root_cause", "count"])} FROM causes WHERE n <= ${MAX_KINDS}
UNION ALL
SELECT 'fix', n, ${json(["fix", "worked", "failed", "unknown", "median_seconds", "kinds"])} FROM fixes WHERE n <= ${MAX_KINDS}
UNION ALL
SELECT 'incident', n, ${json(["id", "same", "likeness", "alert", "service", "severity", "summary", "started", "resolved", "end_unreadable", "root_cause", "fix", "fix_worked", "pr_url"])}
FROM nearest WHERE n <= :most`;
