import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createLogger, EvidenceKey } from "@oncall-copilot/core";
import { runCall } from "@oncall-copilot/core/server";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Case } from "../../agent-host/src/cases/case.ts";
import { buildServer, configSchema } from "../../servers/history/src/server.ts";
import { RUNBOOKS } from "../lab/paths.ts";
import { pretendOpenSearch } from "../logs/opensearch/pretend.ts";
import { type GitHubDouble, startGitHub } from "../support/github/double.ts";
import type { DoubleRepo } from "../support/github/world.ts";
import { closeServers, startServer } from "../support/http/server.ts";
import { type SlackDouble, startSlack } from "../support/slack/double.ts";
import { BAD_CHANGE, type LiveShop, removeFolder, startLiveShop } from "./headless/live-shop.ts";
import { buildAll, oncallCommand, startServing } from "./headless/serving.ts";
import { installPrometheus } from "./prometheus/install.ts";
import { installDebian } from "./support/debian.ts";
import { freePort } from "./support/process.ts";

const TOKEN = randomBytes(24).toString("base64url");
const CHANNEL = "C0SHOPOPS";
const ADA = "U0ADA00";
const PAST = {
  ...{
    id: "INC-1",
    fingerprint: "0".repeat(16),
    alert: "StorefrontErrorsHigh",
    service: "storefront",
    severity: "page",
  },
  ...{ summary: "storefront: 4 % of customers' requests fail", root_cause: "a commit to storefront", fix_worked: true },
  ...{ started_at: "2026-01-10T10:00:00Z", resolved_at: "2026-01-10T10:20:00Z", fix: "reverted it", pr_url: null },
};
/** Baseline before the commit, beside the seconds that pods take to start. */
const BASELINE_MS = 6 * 60_000;
const MINUTE = 60_000;

let folder: string;
let shop: LiveShop;
let github: GitHubDouble;
let upstream: DoubleRepo;
let fork: DoubleRepo;
let slack: SlackDouble;
let serving: { readonly stop: () => Promise<void> };
let env: NodeJS.ProcessEnv;
let serveUrl: string;
let bad: string;

beforeAll(async () => {
  await installPrometheus();
  await installDebian({ name: "prometheus-alertmanager", programs: ["prometheus-alertmanager"] });
  await buildAll();
  folder = await mkdtemp(join(tmpdir(), "oncall-headless-"));
  const tokenFile = join(folder, "token");
  await writeFile(tokenFile, TOKEN);
  const port = await freePort();
  serveUrl = `http://127.0.0.1:${port}`;
  shop = await startLiveShop(join(folder, "shop"), [
    { url: `${serveUrl}/alerts/alertmanager`, tokenFile, alert: "StorefrontErrorsHigh" },
  ]);
  const startedAt = Date.now();
  const log = { documents: await shop.logLines() };
  const opensearch = await startServer((request, response) => {
    void shop.logLines().then((documents) => {
      log.documents = documents;
      pretendOpenSearch(log)(request, response);
    });
  });
  slack = await startSlack();
  slack.world.channel(CHANNEL);
  github = await startGitHub();
  upstream = github.add("northwind", "shop", shop.repository.upstream);
  fork = github.add("copilot", "shop", await forkOf(shop.repository.upstream), { parent: upstream });
  const roles = { "northwind/shop": "triage", "copilot/shop": "read" } as const;
  github.token("github_pat_UPSTREAM", {
    ...{ kind: "fine-grained", login: "shop-copilot", roles },
    grants: {
      "northwind/shop": { contents: "read", pull_requests: "write", metadata: "read" },
      "copilot/shop": { contents: "read", metadata: "read" },
    },
  });
  github.token("github_pat_FORK", {
    ...{ kind: "fine-grained", login: "shop-copilot", roles: { "copilot/shop": "write" } },
    grants: { "copilot/shop": { contents: "write", metadata: "read" } },
  });
  const history = join(folder, "history.ndjson");
  await writeFile(history, `${JSON.stringify(PAST)}\n`);
  env = {
    ...{ PATH: process.env["PATH"], HOME: folder, ONCALL_EVIDENCE_KEY: randomBytes(32).toString("hex") },
    ...{ ONCALL_LISTEN: String(port), ONCALL_ALERT_TOKENS: TOKEN, ONCALL_MODE: "live", ONCALL_ENGINE: "rules" },
    ...{ ONCALL_CASES: join(folder, "cases.db"), ONCALL_WORK_DIR: join(folder, "work") },
    ...{ ONCALL_CATALOG: shop.catalogFile, ONCALL_LOG_LEVEL: "info" },
    ...{ ONCALL_METRICS_PROMETHEUS_URL: shop.prometheusUrl, ONCALL_METRICS_PROMETHEUS_SCRAPE_SECONDS: "5" },
    ...{ ONCALL_LOGS_OPENSEARCH_URL: opensearch.url, ONCALL_LOGS_OPENSEARCH_INDEX: "logs-*" },
    // Doubles, estate and customers share this process, and the machine may have other things to do.
    ...{ ONCALL_TIMEOUT_SECONDS: "120", ONCALL_LOGS_OPENSEARCH_TIMEOUT_SECONDS: "60" },
    ...{ ONCALL_GIT_GITHUB_TIMEOUT_SECONDS: "60", ONCALL_METRICS_PROMETHEUS_TIMEOUT_SECONDS: "60" },
    ...{ ONCALL_RUNBOOKS_FOLDER: RUNBOOKS, ONCALL_HISTORY_FILE: history },
    ...{ ONCALL_GIT_GITHUB_URL: github.url, ONCALL_GIT_GITHUB_WRITE_PAUSE_SECONDS: "0" },
    ...{ ONCALL_GIT_GITHUB_UPSTREAM_TOKEN: "github_pat_UPSTREAM", ONCALL_GIT_GITHUB_FORK_TOKEN: "github_pat_FORK" },
    ...{ ONCALL_GIT_GITHUB_FORKS: "copilot/shop", ONCALL_GIT_DEPLOYMENTS: shop.deploymentsFile },
    ...{ ONCALL_SLACK_BOT_TOKEN: slack.world.token, ONCALL_SLACK_API_URL: slack.url, ONCALL_SLACK_CHANNEL: CHANNEL },
    ...{ ONCALL_SLACK_SIGNING_SECRET: slack.world.signingSecret, ONCALL_APPROVERS: ADA },
  };
  serving = startServing(env, join(folder, "serve.log"));
  await untilReady(`${serveUrl}/readyz`);
  await sleep(Math.max(BASELINE_MS - (Date.now() - startedAt), 0));
}, 20 * MINUTE);

afterAll(async () => {
  await serving?.stop();
  await shop?.stop();
  await closeServers();
  if (process.env["ONCALL_KEEP"]) process.stderr.write(`kept: ${folder}\n`);
  else await removeFolder(folder);
}, MINUTE);

async function untilReady(url: string): Promise<void> {
  for (let tries = 0; tries < 240; tries++) {
    const answered = await fetch(url).catch(() => undefined);
    if (answered?.ok) return;
    await sleep(500);
  }
  throw new Error(`oncall serve did not come up at ${url}`);
}

/** What GitHub's forks are: their upstream's objects are theirs. */
async function forkOf(dir: string): Promise<string> {
  const made = join(folder, "fork.git");
  execFileSync("git", ["clone", "--quiet", "--bare", "--shared", dir, made], { stdio: "pipe" });
  execFileSync("git", ["-C", made, "config", "--remove-section", "remote.origin"], { stdio: "pipe" });
  return made;
}

const theCase = async (): Promise<Case | undefined> =>
  (JSON.parse(await oncallCommand(["cases", "--json"], env)) as Case[]).at(0);
const card = () => slack.world.posted(CHANNEL).find(({ thread }) => thread === undefined);
const cardText = () => JSON.stringify(card()?.blocks ?? []);

it(
  "an alert becomes one message with the commit to blame and a draft that takes it back",
  async () => {
    bad = await shop.deploy(BAD_CHANGE);
    await expect.poll(() => card() !== undefined, { timeout: 4 * MINUTE, interval: 1_000 }).toBe(true);
    await expect.poll(() => github.world.pulls.length, { timeout: 6 * MINUTE, interval: 1_000 }).toBe(1);
    await expect.poll(cardText, { timeout: MINUTE, interval: 500 }).toContain("Approve");
    const [pull] = github.world.pulls;
    expect(pull).toMatchObject({ draft: true, state: "open" });
    expect(cardText()).toContain(`/pull/${pull?.number}`);
    expect(pull?.body).toContain(bad.slice(0, 7));
    expect(slack.world.posted(CHANNEL).filter(({ thread }) => thread === undefined)).toHaveLength(1);
  },
  12 * MINUTE,
);

it(
  "Approve makes the draft ready and is written on the message",
  async () => {
    const approve = card()
      ?.blocks.flatMap((block) => (block["elements"] as Record<string, string>[] | undefined) ?? [])
      .find(({ action_id }) => action_id === "oncall_approve");
    slack.world.triggers.add("t1");
    const click = {
      ...{ type: "block_actions", user: { id: ADA, name: "ada" }, trigger_id: "t1", channel: { id: CHANNEL } },
      actions: [{ action_id: "oncall_approve", value: approve?.["value"], action_ts: "1.1" }],
    };
    const { body, headers } = slack.interaction(click);
    const answered = await fetch(`${serveUrl}/slack/interactions`, { method: "POST", body, headers });
    expect(answered.status).toBe(200);
    await expect.poll(() => github.world.pulls[0]?.draft, { timeout: MINUTE }).toBe(false);
    await expect.poll(cardText, { timeout: MINUTE }).toContain("Approved by");
  },
  3 * MINUTE,
);

it(
  "the merge ends the incident, and the message says both",
  async () => {
    const [pull] = github.world.pulls;
    if (!pull) throw new Error("a draft was opened");
    const { clone } = shop.repository;
    const git = (...args: string[]) => execFileSync("git", args, { cwd: clone, stdio: "pipe" });
    git("fetch", "--quiet", fork.dir, pull.headRef);
    const person = ["-c", "user.name=Ada Lovelace", "-c", "user.email=ada@northwind.example"];
    git(...person, "merge", "--quiet", "--no-ff", "-m", `Merge pull request #${pull.number}`, "FETCH_HEAD");
    git("push", "--quiet", "origin", "main");
    Object.assign(pull, { state: "closed", mergedAt: new Date().toISOString() });
    await expect.poll(cardText, { timeout: 8 * MINUTE, interval: 1_000 }).toContain("Resolved after");
    await expect.poll(cardText, { timeout: MINUTE, interval: 1_000 }).toContain("Draft merged");
    expect((await theCase())?.events.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["decided", "pull_request_merged", "resolved"]),
    );
    expect(github.problems).toEqual([]);
    expect(slack.problems).toEqual([]);
  },
  10 * MINUTE,
);

it(
  "query_history knows it the next time: what was blamed, what was merged, and that it worked",
  async () => {
    const one = await theCase();
    const file = join(folder, "work/history/cases.ndjson");
    await expect
      .poll(async () => (await rowsOf(file)).at(0), { timeout: MINUTE })
      .toMatchObject({ id: one?.id, fix_worked: true, proposal: expect.stringContaining("merged") });
    const config = configSchema.parse({ ...historyEnv(), ONCALL_HISTORY_CASES: file });
    const server = await buildServer(config);
    const [tool] = server.tools;
    if (!tool) throw new Error("the server has a tool");
    const asked = { service: "storefront", alert: "StorefrontErrorsHigh" };
    const context = { key: new EvidenceKey(Buffer.alloc(32)), log: createLogger("test", "silent") };
    const { text } = await runCall(server, tool, asked, context);
    expect(text).toContain(one?.id);
    expect(text).toContain("INC-1");
    expect(text).toMatch(/Fix \(worked\): Revert/);
    await server.close?.();
  },
  2 * MINUTE,
);

const historyEnv = () => ({ ONCALL_HISTORY_FILE: env["ONCALL_HISTORY_FILE"], ONCALL_CATALOG: env["ONCALL_CATALOG"] });
const rowsOf = async (file: string): Promise<Record<string, unknown>[]> =>
  (await readFile(file, "utf8").catch(() => ""))
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
