import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { loadCatalog } from "@oncall-copilot/core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { checkChain } from "../../../agent-host/src/audit/chain.ts";
import type { CaseTable } from "../../../agent-host/src/cases/case-table.ts";
import { openCaseStore } from "../../../agent-host/src/cases/open-case-store.ts";
import { openDynamoTable } from "../../../agent-host/src/cases/tables/dynamodb-table.ts";
import { openSqliteTable } from "../../../agent-host/src/cases/tables/sqlite-table.ts";
import { createTable, type RunningDynamo, startDynalite } from "../../support/dynamodb/dynalite.ts";
import { bundleWorker } from "./kill/bundle-worker.ts";
import { type Receiver, startReceiver } from "./kill/receiver.ts";

const RECORDING = join(import.meta.dirname, "../../recordings/bad-deployment-three-hops");
const LEASE_MS = 1_500;
const run = promisify(execFile);

let bundle: string;
let dynamo: RunningDynamo;
let receiver: Receiver;
let folder: string;
beforeAll(async () => {
  bundle = await bundleWorker();
  dynamo = await startDynalite();
});
afterAll(async () => {
  await dynamo.stop();
  await rm(dirname(bundle), { recursive: true, force: true });
});
beforeEach(async () => {
  receiver = await startReceiver();
  folder = await mkdtemp(join(tmpdir(), "oncall-kill-"));
});
afterEach(async () => {
  await receiver.stop();
  await rm(folder, { recursive: true, force: true });
});

const STORES = {
  SQLite: async () => ({
    env: {},
    open: (): Promise<CaseTable> => openSqliteTable(join(folder, "cases.sqlite")),
  }),
  "DynamoDB (dynalite)": async () => {
    const table = `cases-${Math.random().toString(36).slice(2)}`;
    await createTable(dynamo.endpoint, table);
    return {
      env: { TEST_DYNAMODB: dynamo.endpoint, TEST_TABLE: table },
      open: () => openDynamoTable({ table, region: undefined, endpoint: dynamo.endpoint }),
    };
  },
};

const MOMENTS = [
  "after the claim",
  "mid-triage",
  "after the draft was opened",
  "before the message",
  "after the message",
] as const;

/** One worker from start to end; how it ended, and what it said. */
async function worker(env: Readonly<Record<string, string>>): Promise<{ signal: string | null; out: string }> {
  try {
    const { stdout } = await run(process.execPath, [bundle], {
      env: {
        ...process.env,
        ...env,
        ...{
          TEST_RECORDING: RECORDING,
          TEST_FOLDER: folder,
          TEST_RECEIVER: receiver.url,
          TEST_LEASE_MS: String(LEASE_MS),
        },
      },
    });
    return { signal: null, out: stdout };
  } catch (error) {
    const { signal, code, stderr } = error as { signal?: string; code?: number | string; stderr?: string };
    if (signal === "SIGKILL") return { signal: "SIGKILL", out: "" };
    throw new Error(`the worker failed (${code}): ${stderr}`);
  }
}

describe.each(Object.entries(STORES))("a worker on %s that is killed", (_name, prepare) => {
  it.each(MOMENTS)(
    "%s is followed by one that goes on: one message, one final report, one draft",
    async (moment) => {
      const { env, open } = await prepare();
      expect(await worker({ ...env, TEST_DIES: moment })).toEqual({ signal: "SIGKILL", out: "" });
      await new Promise((resolve) => setTimeout(resolve, LEASE_MS)); // the dead worker's lease
      const { out } = await worker(env);
      expect(JSON.parse(out)).toMatchObject({
        claimed: { outcome: "repeat" },
        worked: { kind: "given_back", dueAt: null },
      });
      const table = await open();
      const store = openCaseStore(table, { catalog: await loadCatalog(join(RECORDING, "catalog.yaml")) });
      const cases = await store.list();
      expect(cases).toHaveLength(1);
      const [one] = cases;
      expect(one).toMatchObject({ state: "settled", failure: null, looks: [{ number: 1 }], lease: null });
      expect([...receiver.messages.values()].map((message) => message.case)).toEqual([one?.id]);
      expect(one?.final_report).not.toBeNull();
      const drafts = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith("pull-request.md"));
      expect(drafts).toHaveLength(1);
      expect(one?.pull_request?.url).toContain(drafts[0] ?? "no draft");
      const trail = await store.trailText(one?.id ?? "");
      expect(checkChain(trail)).toMatchObject({ problem: undefined });
      expect(trail.split("\n").filter((line) => line.includes('"final":true'))).toHaveLength(1);
      await store.close();
    },
    240_000,
  );
});
