import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openSqliteTable } from "../../../agent-host/src/cases/tables/sqlite-table.ts";
import { caseFindings } from "../../../agent-host/src/doctor/case-findings.ts";
import { createTable, NOBODY, type RunningDynamo, startDynalite } from "../../support/dynamodb/dynalite.ts";

let dynamo: RunningDynamo;
let folder: string;
beforeAll(async () => {
  Object.assign(process.env, NOBODY);
  dynamo = await startDynalite();
  folder = await mkdtemp(join(tmpdir(), "oncall-doctor-"));
});
afterAll(() => dynamo.stop());

const TOKEN = "0123456789abcdef0123456789abcdef";
const told = async (env: NodeJS.ProcessEnv) =>
  (await caseFindings(env)).map(({ backend, check, status, message }) => `${backend} ${check} ${status}: ${message}`);

it("says nothing of cases where nothing of them is set", async () => {
  expect(await caseFindings({})).toEqual([]);
});

it("tells where cases are kept, which doors are open, and that nothing is posted in shadow mode, and makes no file", async () => {
  const file = join(folder, "cases.db");
  const env = { ONCALL_CASES: file, ONCALL_ALERT_TOKENS: TOKEN };
  expect(await told(env)).toEqual([
    `cases configured ok: ${file} is not there yet: the first start makes it`,
    expect.stringMatching(
      /^doors configured ok: open: \/alerts\/alertmanager, \/alerts\/grafana; shut, .*\/alerts\/sns/,
    ),
    expect.stringMatching(/^cases configured ok: shadow: /),
  ]);
  await (await openSqliteTable(file)).close();
  expect((await told(env))[0]).toBe(`cases data ok: ${file} answers; something is to be done about 0 cases`);
});

it("finds a file that is none of ours, a table that is not there and a queue that cannot be asked a failure", async () => {
  const other = join(folder, "other.db");
  await writeFile(other, "no database");
  expect((await told({ ONCALL_CASES: other }))[0]).toMatch(/^cases configured failure: /);
  const aws = { ONCALL_CASES_ENDPOINT: dynamo.endpoint, ONCALL_CASES_REGION: "eu-west-1" };
  const queue = { ONCALL_WAKE_QUEUE_URL: "http://127.0.0.1:9/1/wake", ONCALL_SQS_ENDPOINT: "http://127.0.0.1:9" };
  const lines = await told({ ...aws, ...queue, ONCALL_CASES_TABLE: "nobodys" });
  expect(lines[0]).toMatch(/^DynamoDB configured failure: DynamoDB has no table nobodys/);
  expect(lines[1]).toMatch(/^SQS reachable failure: the queue .* cannot be asked/);
  await createTable(dynamo.endpoint, "cases");
  expect((await told({ ...aws, ONCALL_CASES_TABLE: "cases" }))[0]).toMatch(
    /^DynamoDB data ok: the table cases answers/,
  );
});
