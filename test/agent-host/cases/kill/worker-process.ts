/**
 * A worker as a process of its own, for tests that kill it: claims the alert of a recording, works on whatever is due, and says what it did as JSON. The
 * environment says where the store is, where the message goes, and at which moment the process dies without a word.
 */
import { join } from "node:path";
import { EvidenceKey, loadCatalog } from "@oncall-copilot/core";
import { openInvestigator } from "../../../../agent-host/src/app/investigate-case.ts";
import { readSettings } from "../../../../agent-host/src/app/settings.ts";
import { openSharedHost } from "../../../../agent-host/src/app/shared-host.ts";
import { openCaseStore } from "../../../../agent-host/src/cases/open-case-store.ts";
import { openDynamoTable } from "../../../../agent-host/src/cases/tables/dynamodb-table.ts";
import { openSqliteTable } from "../../../../agent-host/src/cases/tables/sqlite-table.ts";
import type { Investigator } from "../../../../agent-host/src/cases/work/investigator.ts";
import { workOnCase } from "../../../../agent-host/src/cases/work/work-on-case.ts";
import type { CaseDelivery } from "../../../../agent-host/src/deliver/case-delivery.ts";
import { readAlert } from "../../../../agent-host/src/intake/read-alert.ts";

const given = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
};
const RECORDING = given("TEST_RECORDING");
const FOLDER = given("TEST_FOLDER");
const RECEIVER = given("TEST_RECEIVER");

/** `kill -9` from within: no handler runs, nothing is flushed. */
function dieAt(moment: string): void {
  if (process.env["TEST_DIES"] === moment) process.kill(process.pid, "SIGKILL");
}

/** The application's own, with the moments at which this process may die around its steps. */
function mortal(investigator: Investigator): Investigator {
  return {
    ...investigator,
    look: (request) => {
      const audit = {
        ...request.audit,
        append: async (...entry: Parameters<typeof request.audit.append>) => {
          await request.audit.append(...entry);
          if (entry[0] === "tool_called") dieAt("mid-triage");
        },
      };
      return investigator.look({ ...request, audit });
    },
    propose: async (...asked) => {
      const proposed = await investigator.propose(...asked);
      dieAt("after the draft was opened");
      return proposed;
    },
  };
}

/** A message in a chat that knows messages by their metadata, as Slack's does. */
const delivery: CaseDelivery = {
  name: "receiver",
  post: async ({ case: one, report }, { mayBePosted }) => {
    dieAt("before the message");
    const found = mayBePosted ? await fetch(`${RECEIVER}/messages?case=${one.id}`) : undefined;
    const id = found?.ok ? await found.text() : undefined;
    const body = JSON.stringify({ case: one.id, text: report?.diagnosis?.text ?? one.failure?.why });
    const sent = await fetch(`${RECEIVER}/messages${id ? `/${id}` : ""}`, { method: id ? "PUT" : "POST", body });
    dieAt("after the message");
    return id ?? (await sent.text());
  },
  update: async (ref, { case: one, report }) => {
    const body = JSON.stringify({ case: one.id, text: report?.diagnosis?.text ?? one.failure?.why });
    await fetch(`${RECEIVER}/messages/${ref}`, { method: "PUT", body });
  },
};

const settings = readSettings(
  { ...process.env, ONCALL_TRANSPORT: "child", ONCALL_ENGINE: "rules" },
  { recording: RECORDING },
);
const catalog = await loadCatalog(join(RECORDING, "catalog.yaml"));
const table =
  process.env["TEST_DYNAMODB"] === undefined
    ? await openSqliteTable(join(FOLDER, "cases.sqlite"))
    : await openDynamoTable({ table: given("TEST_TABLE"), region: undefined, endpoint: given("TEST_DYNAMODB") });
const store = openCaseStore(table, { catalog, leaseMs: Number(given("TEST_LEASE_MS")) });
const shared = openSharedHost(settings);
const { incident } = await readAlert(join(RECORDING, "alert.json"));
const claimed = await store.claim(incident);
dieAt("after the claim");
const key = new EvidenceKey(Buffer.alloc(32, 7));
const worked = await workOnCase(
  {
    worker: `process ${process.pid}`,
    store,
    investigator: mortal(openInvestigator({ settings, catalog, key, shared, price: null, workFolder: FOLDER })),
    delivery,
    limits: { casesAtOnce: 2, tokensPerHour: null, dollarsPerHour: null, neverPutOff: [] },
    maxLookMs: 120_000,
    now: Date.now,
    signal: new AbortController().signal,
    log: (message, about) => process.stderr.write(`${message} ${JSON.stringify(about)}\n`),
  },
  claimed.caseId ?? "",
);
process.stdout.write(JSON.stringify({ claimed, worked }));
await store.close();
await shared.close();
