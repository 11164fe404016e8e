import { BLANKS } from "../../store.ts";
import type { HistoryColumn } from "../columns.ts";
import { DAY_MS, HOUR_MS, MAX_KINDS, MIN_LIKENESS, SLOTS, WEIGHT } from "../likeness.ts";
import { type Identifier, readable } from "../warehouse/identifier.ts";
import type { HistoryTable } from "../warehouse/table.ts";

/** Names are case-insensitive in Databricks whether quoted or not: quoting all of them costs nothing and splices nothing. */
export const quote = ({ name }: Identifier): string => `\`${name.replaceAll("`", "``")}\``;

export const quoteTable = (table: readonly Identifier[]): string => table.map(quote).join(".");

const hit = (slot: number) => `hits & ${2 ** slot} > 0`;

/** BM25's inverse document frequency of one word; how many incidents hold it is counted over all before `:now`. */
const rarity = (slot: number) =>
  `CASE WHEN :w${slot} IS NULL THEN 0D ELSE ln(1 + (count_if(searched) - count_if(searched AND ${hit(slot)}) + 0.5D) / (count_if(searched AND ${hit(slot)}) + 0.5D)) END AS r${slot}`;

/** A text with its commits, versions and numbers blanked. Raw literals, since a plain one takes a backslash as an escape. */
const blanked = (column: string) =>
  BLANKS.reduce((text, [pattern, standIn]) => `regexp_replace(${text}, r'${pattern}', '${standIn}')`, column);

/**
 * The one statement of a question, in Databricks SQL (Spark SQL): rows of `part`, `n` and a JSON `body`. What each part tells and
 * why is said in `duckdb-sql.ts`, whose answers these are. Instants become epoch milliseconds at once; the session's zone is UTC,
 * so that a time without one is. Arithmetic is decimal or double where DuckDB's is, so that likeness is the same to the last bit.
 *
 * Spark pastes a named query into each place that names it, and reads the table again for each. So the incidents that match go
 * one way: each is told once for every part that it has a say in, and one grouping makes all the parts. The table is read for how
 * rare each word is, for what matches, and (two columns of it) for how much there is.
 */
export function pastSql({ table, columns }: HistoryTable): string {
  const column = (name: HistoryColumn) => {
    const identifier = columns[name];
    return identifier === null ? "CAST(NULL AS STRING)" : `CAST(${quote(identifier)} AS STRING)`;
  };
  // A timestamp stays one: its way through text and back would cost more than all the rest. A number is no instant: of what, since when?
  const instant = (name: HistoryColumn) => {
    const identifier = columns[name];
    if (identifier === null) return "CAST(NULL AS BIGINT)";
    const its = quote(identifier);
    return `CASE WHEN typeof(${its}) IN ('timestamp', 'timestamp_ntz', 'date') OR typeof(${its}) LIKE 'string%' THEN unix_millis(try_cast(${its} AS TIMESTAMP)) END`;
  };
  return `
-- past incidents, of ${readable(table).replaceAll(/[^\w.]/g, "_")}
WITH source AS (
  SELECT
    ${column("id")} AS id,
    lower(${column("fingerprint")}) AS fingerprint,
    coalesce(${column("alert")}, '') AS alert,
    coalesce(${column("service")}, '') AS service,
    ${column("severity")} AS severity,
    coalesce(${column("summary")}, '') AS summary,
    ${instant("started_at")} AS started,
    ${instant("resolved_at")} AS resolved,
    nullif(trim(${column("root_cause")}), '') AS root_cause,
    nullif(trim(${column("fix")}), '') AS fix,
    try_cast(${column("fix_worked")} AS BOOLEAN) AS fix_worked,
    nullif(trim(${column("pr_url")}), '') AS pr_url
  FROM ${quoteTable(table)}
),
worded AS (
  SELECT *, lower(concat_ws(' ', summary, CASE WHEN resolved <= CAST(:now AS BIGINT) THEN root_cause END)) AS words
  FROM source
),
scanned AS (
  SELECT
    id, alert, service, severity, summary, started, resolved, root_cause, fix, fix_worked, pr_url,
    coalesce(started < CAST(:now AS BIGINT) AND id IS NOT NULL, false) AS searched,
    coalesce(resolved <= CAST(:now AS BIGINT), false) AS closed,
    coalesce(fingerprint = CAST(:fingerprint AS STRING), false)
      OR coalesce(NOT :exact AND lower(alert) = CAST(:alert AS STRING) AND lower(service) = :service, false) AS same,
    coalesce(lower(alert) = CAST(:alert AS STRING), false) AS same_alert,
    lower(service) = :service AS same_service,
    ${SLOTS.map((slot) => `CASE WHEN contains(words, CAST(:w${slot} AS STRING)) THEN ${2 ** slot} ELSE 0 END`).join("\n    + ")} AS hits
  FROM worded
),
seen AS (
  SELECT
    count_if(searched) AS searched,
    count_if(started IS NULL OR id IS NULL) AS unreadable,
    ${SLOTS.map(rarity).join(",\n    ")}
  FROM scanned
),
weighed AS (
  SELECT
    scanned.*,
    coalesce((${SLOTS.map((slot) => `CASE WHEN ${hit(slot)} THEN r${slot} ELSE 0D END`).join(" + ")})
      / nullif(${SLOTS.map((slot) => `r${slot}`).join(" + ")}, 0D), 0D) AS share
  FROM scanned CROSS JOIN seen
  WHERE scanned.searched
),
scored AS (
  SELECT
    *,
    CASE WHEN same THEN 1D ELSE (
      CAST(CASE WHEN same_alert THEN ${WEIGHT.alert} ELSE 0 END + CASE WHEN same_service THEN ${WEIGHT.service} ELSE 0 END AS DOUBLE)
      + ${WEIGHT.words}D * share
    ) / CAST(
      CASE WHEN :alert IS NULL THEN 0 ELSE ${WEIGHT.alert} END + ${WEIGHT.service}
      + CASE WHEN :w0 IS NULL THEN 0 ELSE ${WEIGHT.words} END
    AS DOUBLE) END AS likeness
  FROM weighed
),
matched AS (
  SELECT
    *,
    count_if(same) OVER () AS fingerprint,
    count_if(NOT same) OVER () AS alike,
    same = max(same) OVER () AS counts,
    row_number() OVER (
      ORDER BY same DESC, round(CASE WHEN same THEN share ELSE likeness END * 10) DESC, started DESC, id
    ) AS place
  FROM scored
  WHERE same OR likeness >= ${MIN_LIKENESS}
),
told AS (
  SELECT
    *,
    CASE WHEN part = 'incident' THEN place END AS row,
    CASE part WHEN 'cause' THEN ${blanked("root_cause")} WHEN 'fix' THEN ${blanked("fix")} END AS kind,
    CASE part WHEN 'cause' THEN root_cause WHEN 'fix' THEN fix END AS said,
    CASE WHEN closed THEN (resolved - started) / 1000D END AS seconds
  FROM matched LATERAL VIEW explode(array('extent', 'totals', 'cause', 'fix', 'incident')) AS part
  WHERE CASE part
    WHEN 'extent' THEN place = 1
    WHEN 'totals' THEN counts
    WHEN 'cause' THEN counts AND closed AND root_cause IS NOT NULL
    WHEN 'fix' THEN counts AND closed AND fix IS NOT NULL
    ELSE place <= :most
  END
),
grouped AS (
  SELECT
    part,
    row,
    max_by(said, started) AS said,
    count(*) AS count,
    min(started) AS first_at,
    max(started) AS last_at,
    count_if(fix_worked) AS worked,
    count_if(NOT fix_worked) AS failed,
    count_if(fix_worked IS NULL) AS unknown,
    percentile(seconds, 0.5) FILTER (WHERE fix_worked) AS worked_seconds,
    first(struct(fingerprint, alike)) AS matches,
    struct(
      count(*) AS count,
      count_if(NOT closed) AS open,
      count_if(started >= CAST(:now AS BIGINT) - ${90 * DAY_MS}) AS last_90_days,
      count_if(started >= CAST(:now AS BIGINT) - ${365 * DAY_MS}) AS last_365_days,
      min(started) AS first_at,
      max(started) AS last_at,
      percentile(seconds, 0.5) AS median_seconds,
      percentile(seconds, 0.25) AS p25_seconds,
      percentile(seconds, 0.75) AS p75_seconds,
      count_if(pmod(floor(started / ${DAY_MS}) - floor(CAST(:now AS BIGINT) / ${DAY_MS}), 7) = 0) AS same_weekday,
      count_if(pmod(floor(started / ${HOUR_MS}) - floor(CAST(:now AS BIGINT) / ${HOUR_MS}) + 1, 24) <= 2) AS same_hour,
      count_if(closed AND root_cause IS NOT NULL) AS with_cause
    ) AS totals,
    first(struct(
      id, same, likeness, alert, service, severity, summary, started,
      CASE WHEN closed THEN resolved END AS resolved,
      CASE WHEN closed THEN root_cause END AS root_cause,
      CASE WHEN closed THEN fix END AS fix,
      CASE WHEN closed THEN fix_worked END AS fix_worked,
      CASE WHEN closed THEN pr_url END AS pr_url
    )) AS incident
  FROM told
  GROUP BY part, row, lower(kind)
),
ranked AS (
  SELECT
    *,
    count(*) OVER (PARTITION BY part) AS kinds,
    row_number() OVER (PARTITION BY part ORDER BY
      row,
      CASE WHEN part = 'fix' THEN worked ELSE count END DESC,
      CASE WHEN part = 'fix' THEN failed END DESC,
      CASE WHEN part = 'fix' THEN unknown END DESC,
      last_at DESC
    ) AS n
  FROM grouped
)
SELECT 'extent' AS part, 0 AS n, to_json(struct(searched, unreadable)) AS body FROM seen
UNION ALL
SELECT part, n, CASE part
  WHEN 'extent' THEN to_json(matches)
  WHEN 'totals' THEN to_json(totals)
  WHEN 'cause' THEN to_json(struct(said AS root_cause, count))
  WHEN 'fix' THEN to_json(struct(said AS fix, worked, failed, unknown, worked_seconds AS median_seconds, kinds))
  ELSE to_json(incident)
END AS body
FROM ranked
WHERE part NOT IN ('cause', 'fix') OR n <= ${MAX_KINDS}
LIMIT :most + ${3 + 2 * MAX_KINDS}`;
}
