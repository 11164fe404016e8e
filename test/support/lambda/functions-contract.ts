import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as aws from "../alerts/aws.ts";
import { buildBundles, type FunctionName } from "./bundles.ts";
import { type FunctionsWorld, openFunctionsWorld } from "./functions-world.ts";
import type { FunctionStart, RunningFunction } from "./runtime-api.ts";

/** What the bundled functions must do on any runtime client, over Lambda's Runtime API. */
export function functionsContract(name: string, client: Pick<FunctionStart, "node" | "client">): void {
  describe(`the bundled functions, on ${name}`, () => {
    let world: FunctionsWorld;
    const running = new Map<FunctionName, RunningFunction>();
    const of = (one: FunctionName): RunningFunction => {
      const found = running.get(one);
      if (!found) throw new Error(`${one} does not run`);
      return found;
    };
    beforeAll(async () => {
      await buildBundles();
      world = await openFunctionsWorld(client);
      for (const one of ["alert", "triage", "slack"] as const) running.set(one, await world.start(one));
    });
    afterAll(async () => {
      for (const one of running.values()) await one.stop();
      await world?.close();
    });
    const click = (caseId: string, user: string, at: string) => {
      const value = JSON.stringify({ case: caseId, report: null, head: null });
      const { body, headers } = world.slack.interaction({
        ...{ type: "block_actions", user: { id: user, name: "ada" }, channel: { id: "C0DEFAULT" } },
        actions: [{ action_id: "oncall_look", value, action_ts: at }],
      });
      return {
        version: "2.0",
        requestContext: { http: { method: "POST", path: "/" } },
        headers,
        body: Buffer.from(body).toString("base64"),
        isBase64Encoded: true,
      };
    };

    it("take an alert in, look at its case until it is settled, and take a click", async () => {
      const alert = JSON.parse(await readFile(join(world.recording, "alert.json"), "utf8")) as unknown;
      const batch = aws.sqs(alert, "the weather is fine");
      expect(await of("alert").invoke(batch)).toEqual({
        kind: "response",
        body: { batchItemFailures: [{ itemIdentifier: batch.Records[1]?.messageId }] },
      });
      const [first] = world.woken();
      if (!first) throw new Error("nobody was woken");
      for (let at = 0; at < world.woken().length && at < 10; at++) {
        const wakeUp = { ...world.woken()[at], due_at: 0 };
        expect(await of("triage").invoke(aws.sqs(wakeUp))).toEqual({
          kind: "response",
          body: { batchItemFailures: [] },
        });
      }
      const settled = await world.cases.find(first.case_id);
      expect(settled).toMatchObject({ state: "settled", final_report: { parts: 1 } });
      const before = world.woken().length;
      const clicked = await of("slack").invoke(click(first.case_id, "U0ADA", "1.1"));
      expect(clicked).toMatchObject({ kind: "response", body: { statusCode: 200, body: "" } });
      expect(world.woken().slice(before)).toMatchObject([{ case_id: first.case_id }]);
    });

    it("take no click that Slack did not sign, and none of whoever may not", async () => {
      const signed = click("c", "U0MALLORY", "2.1");
      const forged = { ...signed, body: Buffer.from("payload={}").toString("base64") };
      expect(await of("slack").invoke(forged)).toMatchObject({ body: { statusCode: 401 } });
      const before = world.woken().length;
      expect(await of("slack").invoke(signed)).toMatchObject({ body: { statusCode: 200 } });
      expect(world.woken()).toHaveLength(before);
      expect(world.slack.world.ephemerals.at(-1)?.text).toContain("Not done");
      const get = { requestContext: { http: { method: "GET" } } };
      expect(await of("slack").invoke(get)).toMatchObject({ body: { statusCode: 405 } });
    });

    it.each([
      ["slack", "ONCALL_GIT_GITHUB_FORK_TOKEN"],
      ["slack", "ONCALL_GIT_GITHUB_UPSTREAM_TOKEN_ARN"],
      ["slack", "ONCALL_EVIDENCE_KEY"],
      ["slack", "ONCALL_SIGNING_KEY"],
      ["slack", "ANTHROPIC_API_KEY"],
      ["triage", "ONCALL_SLACK_SIGNING_SECRET"],
      ["triage", "ONCALL_SLACK_SIGNING_SECRET_FILE"],
      ["alert", "ONCALL_SLACK_BOT_TOKEN"],
      ["alert", "ONCALL_GIT_GITHUB_FORK_TOKEN"],
    ] as const)("refuse to work where %s holds %s", async (one, variable) => {
      const holding = await world.start(one, { [variable]: "S3CRET-VALUE" });
      const event = one === "slack" ? click("c", "U0ADA", "3.1") : aws.sqs({ case_id: "c", due_at: 0 });
      const told = await holding.invoke(event);
      const failed =
        one === "slack"
          ? { body: { statusCode: 503 } }
          : { body: { batchItemFailures: [{ itemIdentifier: expect.any(String) }] } };
      expect(told).toMatchObject(failed);
      await expect.poll(() => holding.output()).toContain(variable);
      expect(holding.output()).not.toContain("S3CRET-VALUE");
      await holding.stop();
    });
  });
}
