import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const Line = z.object({ n: z.number(), content: z.string() });

export interface LoggedSystem {
  readonly messages: readonly string[];
  /** The true event of each message. */
  readonly truth: readonly string[];
}

/** Reads a folder's lines.ndjson and truth.csv. Throws with the first line that has no truth. */
export async function readSystem(dir: string): Promise<LoggedSystem> {
  const lines = (await readFile(join(dir, "lines.ndjson"), "utf8"))
    .split("\n")
    .filter((text) => text !== "")
    .map((text) => Line.parse(JSON.parse(text)));
  // Only the first two columns are read: the template behind them may hold commas and quotes.
  const rows = (await readFile(join(dir, "truth.csv"), "utf8")).split("\n").slice(1);
  const events = new Map(rows.map((row) => row.split(",", 2)).map(([n = "", event = ""]) => [Number(n), event.trim()]));
  const truth = lines.map(({ n }) => {
    const event = events.get(n);
    if (!event) throw new Error(`${join(dir, "truth.csv")} has no event for line ${n}`);
    return event;
  });
  return { messages: lines.map(({ content }) => content), truth };
}
