import { CreateQueueCommand, type Message, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSqsWakeUps } from "../../agent-host/src/cases/wake-ups/sqs-wake-ups.ts";
import { WakeUpMessage } from "../../agent-host/src/cases/wake-ups/wake-ups.ts";
import { dynamoTables } from "../agent-host/cases/open-tables.ts";
import { storeContract } from "../agent-host/cases/store-contract.ts";
import { tableContract } from "../agent-host/cases/table-contract.ts";
import { NOBODY } from "../support/dynamodb/dynalite.ts";
import { startMoto } from "./cloudwatch/moto.ts";
import type { Running } from "./support/process.ts";

const motoTables = dynamoTables(async () => {
  const { url, stop } = await startMoto();
  return { endpoint: url, stop };
});

tableContract("DynamoDB (moto)", motoTables);
storeContract("DynamoDB (moto)", motoTables);

describe("wake-ups by SQS (moto)", () => {
  let moto: Running;
  let client: SQSClient;
  let queueUrl: string;
  beforeAll(async () => {
    Object.assign(process.env, NOBODY);
    moto = await startMoto();
    client = new SQSClient({ endpoint: moto.url });
    queueUrl = (await client.send(new CreateQueueCommand({ QueueName: "wake-ups" }))).QueueUrl ?? "";
  });
  afterAll(async () => {
    client?.destroy();
    await moto?.stop();
  });

  const received = async (waitSeconds: number): Promise<Message[]> => {
    const asked = new ReceiveMessageCommand({
      ...{ QueueUrl: queueUrl, WaitTimeSeconds: waitSeconds, MessageSystemAttributeNames: ["SentTimestamp"] },
    });
    return (await client.send(asked)).Messages ?? [];
  };

  it("come when they are due and not before, and say which case", async () => {
    const wakeUps = await openSqsWakeUps({ queueUrl, region: undefined, endpoint: moto.url });
    const dueAt = Date.now() + 3_000;
    await wakeUps.wake("case-1", dueAt);
    expect(await received(0)).toEqual([]);
    const [message] = await received(10);
    expect(WakeUpMessage.parse(JSON.parse(message?.Body ?? ""))).toEqual({ case_id: "case-1", due_at: dueAt });
    await wakeUps.close();
  });

  it("are delayed by SQS' fifteen minutes at the most, and keep when they were due", async () => {
    const wakeUps = await openSqsWakeUps({ queueUrl, region: undefined, endpoint: moto.url });
    await wakeUps.wake("case-2", Date.now() + 24 * 3_600_000);
    await expect(wakeUps.wake("case-3", 0)).resolves.toBeUndefined();
    const [message] = await received(5);
    expect(WakeUpMessage.parse(JSON.parse(message?.Body ?? "")).case_id).toBe("case-3");
    await wakeUps.close();
  });
});
