import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Catalog, createLogger, type Report, Secret } from "@oncall-copilot/core";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CaseStore } from "../../../agent-host/src/cases/case-store.ts";
import { openCaseStore } from "../../../agent-host/src/cases/open-case-store.ts";
import { openSqliteTable } from "../../../agent-host/src/cases/tables/sqlite-table.ts";
import { pagerDuty } from "../../../agent-host/src/decide/pagerduty.ts";
import type { Approvers } from "../../../agent-host/src/decide/who-may.ts";
import { slackClient } from "../../../agent-host/src/deliver/slack/client.ts";
import { handleInteraction, type InteractionPorts } from "../../../agent-host/src/deliver/slack/interactions.ts";
import { slackPeople } from "../../../agent-host/src/deliver/slack/people.ts";
import { closeServers, sendJson, startServer } from "../../support/http/server.ts";
import { type SlackDouble, startSlack } from "../../support/slack/double.ts";
import { DRAFT, reportOf } from "./views.ts";

let slack: SlackDouble;
let cases: CaseStore;
let folder: string;
let caseId: string;
let bound: { case: string; report: string; head: string };
const woken: string[] = [];
let approvers: Approvers;

const nobody: Approvers = { list: [], group: null, schedule: null, people: null };

// Slack's client takes its time to load, and a click is answered within three seconds.
beforeAll(() => slackClient({ token: new Secret("none"), apiUrl: "http://127.0.0.1:9/api/", for: "door" }));
beforeEach(async () => {
  slack = await startSlack();
  slack.world.channel("C0DEFAULT");
  folder = await mkdtemp(join(tmpdir(), "oncall-clicks-"));
  const identity = { id: "component:default/checkout", metadataName: "checkout" };
  const entry = {
    ...identity,
    name: "checkout",
    kind: "service" as const,
    type: "service",
    dependsOn: [],
    annotations: {},
  };
  const catalog = new Catalog(() => ({ entries: [entry], dangling: [], problems: [] }));
  cases = openCaseStore(await openSqliteTable(join(folder, "cases.db")), { catalog });
  woken.length = 0;
  approvers = { ...nobody, list: ["U0ADA"] };
  await settle(reportOf());
});
afterEach(async () => {
  await cases.close();
  await rm(folder, { recursive: true, force: true });
  expect(slack.problems).toEqual([]);
  await closeServers();
});

/** A case whose final report and draft are there. */
async function settle(report: Report): Promise<void> {
  const claimed = await cases.claim(report.incident);
  caseId = claimed.caseId ?? "";
  const ref = await cases.keepDocument(caseId, JSON.stringify({ ...report, seal: "s" }));
  await cases.change(caseId, (one) => ({
    ...one,
    state: "settled",
    proposed: true,
    pull_request: DRAFT,
    final_report: ref,
  }));
  bound = { case: caseId, report: ref.sha256, head: DRAFT.commit };
}

const ports = (): InteractionPorts => ({
  ...{ cases, approvers, signingSecret: new Secret(slack.world.signingSecret), now: Date.now },
  slack: () => slackClient({ token: new Secret(slack.world.token), apiUrl: slack.url, for: "door" }),
  wake: async (id) => void woken.push(id),
  log: createLogger("test", "silent"),
});

let clicks = 0;
const clickOf = (action: string, user = "U0ADA", value: object = bound, at = `${++clicks}.1`) => {
  const trigger = `t${clicks}`;
  slack.world.triggers.add(trigger);
  return {
    ...{ type: "block_actions", user: { id: user, name: "ada" }, trigger_id: trigger, channel: { id: "C0DEFAULT" } },
    actions: [{ action_id: `oncall_${action}`, value: JSON.stringify(value), action_ts: at }],
  };
};
const send = (payload: object, options: Parameters<SlackDouble["interaction"]>[1] = {}) => {
  const { body, headers } = slack.interaction(payload, options);
  return handleInteraction(body, headers, ports());
};
const decisions = async () => (await cases.find(caseId))?.decisions ?? [];
const said = () => slack.world.ephemerals.map(({ text }) => text);

const submitted = (callback: string, values: object, user = "U0ADA", id = `V${++clicks}`) => ({
  ...{ type: "view_submission", user: { id: user, name: "ada" } },
  view: {
    id,
    callback_id: callback,
    private_metadata: JSON.stringify({ bound, channel: "C0DEFAULT" }),
    state: { values },
  },
});

describe("a request to the handler of clicks", () => {
  it("is let in only with Slack's signature over these very bytes, within five minutes", async () => {
    const { body, headers } = slack.interaction(clickOf("approve"));
    const wrong = [
      handleInteraction(body, {}, ports()),
      handleInteraction(`${body}&x=1`, headers, ports()),
      send(clickOf("approve"), { secret: "other" }),
      send(clickOf("approve"), { at: Date.now() - 5 * 60_000 - 2_000 }),
      send(clickOf("approve"), { at: Date.now() + 5 * 60_000 + 2_000 }),
    ];
    for (const response of await Promise.all(wrong)) expect(response.status).toBe(401);
    expect(await decisions()).toEqual([]);
    const upper = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
    expect((await handleInteraction(body, upper, ports())).status).toBe(200);
  });

  it("is no error when it is of a kind that nothing here asks for", async () => {
    for (const payload of [{ type: "view_closed" }, { type: "block_actions" }, clickOf("nothing"), null]) {
      expect((await send(payload as object)).status).toBe(200);
    }
  });
});

describe("Approve", () => {
  it("is recorded with who, on which report and which commit, and somebody is woken to carry it out", async () => {
    expect(await send(clickOf("approve"))).toMatchObject({ status: 200, body: "" });
    const [one, ...others] = await decisions();
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      decision: { verb: "approve", by: "ada (Slack U0ADA)", report_sha256: bound.report, head: bound.head },
      ...{ carried_out_at: null, result: null },
    });
    expect(woken).toEqual([caseId]);
    expect((await cases.due()).map(({ id }) => id)).toContain(caseId);
  });

  it("is one decision when Slack sends it again, and when two people click at once", async () => {
    approvers = { ...nobody, list: ["U0ADA", "U0BEN"] };
    const same = clickOf("approve");
    await Promise.all([send(same), send(same, { retry: 1 }), send(same, { retry: 2 })]);
    expect(await decisions()).toHaveLength(1);
    await send(clickOf("approve", "U0BEN"));
    expect(await decisions()).toHaveLength(1);
    expect(said()).toHaveLength(1);
  });

  it("of two at once keeps one, and tells the other", async () => {
    approvers = { ...nobody, list: ["U0ADA", "U0BEN"] };
    await Promise.all([send(clickOf("approve", "U0ADA")), send(clickOf("approve", "U0BEN"))]);
    expect(await decisions()).toHaveLength(1);
    expect(said()).toHaveLength(1);
    expect(said()[0]).toMatch(/^Not done: /);
  });

  it("is refused when the report or the branch has moved since, and says what moved", async () => {
    await send(clickOf("approve", "U0ADA", { ...bound, report: "e".repeat(64) }));
    await send(clickOf("approve", "U0ADA", { ...bound, head: "d".repeat(40) }));
    expect(await decisions()).toEqual([]);
    expect(said()).toEqual([
      `Not done: the report has moved since you looked: it was eeeeeeeeeeee, and is ${bound.report.slice(0, 12)}; read the message again.`,
      "Not done: the draft's branch has moved since you looked: it was at dddddddddddd, and is at cccccccccccc; read it again.",
    ]);
  });

  it("may be made after one that could not be carried out", async () => {
    await send(clickOf("approve"));
    await cases.change(caseId, (one) => ({ ...one, decisions: one.decisions.map((d) => ({ ...d, result: "moved" })) }));
    await send(clickOf("approve"));
    expect(await decisions()).toHaveLength(2);
  });
});

describe("who may decide", () => {
  it("is nobody where nobody is named", async () => {
    approvers = nobody;
    await send(clickOf("approve"));
    expect(await decisions()).toEqual([]);
    expect(said()[0]).toContain("nobody may decide yet: name who may in ONCALL_APPROVERS");
  });

  it("is asked of the user group at the click, as it is then", async () => {
    approvers = { ...nobody, group: "S0ONCALL", people: slackPeople(ports().slack) };
    slack.world.groups.set("S0ONCALL", ["U0BEN"]);
    await send(clickOf("approve"));
    expect(said()).toEqual(["Not done: only the user group S0ONCALL may decide."]);
    slack.world.groups.set("S0ONCALL", ["U0BEN", "U0ADA"]);
    await send(clickOf("approve"));
    expect(await decisions()).toHaveLength(1);
  });

  it("is whoever is on call by the PagerDuty schedule, by their address", async () => {
    let onCall = "ben@example.test";
    const asked: string[] = [];
    const server = await startServer(({ url, headers }, response) => {
      asked.push(`${url.pathname}?${url.searchParams} ${headers.authorization}`);
      sendJson(response, 200, { oncalls: [{ user: { email: onCall } }], limit: 100, offset: 0, more: false });
    });
    const schedule = { id: "PI7DH85", pagerDuty: pagerDuty({ url: server.url, token: new Secret("key") }) };
    approvers = { ...nobody, schedule, people: slackPeople(ports().slack) };
    slack.world.emails.set("U0ADA", "Ada@example.test");
    await send(clickOf("approve"));
    expect(await decisions()).toEqual([]);
    onCall = "ada@example.test";
    await send(clickOf("approve"));
    expect(await decisions()).toHaveLength(1);
    expect(asked[0]).toBe("/oncalls?schedule_ids%5B%5D=PI7DH85&include%5B%5D=users&limit=100 Token token=key");
  });

  it("is not assumed when it cannot be asked", async () => {
    approvers = { ...nobody, group: "S0GONE", people: slackPeople(ports().slack) };
    await send(clickOf("approve"));
    expect(await decisions()).toEqual([]);
    expect(said()[0]).toMatch(/it is not known whether you may decide: the user group S0GONE could not be asked/);
  });

  it("is asked again when a modal comes back", async () => {
    await send(clickOf("reject"));
    approvers = nobody;
    const response = await send(
      submitted("oncall_reject_modal", { reason: { reason: { selected_option: { value: "known" } } } }),
    );
    expect(JSON.parse(response.body)).toMatchObject({ response_action: "errors" });
    expect(await decisions()).toEqual([]);
  });
});

describe("Reject", () => {
  it("asks for a reason in a modal, and is recorded with it and the words", async () => {
    await send(clickOf("reject"));
    const [opened] = slack.world.views;
    expect(JSON.stringify(opened?.view)).toContain("right cause, wrong fix");
    const values = {
      reason: { reason: { selected_option: { value: "right_cause_wrong_fix" } } },
      words: { words: { value: "scale it" } },
    };
    expect(await send(submitted("oncall_reject_modal", values))).toMatchObject({ status: 200, body: "" });
    expect((await decisions())[0]?.decision).toMatchObject({
      verb: "reject",
      reason: "right_cause_wrong_fix",
      words: "scale it",
    });
  });

  it("is not taken without a reason", async () => {
    const response = await send(submitted("oncall_reject_modal", {}));
    expect(JSON.parse(response.body)).toEqual({ response_action: "errors", errors: { reason: "Choose a reason." } });
  });
});

describe("Edit", () => {
  const first = { path: "deploy/pricing.yaml", old_text: "replicas: 2\n", new_text: "replicas: 4\n" };
  const withEdits = reportOf({
    fix: {
      kind: "edits",
      service: "pricing",
      commit: null,
      edits: [first],
      title: "More replicas",
      why: "",
      verify: "",
    },
  });

  it("opens with the new text of each edit, and is recorded with what came back", async () => {
    await settle({ ...withEdits, incident: { ...withEdits.incident, id: "eeee-1", fingerprint: "e".repeat(16) } });
    await send(clickOf("edit"));
    expect(JSON.stringify(slack.world.views[0]?.view)).toContain('"initial_value":"replicas: 4\\n"');
    const back = (value: string) => submitted("oncall_edit_modal", { edit_0: { new_text: { value } } });
    expect(JSON.parse((await send(back("replicas: 4"))).body).errors.words).toContain("Nothing was changed");
    await send(back("replicas: 6"));
    expect((await decisions())[0]).toMatchObject({
      decision: { verb: "edit" },
      edits: [{ ...first, new_text: "replicas: 6\n" }],
    });
  });

  it("of a revert is the choice of the commit", async () => {
    await send(clickOf("edit"));
    expect(JSON.stringify(slack.world.views[0]?.view)).toContain("as drafted");
    const values = { revert: { revert: { selected_option: { value: "2".repeat(40) } } } };
    await send(submitted("oncall_edit_modal", values));
    expect((await decisions())[0]).toMatchObject({ decision: { verb: "edit" }, edits: null, revert: "2".repeat(40) });
  });
});

it("Look now has the case looked at, by whoever may decide", async () => {
  await send(clickOf("look", "U0EVE"));
  expect(woken).toEqual([]);
  await send(clickOf("look"));
  expect(woken).toEqual([caseId]);
  expect(said().at(-1)).toMatch(/^Looking again now/);
});
