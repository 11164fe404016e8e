import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { writeWhole } from "../deliver/write-whole.ts";
import type { HistoryRow } from "./history-row.ts";

/** Past cases as NDJSON in one file, a line each, which the history server reads beside the warehouse. */
export interface CasesFile {
  readonly path: string;
  /** Puts a case in, or what is new of it in place of what was there. One writer at a time. */
  keep(row: HistoryRow): Promise<void>;
}

export function casesFile(path: string): CasesFile {
  let last: Promise<void> = Promise.resolve();
  const write = async (row: HistoryRow): Promise<void> => {
    const lines = (await readFile(path, "utf8").catch(ifMissing)).split("\n").filter((line) => line !== "");
    const others = lines.filter((line) => (JSON.parse(line) as { id?: unknown }).id !== row.id);
    await mkdir(dirname(path), { recursive: true });
    await writeWhole(path, [...others, JSON.stringify(row)].map((line) => `${line}\n`).join(""));
  };
  return {
    path,
    keep: (row) => {
      const next = last.then(() => write(row));
      last = next.catch(() => {}); // whoever kept it is told
      return next;
    },
  };
}

function ifMissing(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "";
  throw error;
}
