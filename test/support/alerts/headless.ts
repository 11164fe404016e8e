import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalogFromDocuments, createLogger } from "@oncall-copilot/core";
import type { CaseStore } from "../../../agent-host/src/cases/case-store.ts";
import { openCaseStore } from "../../../agent-host/src/cases/open-case-store.ts";
import { openSqliteTable } from "../../../agent-host/src/cases/tables/sqlite-table.ts";
import type { Door } from "../../../agent-host/src/doors/door.ts";
import { readDoors } from "../../../agent-host/src/doors/door-settings.ts";
import { serveDoors } from "../../../agent-host/src/doors/http/serve-doors.ts";
import { prometheusMetrics } from "../../../agent-host/src/doors/prometheus-metrics.ts";

export const CATALOG = catalogFromDocuments(
  ["storefront", "cart", "search", "resize"].map((name) => ({ kind: "Component", metadata: { name }, spec: {} })),
  "the test's catalog",
);

export const openCases = async (): Promise<CaseStore> =>
  openCaseStore(await openSqliteTable(join(await mkdtemp(join(tmpdir(), "oncall-doors-")), "cases.db")), {
    catalog: CATALOG,
  });

export interface Headless {
  readonly url: string;
  readonly cases: CaseStore;
  readonly woken: readonly string[];
  close(): Promise<void>;
}

interface Options {
  readonly env?: NodeJS.ProcessEnv;
  readonly doors?: readonly Door[];
  readonly cases?: CaseStore;
}

/** The doors with a real store behind them, on a free port of loopback; nobody works on the cases. */
export async function openDoors(options: Options): Promise<Headless> {
  const cases = options.cases ?? (await openCases());
  const settings = options.doors ? { doors: options.doors, closed: {} } : readDoors(options.env ?? {});
  const woken: string[] = [];
  const serving = await serveDoors({
    ...settings,
    host: "127.0.0.1",
    port: 0,
    intake: {
      cases,
      wake: async (id) => {
        woken.push(id);
      },
    },
    metrics: prometheusMetrics(cases),
    ready: async () => void (await cases.due()),
    log: createLogger("test", "silent"),
  });
  return {
    url: serving.url,
    cases,
    woken,
    close: async () => {
      await serving.close();
      await cases.close();
    },
  };
}
