import { execFile } from "node:child_process";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { dollarsOf } from "../../../agent-host/src/app/model-price.ts";
import { serverEnvironment } from "../../support/mcp/process.ts";
import { ROOT } from "../../support/mcp/servers.ts";
import { scriptedTriage } from "../../support/messages-api/scripted-triage.ts";
import { startMessagesApi } from "../../support/messages-api/server.ts";
import { rounded } from "../measure.ts";
import type { BenchOptions, Section } from "../section.ts";
import { DEMO } from "../start.ts";

const run = promisify(execFile);

/** Dollars for a million tokens of input, output and cached input: a frontier model's list price, and a small one's. */
const PRICES = {
  "5/25/0.5": { input: 5, output: 25, cachedInput: 0.5 },
  "1/5/0.1": { input: 1, output: 5, cachedInput: 0.1 },
} as const;

/** What lies there while nothing happens. Prices of eu-west-1 and us-east-1 as remembered, and to be looked up before they are quoted; what has a free tier is counted without it. */
const AT_REST: readonly (readonly [what: string, units: number, dollarsEach: number, why: string])[] = [
  ["secrets (Slack, GitHub, evidence key)", 4, 0.4, "Secrets Manager, a month each; none with SSM parameters"],
  ["signing key in KMS", 1, 1, "a month; none with a key in a secret"],
  ["alarms on dead letters", 3, 0.1, "CloudWatch, a month each"],
  ["table, on demand, 1 GB", 1, 0.25, "nothing for capacity; about 2,000 cases of 400 days"],
  [
    "queue polls of the triage function",
    0.65,
    0.4,
    "million receives a month: 5 pollers, 20 s each; none where it is invoked asynchronously",
  ],
  ["log groups with retention, 0.1 GB", 0.1, 0.03, "a GB and month"],
  ["functions, doors, event rule", 0, 0, "nothing while nothing comes"],
];

/** Dollars at rest, item by item, and for one triage, from the tokens that it used. */
export async function benchCost({ progress }: BenchOptions): Promise<Section> {
  progress("one triage with a scripted model, for its tokens");
  const key = ["sk", "ant", "bench", "0123456789abcdef"].join("-");
  const api = await startMessagesApi({ script: scriptedTriage({ culprit: "promotions" }), key });
  const home = await mkdtemp(join(tmpdir(), "oncall-cost-"));
  const out = join(home, "out");
  const env = { ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: api.url, HOME: home };
  const args = ["triage", join(DEMO, "alert.json"), "--recording", DEMO, "--engine", "claude", "--out", out, "--quiet"];
  await run(process.execPath, [join(ROOT, "agent-host/bin/oncall.cjs"), ...args], {
    env: serverEnvironment(env),
    cwd: home,
  });
  await api.close();
  const { cost } = JSON.parse(await readFile(join(out, "report.json"), "utf8")) as {
    cost: Parameters<typeof dollarsOf>[0];
  };
  const rest = AT_REST.map(([what, units, each, why]) => [what, rounded(units * each), why]);
  const sum = AT_REST.reduce((total, [, units, each]) => total + units * each, 0);
  const tokens = `${cost.input_tokens} in, ${cost.cached_input_tokens} of them from the cache besides, ${cost.output_tokens} out`;
  return {
    title: "headless: dollars",
    about: `At rest, a month, on AWS alone; on a cluster it is one small pod and its disk. A triage: the tokens of one look at the demo's alert by a model that is scripted (${tokens}; the double estimates four characters a token), at two list prices.`,
    head: ["item", "dollars", "how it is counted"],
    rows: [
      ...rest,
      ["at rest, together", rounded(sum), "a month"],
      ...Object.entries(PRICES).map(([name, price]) => [
        `one look by a model at ${name}`,
        rounded(dollarsOf(cost, price) ?? Number.NaN),
        "dollars for a million tokens of input/output/cached input",
      ]),
      ["one look by the rules", 0, "no model"],
    ],
    goals: [{ what: "dollars a month at rest", measured: rounded(sum), most: 5 }],
  };
}
