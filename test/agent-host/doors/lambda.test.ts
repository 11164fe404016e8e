import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CaseStore, StoreUnavailable } from "../../../agent-host/src/cases/case-store.ts";
import { alertHandler } from "../../../agent-host/src/doors/lambda/alert-handler.ts";
import { type TriagePorts, triageHandler } from "../../../agent-host/src/doors/lambda/triage-handler.ts";
import * as aws from "../../support/alerts/aws.ts";
import { openCases } from "../../support/alerts/headless.ts";

const NOW = Date.parse("2026-11-23T07:22:00Z");
const now = () => NOW;
const log = () => {};
let cases: CaseStore;
let woken: string[];
beforeEach(async () => {
  cases = await openCases();
  woken = [];
});
afterEach(() => cases.close());

const handler = (claim: CaseStore["claim"] = (...given) => cases.claim(...given)) => {
  const wake = async (id: string) => void woken.push(id);
  return alertHandler({ open: async () => ({ cases: { claim }, wake }), now, log });
};

describe("the function that takes alerts in", () => {
  it.each([
    ["EventBridge's event", aws.event()],
    ["an alarm's own action", aws.lambdaAction()],
    ["an SNS event", { Records: [{ EventSource: "aws:sns", Sns: aws.sns(aws.notification()) }] }],
  ])("keeps %s and wakes whoever looks", async (_what, event) => {
    expect(await handler()(event)).toBeNull();
    expect(await cases.list()).toMatchObject([{ service: "resize" }]);
    expect(woken).toHaveLength(1);
  });

  it("gives back only the messages of a batch that failed", async () => {
    const batch = aws.sqs(aws.event(), "the weather is fine", aws.sns(aws.compositeNotification));
    expect(await handler()(batch)).toEqual({ batchItemFailures: [{ itemIdentifier: batch.Records[1]?.messageId }] });
    expect(await cases.list()).toHaveLength(2);
  });

  it("throws for an event that it cannot keep, so that it is delivered again", async () => {
    const claim = async () => {
      throw new StoreUnavailable("throttled");
    };
    await expect(handler(claim)(aws.event())).rejects.toThrow("throttled");
    const batch = aws.sqs(aws.event());
    expect(await handler(claim)(batch)).toEqual({
      batchItemFailures: [{ itemIdentifier: batch.Records[0]?.messageId }],
    });
  });

  it("opens its store once, and again when that failed", async () => {
    let opened = 0;
    const take = alertHandler({
      open: async () => {
        opened++;
        if (opened === 1) throw new Error("no credentials yet");
        return { cases, wake: async () => {} };
      },
      now,
      log,
    });
    await expect(take(aws.event())).rejects.toThrow("no credentials yet");
    await take(aws.event());
    await take(aws.event());
    expect(opened).toBe(2);
  });
});

describe("the function that works on cases", () => {
  const wakeUp = (caseId: string, at: number) => aws.sqs({ case_id: caseId, due_at: at });
  const run = async (event: unknown, dueAt: number | null | "not_taken" | Error) => {
    const worked: string[] = [];
    const wakes: [string, number][] = [];
    const ports: TriagePorts = {
      work: async (id) => {
        worked.push(id);
        if (dueAt instanceof Error) throw dueAt;
        return dueAt === "not_taken" ? { kind: "not_taken" } : { kind: "given_back", dueAt };
      },
      wake: async (id, at) => void wakes.push([id, at]),
    };
    const take = triageHandler({ open: async () => ports, now, log });
    return { response: await take(event), worked, wakes };
  };

  it("works on the case and sends the next wake-up, none when nothing is due", async () => {
    const done = { response: { batchItemFailures: [] }, worked: ["a"] };
    expect(await run(wakeUp("a", NOW), NOW + 5_000)).toEqual({ ...done, wakes: [["a", NOW + 5_000]] });
    expect(await run(wakeUp("a", NOW), null)).toEqual({ ...done, wakes: [] });
  });

  it("sends on a wake-up that is further off than a message can be delayed", async () => {
    const { worked, wakes } = await run(wakeUp("a", NOW + 3_600_000), null);
    expect([worked, wakes]).toEqual([[], [["a", NOW + 3_600_000]]]);
  });

  it("comes again to a case that another holds", async () => {
    expect((await run(wakeUp("a", NOW), "not_taken")).wakes).toEqual([["a", NOW + 60_000]]);
  });

  it("gives the message back when the work failed", async () => {
    const event = wakeUp("a", NOW);
    const { response } = await run(event, new Error("store"));
    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: event.Records[0]?.messageId }] });
  });
});
