import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openCaseStore } from "../../agent-host/src/cases/open-case-store.ts";
import { openDynamoTable } from "../../agent-host/src/cases/tables/dynamodb-table.ts";
import { WakeUpMessage } from "../../agent-host/src/cases/wake-ups/wake-ups.ts";
import { startMoto } from "../real/cloudwatch/moto.ts";
import type { Running } from "../real/support/process.ts";
import * as aws from "../support/alerts/aws.ts";
import { CATALOG } from "../support/alerts/headless.ts";
import { createTable, NOBODY } from "../support/dynamodb/dynalite.ts";
import { buildBundles, bundleOf } from "../support/lambda/bundles.ts";
import { startFunction } from "../support/lambda/runtime-api.ts";
import { stubProvider, terraform } from "./support/tools.ts";
import { type Applied, openTerraform } from "./terraform/apply.ts";

const [program, provider] = [await terraform(), await stubProvider()];

/** moto makes a queue's messages visible at once; a rule's target gets its event within moments. */
const WAIT_SECONDS = 10;

describe.skipIf(!program || !provider)("what the Terraform module makes, made in moto", () => {
  let opened: Awaited<ReturnType<typeof openTerraform>>;
  let applied: Applied;
  let moto: Running;
  let sqs: SQSClient;
  beforeAll(async () => {
    Object.assign(process.env, NOBODY);
    opened = await openTerraform({ terraform: program ?? "", provider: provider ?? "" });
    applied = await opened.apply();
    moto = await startMoto();
    sqs = new SQSClient({ endpoint: moto.url });
    await buildBundles();
  });
  afterAll(async () => {
    sqs?.destroy();
    await moto?.stop();
    await opened?.remove();
  });

  const made = (type: string) => applied.resources.filter((one) => one.type === type).map(({ values }) => values);
  /** EventBridge's own protocol, JSON 1.1: no client of it is needed for three calls. */
  const events = async (action: string, body: object) => {
    const answer = await fetch(moto.url, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `AWSEvents.${action}`,
        authorization:
          "AWS4-HMAC-SHA256 Credential=test/20261130/eu-west-1/events/aws4_request, SignedHeaders=host, Signature=0",
      },
      body: JSON.stringify(body),
    });
    expect([answer.status, await answer.clone().text()]).toEqual([200, expect.any(String)]);
    return answer.json() as Promise<Record<string, unknown>>;
  };
  const received = async (QueueUrl: string) =>
    (await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: WAIT_SECONDS }))).Messages ?? [];

  it("carries an alarm's event from EventBridge into the queue, and from there through the function into a case", async () => {
    const urls = new Map<string, string>();
    for (const dead of [true, false]) {
      for (const queue of made("aws_sqs_queue").filter(({ redrive_policy: redrive }) => !redrive === dead)) {
        const Attributes = {
          VisibilityTimeout: String(queue["visibility_timeout_seconds"] ?? 30),
          MessageRetentionPeriod: String(queue["message_retention_seconds"]),
          ...(dead ? {} : { RedrivePolicy: String(queue["redrive_policy"]) }),
        };
        const QueueName = String(queue["name"]);
        const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
        const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] });
        expect((await sqs.send(asked)).Attributes?.["QueueArn"]).toBe(queue["arn"]);
        urls.set(QueueName, QueueUrl);
      }
    }
    const [rule] = made("aws_cloudwatch_event_rule");
    const [target] = made("aws_cloudwatch_event_target");
    await events("PutRule", { Name: rule?.["name"], EventPattern: rule?.["event_pattern"] });
    const Targets = [{ Id: target?.["target_id"], Arn: target?.["arn"] }];
    await events("PutTargets", { Rule: rule?.["name"], Targets });
    const [table] = made("aws_dynamodb_table");
    expect([table?.["hash_key"], table?.["range_key"]]).toEqual(["partition", "sort"]);
    const name = String(table?.["name"]);
    await createTable(moto.url, name);

    const alarm = aws.event();
    const put = (alarmName: string) =>
      events("PutEvents", {
        Entries: [
          {
            Source: alarm.source,
            DetailType: alarm["detail-type"],
            Detail: JSON.stringify({ ...alarm.detail, alarmName }),
            Resources: alarm.resources,
          },
        ],
      });
    await put("another-team-s-alarm");
    await put("shop-resize-errors-high");
    const messages = await received(urls.get("oncall-copilot-alerts") ?? "");
    expect(messages.map(({ Body = "" }) => (JSON.parse(Body) as typeof alarm).detail.alarmName)).toEqual([
      "shop-resize-errors-high",
    ]);

    const folder = await mkdtemp(join(tmpdir(), "oncall-moto-"));
    const catalog = join(folder, "catalog.yaml");
    await writeFile(catalog, "kind: Component\nmetadata: {name: resize}\nspec: {}\n");
    const wake = urls.get("oncall-copilot-wake") ?? "";
    const alert = await startFunction({
      node: process.execPath,
      client: [join(import.meta.dirname, "../support/lambda/runtime-client.mjs")],
      taskRoot: bundleOf("alert"),
      env: {
        ...NOBODY,
        ONCALL_CATALOG: catalog,
        ONCALL_CASES_TABLE: name,
        ONCALL_CASES_ENDPOINT: moto.url,
        ONCALL_WAKE_QUEUE_URL: wake,
        ONCALL_SQS_ENDPOINT: moto.url,
      },
    });
    const batch = {
      Records: messages.map(({ MessageId, Body }) => ({ eventSource: "aws:sqs", messageId: MessageId, body: Body })),
    };
    expect(await alert.invoke(batch)).toEqual({ kind: "response", body: { batchItemFailures: [] } });
    await alert.stop();
    const cases = openCaseStore(await openDynamoTable({ table: name, region: undefined, endpoint: moto.url }), {
      catalog: CATALOG,
    });
    const [one] = await cases.list();
    expect(one).toMatchObject({ service: "resize", alert: { name: "shop-resize-errors-high" } });
    const [wakeUp] = await received(wake);
    expect(WakeUpMessage.parse(JSON.parse(wakeUp?.Body ?? ""))).toMatchObject({ case_id: one?.id });
    await cases.close();
  });
});
