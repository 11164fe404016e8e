import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, it } from "vitest";
import { openCaseStore } from "../../../agent-host/src/cases/open-case-store.ts";
import { openSqliteTable } from "../../../agent-host/src/cases/tables/sqlite-table.ts";
import * as aws from "../../support/alerts/aws.ts";
import { CATALOG } from "../../support/alerts/headless.ts";
import { closeServers, sendJson, startServer } from "../../support/http/server.ts";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "../../..");
const BUNDLE = join(ROOT, "deploy/lambda/dist/alert/index.js");

beforeAll(async () => {
  await run(process.execPath, [join(ROOT, "deploy/lambda/build.mjs")]);
});

it("the bundle takes an event in by itself, keeps its alert and sends the wake-up", async () => {
  const folder = await mkdtemp(join(tmpdir(), "oncall-bundle-"));
  const catalog = join(folder, "catalog.yaml");
  await writeFile(catalog, "kind: Component\nmetadata: {name: resize}\nspec: {}\n");
  const sqs = await startServer((request, response) => {
    const { MessageBody } = JSON.parse(request.body) as { MessageBody: string };
    // AWS's client checks it.
    sendJson(response, 200, { MessageId: "m", MD5OfMessageBody: createHash("md5").update(MessageBody).digest("hex") });
  });
  const script = `require(${JSON.stringify(BUNDLE)}).handler(${JSON.stringify(aws.event())}).then((r) => process.stdout.write(JSON.stringify(r)))`;
  const cases = join(folder, "cases.db");
  const { stdout } = await run(process.execPath, ["-e", script], {
    cwd: ROOT,
    env: {
      PATH: process.env["PATH"],
      ONCALL_CATALOG: catalog,
      ONCALL_CASES: cases,
      ONCALL_WAKE_QUEUE_URL: `${sqs.url}/123456789012/wake`,
      ONCALL_SQS_ENDPOINT: sqs.url,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "x",
      AWS_SECRET_ACCESS_KEY: "x",
    },
  });
  expect(stdout).toBe("null");
  const store = openCaseStore(await openSqliteTable(cases), { catalog: CATALOG });
  const [kept] = await store.list();
  expect(kept).toMatchObject({ service: "resize" });
  expect(JSON.parse(sqs.received[0]?.body ?? "{}")).toMatchObject({
    DelaySeconds: 0,
    MessageBody: expect.stringContaining(kept?.id ?? "nobody"),
  });
  await store.close();
  await closeServers();
});
