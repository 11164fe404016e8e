import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCatalog } from "@oncall-copilot/core";
import type { CaseStore } from "../../../agent-host/src/cases/case-store.ts";
import { openCaseStore } from "../../../agent-host/src/cases/open-case-store.ts";
import { openDynamoTable } from "../../../agent-host/src/cases/tables/dynamodb-table.ts";
import { WakeUpMessage } from "../../../agent-host/src/cases/wake-ups/wake-ups.ts";
import { createTable, NOBODY, startDynalite } from "../dynamodb/dynalite.ts";
import { closeServers, sendJson, startServer } from "../http/server.ts";
import { type SlackDouble, startSlack } from "../slack/double.ts";
import { bundleOf, type FunctionName } from "./bundles.ts";
import { type FunctionStart, type RunningFunction, startFunction } from "./runtime-api.ts";

const RECORDING = join(import.meta.dirname, "../../recordings/bad-deployment-own-conflict");
const TABLE = "cases";

export interface FunctionsWorld {
  readonly recording: string;
  readonly slack: SlackDouble;
  readonly cases: CaseStore;
  /** Wake-ups that were sent to the queue so far. */
  woken(): readonly WakeUpMessage[];
  /** The variables of a function as its deployment sets them. */
  envOf(name: FunctionName): NodeJS.ProcessEnv;
  start(name: FunctionName, more?: NodeJS.ProcessEnv): Promise<RunningFunction>;
  close(): Promise<void>;
}

/** What the three functions share: a DynamoDB (dynalite), a queue that takes wake-ups, a Slack, and a recording to look at. */
export async function openFunctionsWorld(client: Pick<FunctionStart, "node" | "client">): Promise<FunctionsWorld> {
  const folder = await mkdtemp(join(tmpdir(), "oncall-functions-"));
  const dynamo = await startDynalite();
  await createTable(dynamo.endpoint, TABLE);
  const slack = await startSlack();
  slack.world.channels.set("C0DEFAULT", { member: true, archived: false });
  const sqs = await startServer((request, response) => {
    const { MessageBody } = JSON.parse(request.body) as { MessageBody: string };
    // AWS' client checks it.
    sendJson(response, 200, { MessageId: "m", MD5OfMessageBody: createHash("md5").update(MessageBody).digest("hex") });
  });
  const catalog = join(RECORDING, "catalog.yaml");
  const table = await openDynamoTable({ table: TABLE, region: undefined, endpoint: dynamo.endpoint });
  const cases = openCaseStore(table, { catalog: await loadCatalog(catalog) });
  const common = {
    ...NOBODY,
    ONCALL_CASES_TABLE: TABLE,
    ONCALL_CASES_ENDPOINT: dynamo.endpoint,
    ONCALL_WAKE_QUEUE_URL: `${sqs.url}/123456789012/wake`,
    ONCALL_SQS_ENDPOINT: sqs.url,
  };
  const environments: Readonly<Record<FunctionName, NodeJS.ProcessEnv>> = {
    alert: { ...common, ONCALL_CATALOG: catalog },
    triage: {
      ...common,
      ONCALL_RECORDING: RECORDING,
      ONCALL_EVIDENCE_KEY: "0".repeat(64),
      ONCALL_ENGINE: "rules",
      ONCALL_WORK_DIR: join(folder, "work"),
      HOME: folder,
    },
    slack: {
      ...common,
      ONCALL_SLACK_BOT_TOKEN: slack.world.token,
      ONCALL_SLACK_API_URL: slack.url,
      ONCALL_SLACK_SIGNING_SECRET: slack.world.signingSecret,
      ONCALL_APPROVERS: "U0ADA",
    },
  };
  return {
    ...{ recording: RECORDING, slack, cases },
    woken: () =>
      sqs.received.map(({ body }) =>
        WakeUpMessage.parse(JSON.parse((JSON.parse(body) as { MessageBody: string }).MessageBody)),
      ),
    envOf: (name) => environments[name],
    start: (name, more = {}) =>
      startFunction({ ...client, taskRoot: bundleOf(name), env: { ...environments[name], ...more } }),
    close: async () => {
      await Promise.all([cases.close(), closeServers()]);
      await dynamo.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
