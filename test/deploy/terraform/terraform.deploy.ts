import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stubProvider, terraform } from "../support/tools.ts";
import { type Applied, openTerraform } from "./apply.ts";

const [program, provider] = [await terraform(), await stubProvider()];

describe.skipIf(!program || !provider)("the Terraform module, by Terraform itself", () => {
  let opened: Awaited<ReturnType<typeof openTerraform>>;
  let applied: Applied;
  beforeAll(async () => {
    opened = await openTerraform({ terraform: program ?? "", provider: provider ?? "" });
    applied = await opened.apply();
  });
  afterAll(() => opened?.remove());

  const made = (type: string) => applied.resources.filter((one) => one.type === type);
  const json = (value: unknown) => JSON.parse(String(value)) as never;

  it("is formatted and valid", async () => {
    expect(await opened.format()).toBe("");
    expect(await opened.validate()).toMatchObject({
      valid: true,
      diagnostics: [{ summary: "Provider development overrides are in effect" }],
    });
  });

  it("feeds functions of 15 minutes at the most from queues that keep a message invisible six times as long", () => {
    const timeouts = Object.fromEntries(
      made("aws_lambda_function").map(({ values }) => [values["function_name"], values]),
    );
    expect(timeouts).toMatchObject({
      "oncall-copilot-alert": { timeout: 30, architectures: ["arm64"], runtime: "nodejs22.x" },
      "oncall-copilot-triage": { timeout: 900, architectures: ["arm64"] },
      "oncall-copilot-slack": { timeout: 10 },
    });
    const visible = made("aws_sqs_queue").map(({ values }) => [values["name"], values["visibility_timeout_seconds"]]);
    expect(Object.fromEntries(visible)).toMatchObject({
      "oncall-copilot-alerts": 6 * 30,
      "oncall-copilot-wake": 6 * 900,
    });
    const sources = made("aws_lambda_event_source_mapping").map(({ values }) => values);
    expect(sources).toHaveLength(2);
    for (const source of sources) {
      expect(source["function_response_types"]).toEqual(["ReportBatchItemFailures"]);
      expect(source["scaling_config"]).toMatchObject([{ maximum_concurrency: expect.any(Number) }]);
    }
  });

  it("gives every queue its dead letters, with an alarm on them", () => {
    const queues = made("aws_sqs_queue").filter(({ values }) => values["redrive_policy"]);
    const targets = queues.map(({ values }) => json(values["redrive_policy"]));
    expect(targets).toMatchObject([
      { deadLetterTargetArn: "arn:aws:sqs:eu-west-1:123456789012:oncall-copilot-alerts-dead-letters" },
      { deadLetterTargetArn: "arn:aws:sqs:eu-west-1:123456789012:oncall-copilot-wake-dead-letters" },
    ]);
    expect(made("aws_cloudwatch_metric_alarm").map(({ values }) => values["dimensions"])).toEqual([
      { QueueName: "oncall-copilot-alerts-dead-letters" },
      { QueueName: "oncall-copilot-wake-dead-letters" },
    ]);
  });

  it("keeps logs for as long as it was told", () => {
    expect(made("aws_cloudwatch_log_group").map(({ values }) => values["retention_in_days"])).toEqual([30, 30, 30]);
  });

  it("holds no secret, only where each lies, and gives each function its own", () => {
    const variables = Object.fromEntries(
      made("aws_lambda_function").map(({ values }) => [
        String(values["function_name"]).split("-").at(-1),
        Object.keys((values["environment"] as { variables: object }[])[0]?.variables ?? {}),
      ]),
    );
    expect(variables["slack"]).toContain("ONCALL_SLACK_SIGNING_SECRET_ARN");
    expect(variables["triage"]).not.toContain("ONCALL_SLACK_SIGNING_SECRET_ARN");
    for (const name of ["alert", "slack"])
      expect(variables[name]?.join()).not.toMatch(/GIT|ANTHROPIC|EVIDENCE|SIGNING_K/);
    const secrets = made("aws_iam_role_policy").flatMap(({ address, values }) => {
      const { Statement } = json(values["policy"]) as { Statement: { Sid: string; Resource: string[] }[] };
      return Statement.filter(({ Sid }) => Sid === "Secrets").map(({ Resource }) => [address, Resource]);
    });
    expect(secrets).toEqual([
      [
        'module.oncall.aws_iam_role_policy.this["slack"]',
        ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:oncall/slack-AbCdEf"],
      ],
      [
        'module.oncall.aws_iam_role_policy.this["triage"]',
        [
          "arn:aws:secretsmanager:eu-west-1:123456789012:secret:oncall/triage-AbCdEf",
          "arn:aws:secretsmanager:eu-west-1:123456789012:secret:oncall/slack-AbCdEf",
        ],
      ],
    ]);
  });

  const SECRET = /"\$\{local\.triage_secret\}:evidence_key::"/;
  const FIRST = /^ {2}name = .*$/m;
  it.each([
    [FIRST, "  triage_maximum_concurrency = 1", "takes 2 to 100"],
    [FIRST, '  runtime = "nodejs20.x"', "nodejs22.x or nodejs24.x"],
    [SECRET, '"0123456789abcdef"', "no secrets"],
    [FIRST, "  visibility = 1", "unsupported argument"],
  ])("refuses, for %s, %s", async (place, argument, why) => {
    const file = join(opened.example, "main.tf");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace(place, argument));
    try {
      const refused = await opened.apply().then(
        () => "applied",
        (error: { stderr?: string }) => String(error.stderr).replace(/[\s│]+/g, " "),
      );
      expect(refused.toLowerCase()).toContain(why);
    } finally {
      await writeFile(file, text);
    }
  });
});
