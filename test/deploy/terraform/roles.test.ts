import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { actionsCalledIn } from "./actions.ts";
import { bundleFiles } from "./bundle-files.ts";
import { type Hcl, MODULE, readHcl } from "./hcl.ts";

interface Statement {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: unknown;
}

/** What Lambda itself does in a function's name, to read the queue that feeds it. */
const OF_A_SOURCE = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"];
/** What triage asks over HTTP that is signed by ourselves, and what a vendor's package asks. */
const NOT_BY_COMMAND = [
  "aps:QueryMetrics",
  "bedrock:InvokeModel",
  "bedrock:InvokeModelWithResponseStream",
  "es:ESHttpGet",
  "es:ESHttpPost",
];

let module: Hcl;
let allowed: Readonly<Record<string, readonly Statement[]>>;
beforeAll(async () => {
  module = await readHcl(MODULE);
  const locals = Object.assign({}, ...module.locals) as { readonly allowed: typeof allowed };
  allowed = locals.allowed;
});

const actionsOf = (name: string) => (allowed[name] ?? []).flatMap(({ actions }) => actions).sort();

describe("the functions' roles", () => {
  it.each([
    ["alert", OF_A_SOURCE],
    ["triage", [...OF_A_SOURCE, ...NOT_BY_COMMAND]],
    ["slack", []],
  ])("of %s: the actions that its code calls, and no others", async (name, besides) => {
    const called = actionsCalledIn(await bundleFiles(name));
    expect(called.length).toBeGreaterThan(4);
    expect(actionsOf(name)).toEqual([...new Set([...called, ...besides])].sort());
  });

  it("name each action, and no resource by a star but metrics, which have none", () => {
    const statements = Object.values(allowed).flat();
    expect(statements.flatMap(({ actions }) => actions.filter((action) => action.includes("*")))).toEqual([]);
    const everywhere = statements.filter(({ resources }) => JSON.stringify(resources).includes('\\"*\\"'));
    expect(everywhere.map(({ sid }) => sid)).toEqual(["Metrics"]);
  });

  it("let nobody but triage read what signs or writes", async () => {
    expect(actionsOf("slack").filter((action) => action.startsWith("kms:"))).toEqual([]);
    expect(actionsOf("alert").filter((action) => /^(?:kms|secretsmanager):/.test(action))).toEqual([]);
    const variables = await readFile(join(MODULE, "variables.tf"), "utf8");
    expect(variables).toContain('!contains(keys(var.triage_secrets), "ONCALL_SLACK_SIGNING_SECRET")');
  });
});
