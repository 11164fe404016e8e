import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeWhole } from "../deliver/write-whole.ts";
import { HISTORY_ROW_COLUMNS, type HistoryRow } from "./history-row.ts";

export const EXPORT_FORMATS = ["ndjson", "parquet"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Where an export goes: a folder, or a place in S3. */
export type ExportPlace =
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "s3"; readonly bucket: string; readonly prefix: string; readonly endpoint: string | undefined };

/** `s3://bucket/prefix`, or a folder. */
export function exportPlace(text: string, endpoint: string | undefined): ExportPlace {
  const [, bucket, prefix = ""] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(text) ?? [];
  if (bucket === undefined) return { kind: "folder", path: text };
  return { kind: "s3", bucket, prefix: prefix.replace(/\/+$/, ""), endpoint };
}

/** Writes the rows as one file `cases.ndjson` or `cases.parquet`, in place of the one before. Gives where it is. */
export async function exportCases(
  rows: readonly HistoryRow[],
  format: ExportFormat,
  place: ExportPlace,
): Promise<string> {
  const ndjson = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  const name = `cases.${format}`;
  if (place.kind === "folder") {
    await mkdir(place.path, { recursive: true });
    const file = join(place.path, name);
    if (format === "ndjson") await writeWhole(file, ndjson);
    else await writeParquet(ndjson, file);
    return file;
  }
  const body = format === "ndjson" ? Buffer.from(ndjson) : await parquetOf(ndjson);
  const key = place.prefix === "" ? name : `${place.prefix}/${name}`;
  const { PutObjectCommand, S3Client } = await import("@aws-sdk/client-s3");
  const client = new S3Client(place.endpoint ? { endpoint: place.endpoint, forcePathStyle: true } : {});
  try {
    await client.send(new PutObjectCommand({ Bucket: place.bucket, Key: key, Body: body }));
  } finally {
    client.destroy();
  }
  return `s3://${place.bucket}/${key}`;
}

async function parquetOf(ndjson: string): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "oncall-export-"));
  try {
    await writeParquet(ndjson, join(folder, "cases.parquet"));
    return await readFile(join(folder, "cases.parquet"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const TYPES: Partial<Record<keyof HistoryRow, string>> = { fix_worked: "BOOLEAN" };

async function writeParquet(ndjson: string, file: string): Promise<void> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const source = `${file}.ndjson`;
  await writeFile(source, ndjson, { mode: 0o600 });
  const instance = await DuckDBInstance.create(":memory:");
  try {
    const connection = await instance.connect();
    const columns = HISTORY_ROW_COLUMNS.map((name) => `${name}: '${TYPES[name] ?? "VARCHAR"}'`).join(", ");
    const rows = `read_json($source, format = 'newline_delimited', columns = {${columns}})`;
    await connection.run(`COPY (SELECT * FROM ${rows}) TO ${quoted(file)} (FORMAT parquet)`, { source });
    connection.closeSync();
  } finally {
    instance.closeSync();
    await rm(source, { force: true });
  }
}

/** COPY takes no parameter for where it writes: the path is the operator's own, with its quotes doubled. */
const quoted = (path: string): string => `'${path.replaceAll("'", "''")}'`;
