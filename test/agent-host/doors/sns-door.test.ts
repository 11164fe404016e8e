import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { snsDoor } from "../../../agent-host/src/doors/sns/sns-door.ts";
import { startAmazon, TOPIC } from "../../support/alerts/amazon-sns.ts";
import * as aws from "../../support/alerts/aws.ts";
import { type Headless, openDoors } from "../../support/alerts/headless.ts";
import { closeServers } from "../../support/http/server.ts";

let amazon: Awaited<ReturnType<typeof startAmazon>>;
let doors: Headless;
beforeEach(async () => {
  amazon = await startAmazon();
  doors = await openDoors({ doors: [snsDoor([TOPIC], amazon.get)] });
});
afterEach(async () => {
  await doors.close();
  await closeServers();
});

const deliver = async (message: object) => {
  const answer = await fetch(`${doors.url}/alerts/sns`, { method: "POST", body: JSON.stringify(message) });
  return { status: answer.status, said: (await answer.json()) as { error?: string } };
};
const alarm = { Message: JSON.stringify(aws.notification()) };
const evil = (address: string) => ({ ...amazon.message(alarm), SigningCertURL: address });

describe("a notification", () => {
  it.each(["1", "2"])("signed by Amazon, version %s, is taken, and its certificate fetched once", async (version) => {
    expect((await deliver(amazon.message(alarm, version))).status).toBe(202);
    expect((await deliver(amazon.message(alarm, version))).status).toBe(202);
    expect(await doors.cases.list()).toMatchObject([{ alert: { name: "resize-errors-high" } }]);
    expect(amazon.server.received).toHaveLength(1);
  });

  it.each([
    ["Message", "{}"],
    ["Subject", "OK"],
    ["Timestamp", "2027-01-01T00:00:00.000Z"],
    ["Signature", "AAAA"],
    ["SignatureVersion", "1"],
    ["SignatureVersion", "3"],
  ])("whose %s was changed to %s is refused", async (field, value) => {
    expect((await deliver({ ...amazon.message(alarm), [field]: value })).status).toBe(401);
    expect(await doors.cases.list()).toEqual([]);
  });

  it("of another topic is refused before anything is fetched", async () => {
    const { status, said } = await deliver(amazon.message({ ...alarm, TopicArn: TOPIC.replace("alarms", "other") }));
    expect([status, said.error]).toEqual([401, expect.stringContaining("ONCALL_SNS_TOPICS")]);
    expect(amazon.server.received).toEqual([]);
  });

  it.each([
    "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-0.pem",
    "https://evil.example/sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem",
    "https://sns.eu-west-1.amazonaws.com@evil.example/SimpleNotificationService-0.pem",
    "https://snsXeu-west-1.amazonaws.com/SimpleNotificationService-0.pem",
    "https://bucket.s3.amazonaws.com/SimpleNotificationService-0.pem",
    "https://sns.evil.s3.amazonaws.com/SimpleNotificationService-0.pem",
    "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem",
    "https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-0.pem",
    "https://sns.eu-west-1.amazonaws.com/evil.pem",
    "https://sns.eu-west-1.amazonaws.com/x/../?SimpleNotificationService-0.pem",
    "file:///etc/passwd",
    "",
  ])("whose certificate lies elsewhere is refused before anything is fetched: %s", async (address) => {
    expect((await deliver(evil(address))).status).toBe(401);
    expect(amazon.server.received).toEqual([]);
  });

  it("whose certificate cannot be had is asked for again", async () => {
    const address = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-gone.pem";
    expect((await deliver(evil(address))).status).toBe(503);
    expect((await deliver(amazon.message(alarm))).status).toBe(202);
  });

  it("that is delivered raw is refused with what to set, since nothing of it is signed", async () => {
    const { status, said } = await deliver(aws.notification());
    expect([status, said.error]).toEqual([400, expect.stringContaining("raw message delivery off")]);
  });
});

describe("a subscription", () => {
  const wish = (more: Record<string, string> = {}) =>
    amazon.message({
      Type: "SubscriptionConfirmation",
      Message: "You have chosen to subscribe",
      Token: "token",
      SubscribeURL: "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=token",
      ...more,
    });

  it("to a configured topic is confirmed, once its signature holds", async () => {
    expect((await deliver(wish())).status).toBe(200);
    expect(amazon.server.received.map(({ url }) => url.searchParams.get("Action"))).toEqual([
      null,
      "ConfirmSubscription",
    ]);
  });

  it.each([
    ["to another topic", { TopicArn: "arn:aws:sns:eu-west-1:123456789012:other" }],
    ["that leads elsewhere", { SubscribeURL: "https://evil.example/?Token=token" }],
  ])("%s is not", async (_what, more) => {
    expect((await deliver(wish(more))).status).toBe(401);
    expect(amazon.server.received.filter(({ url }) => url.searchParams.has("Token"))).toEqual([]);
  });

  it("that Amazon did not sign is not", async () => {
    expect((await deliver({ ...wish(), Token: "another" })).status).toBe(401);
    expect(amazon.server.received.filter(({ url }) => url.searchParams.has("Token"))).toEqual([]);
  });
});

it("a certificate that has expired signs nothing", async () => {
  const stale = await startAmazon({ expired: true });
  const other = await openDoors({ doors: [snsDoor([TOPIC], stale.get)] });
  const answer = await fetch(`${other.url}/alerts/sns`, { method: "POST", body: JSON.stringify(stale.message(alarm)) });
  expect(answer.status).toBe(401);
  await other.close();
});
