import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { openCaseStore } from "../../../agent-host/src/cases/open-case-store.ts";
import { openSqliteTable } from "../../../agent-host/src/cases/tables/sqlite-table.ts";
import { alertOf, ESTATE } from "../../agent-host/cases/alerts.ts";
import { median, rounded } from "../measure.ts";
import type { BenchOptions, Section } from "../section.ts";

const ROUNDS = 60;

/** The case store's operations against one durable insert into a bare SQLite file with the same settings, in turn. */
export async function benchStore({ progress }: BenchOptions): Promise<Section> {
  progress(`${ROUNDS} rounds of the store's operations and of a bare insert`);
  const folder = await mkdtemp(join(tmpdir(), "oncall-store-"));
  const bare = new Database(join(folder, "bare.db"));
  bare.pragma("journal_mode = WAL");
  bare.pragma("synchronous = FULL");
  bare.exec("CREATE TABLE items (key TEXT PRIMARY KEY, value TEXT)");
  const insert = bare.prepare("INSERT INTO items VALUES (?, ?)");
  const value = JSON.stringify(alertOf("storefront"));
  const store = openCaseStore(await openSqliteTable(join(folder, "cases.db")), { catalog: ESTATE });
  const start = Date.now();
  const first = alertOf("reports", { fingerprint: "held", at: start });
  const { caseId } = await store.claim(first);
  const id = caseId ?? "";
  const text = "x".repeat(150_000);
  const operations: Readonly<Record<string, (round: number) => unknown>> = {
    "one durable insert, bare": (round) => insert.run(`k${round}`, value),
    "claim, a new alert": (round) => store.claim(alertOf("storefront", { fingerprint: `f${round}`, at: start })),
    "claim, the same again": () => store.claim(first),
    "take and give back": async () => {
      const taken = await store.take(id, "bench");
      if (taken) await store.giveBack(taken.lease, start + 3_600_000);
    },
    "change a case": () => store.change(id, (one) => ({ ...one, widespread: !one.widespread })),
    "keep a report of 150 kB": (round) => store.keepDocument(id, `${text}${round}`),
    "an audit entry": async () => (await store.trail(id)).append("failed", { step: "bench" }),
    "what is due": () => store.due(),
  };
  const times: Record<string, number[]> = Object.fromEntries(Object.keys(operations).map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, run] of Object.entries(operations)) {
      const began = performance.now();
      await run(round);
      if (round > 0) times[name]?.push(performance.now() - began);
    }
  }
  await store.close();
  bare.close();
  const floor = median(times["one durable insert, bare"] ?? []);
  return {
    title: "headless: the case store",
    about: `Medians of ${ROUNDS} rounds, each operation in turn; the floor is one insert of an alert into a bare SQLite file, WAL, synchronous FULL.`,
    head: ["operation", "ms", "times the floor"],
    rows: Object.entries(times).map(([name, ms]) => [name, rounded(median(ms)), rounded(median(ms) / floor, 2)]),
    goals: [],
  };
}
